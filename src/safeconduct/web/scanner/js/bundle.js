/** The trust bundle: all that this page needs, signed by the status key (`spec/bundle.md`). */

import { openBatch, openCertificate } from "./batch.js";
import { sha256, toHex } from "./bytes.js";
import { decode as decodeCbor } from "./cbor.js";
import { VerifyKey, check as signed } from "./ed25519.js";
import { BadInput, Refused } from "./errors.js";
import { keyIdOf, signedPrefix } from "./pass.js";
import { openList } from "./revocation.js";
import * as shape from "./shape.js";
import { LIMIT as SPOKEN_LIMIT, decodeTable } from "./spoken.js";

const DOMAIN = "safeconduct.bundle.1";
export const MOST_BYTES = 16 << 20;

const POINT = {
  holder: shape.ID,
  id: shape.ID,
  names: shape.table(shape.text(20), shape.text(120), 40),
  ring: shape.oneOf("outer", "gate"),
  state: shape.oneOf("open", "hold", "closed"),
  upstream: shape.many(shape.ID, 64),
};
const SIGNED = shape.row(shape.blob(MOST_BYTES), shape.SIGNATURE);
const ENVELOPE = shape.row(
  shape.integer(1, 1),
  shape.blob(1 << 14),
  shape.SIGNATURE,
  shape.blob(MOST_BYTES),
  shape.SIGNATURE,
);
const BUNDLE = {
  advice: shape.prose(4_000),
  agreement: shape.ID,
  batches: shape.many(SIGNED, 100_000),
  expires: shape.TIME,
  issued: shape.TIME,
  ledger: shape.integer(0, Number.MAX_SAFE_INTEGER),
  points: shape.many((seen) => seen instanceof Map, 1_000, 1),
  previous: shape.HASH,
  revocations: shape.many(SIGNED, 100_000),
  rules: shape.integer(1, 1 << 16),
  seq: shape.integer(1, 2 ** 32),
  stale_hours: shape.integer(1, 24 * 7),
  stale_policy: shape.oneOf("warn", "refuse"),
  v: shape.integer(1, 1),
};
const WITH_SPOKEN = { ...BUNDLE, spoken: shape.blob(SPOKEN_LIMIT) };

/** @param {Uint8Array} data the signed part @returns {Object<string, *>} @throws {BadInput} `bad-cbor`, `bad-bundle` */
function decodeBundle(data) {
  const decoded = decodeCbor(data, "bundle", MOST_BYTES);
  const kinds = decoded instanceof Map && decoded.has("spoken") ? WITH_SPOKEN : BUNDLE;
  const fields = shape.checkMap("bad-bundle", "bundle", kinds, decoded);
  const points = new Map();
  fields.points.forEach((point, number) => {
    const read = shape.checkMap("bad-bundle", `bundle: point ${number}`, POINT, point);
    points.set(read.id, read);
    if (points.size !== number + 1) throw new BadInput("bad-bundle", `bundle: point ${number}`, "an id of its own");
  });
  for (const point of points.values()) {
    for (const id of point.upstream) {
      if (id === point.id || !points.has(id)) {
        throw new BadInput("bad-bundle", `bundle: upstream of ${point.id}`, "other points");
      }
    }
  }
  if (fields.issued >= fields.expires) throw new BadInput("bad-bundle", "bundle: expires", "later than issued");
  fields.points = points;
  return fields;
}

/**
 * @typedef {Object} LoadedBatch one batch, checked and laid out for scanning
 * @property {Uint8Array} identity @property {string} id its identity in hexadecimal
 * @property {VerifyKey} key @property {Uint8Array} prefix of what is signed
 * @property {import("./revocation.js").Bits} revoked @property {Map<string, number>} pointBits
 * @property {number} notBefore @property {number} notAfter @property {number} capacity
 * @property {number} classes mask @property {Uint8Array} pepper @property {string} preset
 */

/**
 * @typedef {Object} LoadedBundle
 * @property {number} seq @property {number} issued @property {number} expires @property {number} staleFrom
 * @property {string} stalePolicy @property {string} agreement @property {number} ledger
 * @property {Map<string, Object<string, *>>} points @property {Map<string, LoadedBatch[]>} byKeyId
 * @property {LoadedBatch[]} batches @property {string} advice @property {number} rules
 * @property {Object<string, *> | null} spoken the table of spoken passes
 * @property {Object<string, *>} certificate of the key that signed it
 */

/**
 * Check a signed bundle and lay it out for scanning, by the ten steps of `spec/bundle.md`.
 * @param {Uint8Array} data
 * @param {{root: VerifyKey, agreement: string, now: number, highestSeq?: number}} known the root from enrolment, the
 *   agreement that this device serves, unix seconds, and the newest number that it has accepted
 * @returns {Promise<LoadedBundle>}
 * @throws {BadInput} malformed @throws {Refused} a step says no
 */
export async function openBundle(data, { root, agreement, now, highestSeq = 0 }) {
  const outer = decodeCbor(data, "signed bundle", MOST_BYTES); // 1
  shape.check("bad-bundle", "signed bundle", ENVELOPE, outer);
  const [, certificateBytes, rootSignature, inner, signature] = outer;
  const certificate = await openCertificate(certificateBytes, rootSignature, root); // 2
  const statusKey = await VerifyKey.load(certificate.key, "status certificate");
  if (!(await signed(DOMAIN, inner, signature, statusKey))) throw new Refused("bad-signature", "trust bundle"); // 3
  const bundle = decodeBundle(inner);
  if (bundle.agreement !== agreement) throw new Refused("out-of-agreement", bundle.agreement); // 4
  if (
    certificate.agreement !== bundle.agreement || // 5
    certificate.not_before > bundle.issued ||
    bundle.expires > certificate.not_after
  ) {
    throw new Refused("bad-status-key", "not certified for this bundle's life");
  }
  if (bundle.seq < highestSeq) throw new Refused("bundle-older", `number ${bundle.seq}`); // 6
  if (now >= bundle.expires) throw new Refused("bundle-expired"); // 7
  const entries = await openEntries(bundle, root); // 8
  const lists = await openLists(bundle, statusKey, entries, now); // 9
  const spoken = bundle.spoken ? openSpoken(bundle, entries) : null; // 10
  return { ...(await layOut(bundle, entries, lists, spoken)), certificate };
}

/** @returns {Object<string, *>} the table, of this agreement, with batches of this bundle only */
function openSpoken(bundle, entries) {
  const table = decodeTable(bundle.spoken);
  if (table.agreement !== bundle.agreement) throw new Refused("out-of-agreement", "spoken passes");
  for (const identity of table.batches) {
    if (!entries.has(toHex(identity))) throw new BadInput("bad-bundle", "spoken table: batches", "batches of the bundle");
  }
  return table;
}

/** @param {Object<string, *>} bundle @param {VerifyKey} root @returns {Promise<Map<string, Object<string, *>>>} by identity */
async function openEntries(bundle, root) {
  const entries = new Map();
  for (const [data, signature] of bundle.batches) {
    const entry = await openBatch(data, signature, root);
    if (entry.agreement !== bundle.agreement) throw new Refused("out-of-agreement", "batch entry");
    entry.identity = await sha256(data);
    const id = toHex(entry.identity);
    if (entries.has(id)) throw new BadInput("bad-bundle", "batch entry", "each once");
    entries.set(id, entry);
  }
  return entries;
}

/** Open the lists: exactly one for each batch. */
async function openLists(bundle, statusKey, entries, now) {
  const lists = new Map();
  for (const [data, signature] of bundle.revocations) {
    const list = await openList(data, signature, statusKey);
    const id = toHex(list.batch);
    const entry = entries.get(id);
    if (!entry || entry.capacity !== list.capacity || lists.has(id)) {
      throw new BadInput("bad-bundle", "revocation list", "one list for each batch, of its capacity");
    }
    if (now >= list.expires) throw new Refused("bundle-expired", "revocation list");
    lists.set(id, list);
  }
  if (lists.size !== entries.size) throw new Refused("revocations-missing");
  return lists;
}

/** @returns {Promise<LoadedBundle>} */
async function layOut(bundle, entries, lists, spoken) {
  const batches = [];
  const byKeyId = new Map();
  let expires = bundle.expires;
  for (const [id, entry] of entries) {
    const list = lists.get(id);
    expires = Math.min(expires, list.expires);
    const batch = {
      identity: entry.identity,
      id,
      key: await VerifyKey.load(entry.key, "batch entry"),
      prefix: signedPrefix(entry.identity),
      revoked: list.revoked,
      pointBits: new Map(entry.points.map((point, bit) => [point, 1 << bit])),
      notBefore: entry.not_before,
      notAfter: entry.not_after,
      capacity: entry.capacity,
      classes: entry.classes.reduce((mask, passClass) => mask | (1 << passClass), 0),
      pepper: entry.pepper,
      preset: entry.preset,
    };
    batches.push(batch);
    const keyId = keyIdOf(entry.identity);
    byKeyId.set(keyId, [...(byKeyId.get(keyId) || []), batch]);
  }
  return {
    seq: bundle.seq,
    issued: bundle.issued,
    expires,
    staleFrom: bundle.issued + 3_600 * bundle.stale_hours,
    stalePolicy: bundle.stale_policy,
    agreement: bundle.agreement,
    ledger: bundle.ledger,
    points: bundle.points,
    batches,
    byKeyId,
    advice: bundle.advice,
    rules: bundle.rules,
    spoken,
  };
}
