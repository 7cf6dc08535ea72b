/** Revocations that were read at a briefing, as codes or a file, newer than those of the bundle (`spec/revocation-codes.md`). */

import { decode as fromBase45 } from "./base45.js";
import { openCertificate } from "./batch.js";
import { concat, equal, fromHex, sha256, toHex } from "./bytes.js";
import { decode as decodeCbor } from "./cbor.js";
import { VerifyKey } from "./ed25519.js";
import { BadInput, Refused } from "./errors.js";
import { applyDelta, decodeList, openDelta, openList } from "./revocation.js";
import * as shape from "./shape.js";

export const PREFIX = "SCR1:";
export const MAGIC = "safeconduct-revocations-1\n";
const MOST_PARTS = 250;
const MOST_BYTES = 900 * MOST_PARTS;
const HEAD = 6;
const MOST_KEPT = 20; // messages on one phone
const SIGNED = shape.row(shape.blob(MOST_BYTES), shape.SIGNATURE);
const MESSAGE = shape.row(shape.integer(1, 1), shape.blob(1 << 14), shape.SIGNATURE, shape.many(SIGNED, 1_000), shape.many(SIGNED, 1_000));
const LISTS = shape.row(shape.integer(1, 1), shape.blob(1 << 14), shape.SIGNATURE, shape.blob(16 << 20), shape.SIGNATURE);

/** @param {string} text of one code @returns {{of: string, place: number, total: number, piece: Uint8Array}} @throws {BadInput} `bad-text` */
function readPart(text) {
  const data = text.startsWith(PREFIX) ? fromBase45(text, PREFIX.length) : new Uint8Array(0);
  if (data.length <= HEAD || data[4] >= data[5] || data[5] > MOST_PARTS) throw new BadInput("bad-text", "revocations", "a part and its place");
  return { of: toHex(data.subarray(0, 4)) + data[5], place: data[4], total: data[5], piece: data.slice(HEAD) };
}

/** Gathers the parts of one message in whatever order they come; parts of another message begin it anew. */
export class Parts {
  constructor() {
    this.of = "";
    this.pieces = new Map();
  }

  /**
   * @param {string} text @returns {Promise<{got: number, total: number, data: Uint8Array | null}>} the message once it is whole
   * @throws {BadInput} `bad-text`, `bad-message`
   */
  async add(text) {
    const { of, place, total, piece } = readPart(text);
    if (of !== this.of) Object.assign(this, { of, pieces: new Map() });
    this.pieces.set(place, piece);
    if (this.pieces.size < total) return { got: this.pieces.size, total, data: null };
    const data = concat(...Array.from({ length: total }, (_, at) => this.pieces.get(at)));
    this.of = "";
    if (!equal((await sha256(data)).subarray(0, 4), fromHex(of.slice(0, 8)))) throw new BadInput("bad-message", "revocations", "the message of its digest");
    return { got: total, total, data };
  }
}

/**
 * Check a message and read it: shape; the root certified the key for this agreement; the key signed each; each is alive.
 * @param {Uint8Array} data @param {{roots: Array<[string, VerifyKey]>, agreement: string, now: number}} known each root with its party
 * @returns {Promise<{lists: Object<string, *>[], deltas: Object<string, *>[], issuer: string, certificate: Object<string, *>}>}
 * @throws {Refused} `bad-status-key`, `out-of-agreement`, `bad-signature`, `bundle-expired` @throws {BadInput}
 */
export async function openMessage(data, { roots, agreement, now }) {
  const [, certificateBytes, rootSignature, lists, deltas] = shape.check("bad-message", "revocations", MESSAGE, decodeCbor(data, "revocations", MOST_BYTES));
  let certificate = null;
  let issuer = "";
  for (const [party, root] of roots) {
    if (certificate !== null) break;
    certificate = await openCertificate(certificateBytes, rootSignature, root).catch((error) => {
      if (error.code === "bad-status-key") return null; // of another root
      throw error;
    });
    issuer = party;
  }
  if (certificate === null) throw new Refused("bad-status-key", "not signed by a root of this agreement");
  if (certificate.agreement !== agreement) throw new Refused("out-of-agreement", certificate.agreement);
  const key = await VerifyKey.load(certificate.key, "status certificate");
  const made = { lists: [], deltas: [], issuer, certificate };
  for (const [kind, read, rows] of [["lists", openList, lists], ["deltas", openDelta, deltas]]) {
    for (const [bytes, signature] of rows) {
      const found = await read(bytes, signature, key);
      if (found.issued < certificate.not_before || found.expires > certificate.not_after) throw new Refused("bad-status-key");
      if (now >= found.expires) throw new Refused("bundle-expired", "revocations");
      made[kind].push(found);
    }
  }
  return made;
}

/** @param {Uint8Array} data of a signed bundle that was opened before @returns {Map<string, Object<string, *>>} its lists by batch */
function listsOf(data) {
  const outer = shape.check("bad-bundle", "signed bundle", LISTS, decodeCbor(data, "signed bundle", 16 << 20));
  const lists = new Map();
  for (const [bytes] of decodeCbor(outer[3], "bundle", 16 << 20).get("revocations")) {
    const list = decodeList(bytes);
    lists.set(toHex(list.batch), list);
  }
  return lists;
}

/**
 * Put newer lists in the place of those that a bundle brought. A batch that the bundle does not have is passed over.
 * @param {import("./bundle.js").LoadedBundle} bundle changed here @param {Map<string, Object<string, *>>} standing by batch
 * @param {{lists: Object<string, *>[], deltas: Object<string, *>[]}} message
 * @returns {Promise<{renewed: number, missed: number}>} batches with a newer list, and deltas that do not start here
 */
async function renew(bundle, standing, { lists, deltas }) {
  const told = { renewed: 0, missed: 0 };
  const put = (id, list) => {
    standing.set(id, list);
    for (const batch of bundle.batches) if (batch.id === id) batch.revoked = list.revoked;
    bundle.revokedAt = Math.max(bundle.revokedAt || 0, list.issued);
    told.renewed += 1;
  };
  for (const list of lists) {
    const id = toHex(list.batch);
    const old = standing.get(id);
    if (old && old.capacity === list.capacity && list.seq > old.seq) put(id, list);
  }
  for (const delta of deltas) {
    const id = toHex(delta.batch);
    const old = standing.get(id);
    if (!old || old.capacity !== delta.capacity || delta.seq <= old.seq) continue;
    const next = await applyDelta(old, delta).catch((error) => {
      if (error.code === "wrong-base") return null;
      throw error;
    });
    if (next === null) told.missed += 1;
    else put(id, next);
  }
  return told;
}

/** @param {import("./device.js").Device} device @returns {Promise<Object<string, *>>} under whom messages are opened */
async function knownTo(device) {
  const load = async ([party, root]) => [party, await VerifyKey.load(fromHex(root), "root")];
  const roots = await Promise.all(Object.entries(device.settings.issuer_roots).map(load));
  return { roots, agreement: device.settings.agreement, now: device.now() };
}

/**
 * Apply what was read at briefings to a bundle that was just opened; what is over or overtaken is forgotten.
 * @param {import("./device.js").Device} device @param {import("./bundle.js").LoadedBundle} bundle @param {Uint8Array} data its bytes
 */
export async function applyBriefing(device, bundle, data) {
  const kept = (await device.store.get("briefing")) || [];
  if (!kept.length) return;
  const [known, standing, useful] = [await knownTo(device), listsOf(data), []];
  for (const message of kept) {
    const opened = await openMessage(message, known).catch(() => null);
    if (opened && (await renew(bundle, standing, opened)).renewed) useful.push(message);
  }
  if (useful.length < kept.length) await device.store.put({ briefing: useful });
}

/**
 * Take in a message that was read just now.
 * @param {import("./device.js").Device} device @param {Uint8Array} message
 * @returns {Promise<{renewed: number, missed: number}>} @throws {Refused} `no-bundle`, and those of `openMessage`
 */
export async function takeBriefing(device, message) {
  if (device.bundle === null) throw new Refused("no-bundle");
  const opened = await openMessage(message, await knownTo(device));
  await device.follow(opened.issuer, opened.certificate);
  const data = await device.store.get("bundle");
  const standing = listsOf(data);
  const kept = (await device.store.get("briefing")) || [];
  const known = await knownTo(device);
  for (const earlier of kept) await renew(device.bundle, standing, await openMessage(earlier, known).catch(() => ({ lists: [], deltas: [] })));
  const told = await renew(device.bundle, standing, opened);
  if (told.renewed) await device.store.put({ briefing: [...kept, message].slice(-MOST_KEPT) });
  return told;
}
