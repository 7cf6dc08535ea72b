/**
 * This device's log: encrypted events in a hash chain, handed over in signed segments (`spec/device-log.md`).
 *
 * The chain runs over ciphertexts: a node accepts what it cannot open, and a retry sends identical bytes.
 */

import { bigEndian, concat, equal, sha256, utf8 } from "./bytes.js";
import { decode as decodeCbor, encode as encodeCbor } from "./cbor.js";
import { check as signed, inDomain } from "./ed25519.js";
import { BadInput, Refused } from "./errors.js";
import * as shape from "./shape.js";

export const KINDS = ["admit", "refuse", "override", "assault", "turned-away", "crowd", "heartbeat", "note"];
export const GENESIS = new Uint8Array(32);
export const HEARTBEAT_SECONDS = 1_800;
const SEGMENT_DOMAIN = "safeconduct.segment.1";
const RECEIPT_DOMAIN = "safeconduct.receipt.1";
const MOST_BYTES = 8 << 20;
const SEQ = shape.integer(1, 2 ** 48);
const SIZE = shape.integer(0, Number.MAX_SAFE_INTEGER);

const EVENT = shape.row(
  shape.oneOf(...KINDS),
  SEQ,
  shape.optional(shape.HASH),
  shape.optional(shape.integer(0, (1 << 24) - 1)),
  shape.ID,
  shape.TIME,
  shape.integer(0, 255),
  shape.text(80, 0),
  shape.integer(0, 2 ** 32),
  SIZE,
  shape.prose(2_000),
  shape.text(80, 0),
);
const SEGMENT = {
  ciphertexts: shape.many(shape.blob(8_192), 10_000, 1),
  device: shape.ID,
  epoch: shape.integer(1, 2 ** 32),
  first: SEQ,
  head: shape.HASH,
  keys: shape.table(shape.ID, shape.blob(4_096), 8),
  previous: shape.HASH,
  signature: shape.SIGNATURE,
  v: shape.integer(1, 1),
};
const RECEIPT = {
  device: shape.ID,
  epoch: shape.integer(1, 2 ** 32),
  hash: shape.HASH,
  issued: shape.TIME,
  ledger: SIZE,
  proof: shape.many(shape.HASH, 64),
  size: SIZE,
  upto: shape.integer(0, 2 ** 48),
  v: shape.integer(1, 1),
};
const SIGNED_RECEIPT = shape.row(shape.blob(1 << 14), shape.SIGNATURE);

/**
 * @typedef {Object} Event one thing that this device recorded
 * @property {string} kind of `KINDS` @property {number} seq @property {Uint8Array | null} [batch]
 * @property {number | null} [index] @property {string} point @property {number} at unix seconds
 * @property {number} [heads] @property {string} [reason] @property {number} bundleSeq @property {number} logSize
 * @property {string} [note] @property {string} [personClass]
 */

/** @param {Event} event @returns {Uint8Array} canonical CBOR of its twelve fields @throws {BadInput} `bad-event` */
export function encodeEvent(event) {
  const row = [
    event.kind,
    event.seq,
    event.batch ?? null,
    event.index ?? null,
    event.point,
    event.at,
    event.heads ?? 0,
    event.reason ?? "",
    event.bundleSeq,
    event.logSize,
    event.note ?? "",
    event.personClass ?? "",
  ];
  checkEvent(row, event.seq);
  return encodeCbor(row);
}

/** @param {*} row @param {number} seq @returns {Array<*>} */
function checkEvent(row, seq) {
  shape.check("bad-event", `event ${seq}`, EVENT, row);
  if (row[1] !== seq) throw new BadInput("bad-event", `event ${seq}: seq`, String(seq));
  if ((row[2] === null) !== (row[3] === null) || (row[0] === "admit" && row[2] === null)) {
    throw new BadInput("bad-event", `event ${seq}`, "a batch with an index, and both if admitted");
  }
  return row;
}

/** @param {Uint8Array} data @param {number} seq @returns {Array<*>} twelve fields @throws {BadInput} */
export function decodeEvent(data, seq) {
  return checkEvent(decodeCbor(data, `event ${seq}`, 8_192), seq);
}

/** @param {string} device @param {number} epoch @returns {Uint8Array} what every ciphertext of the epoch is bound to */
function eventAad(device, epoch) {
  return concat(utf8("safeconduct.event.1\0"), bigEndian(epoch, 8), utf8(device));
}

/** @param {Uint8Array} raw 32 bytes @returns {Promise<CryptoKey>} for events of one segment; it cannot be exported */
export function segmentKey(raw) {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** @returns {Promise<Uint8Array>} ciphertext of an event's bytes, tag at the end */
export async function encryptEvent(key, device, epoch, seq, data) {
  const how = { name: "AES-GCM", iv: bigEndian(seq, 12), additionalData: eventAad(device, epoch) };
  return new Uint8Array(await crypto.subtle.encrypt(how, key, data));
}

/** @param {Uint8Array} head @param {Uint8Array} ciphertext @returns {Promise<Uint8Array>} the next chain hash */
export function nextHead(head, ciphertext) {
  return sha256(concat(head, ciphertext));
}

/** @param {Object<string, *>} fields @returns {Uint8Array} the segment's bytes under its signature */
function signedPart(fields) {
  const { signature: _, ...part } = fields;
  return encodeCbor({ ...part, ciphertexts: fields.ciphertexts.length });
}

/**
 * Close a segment: sign the run of events.
 * @param {{device: string, epoch: number, first: number, previous: Uint8Array, ciphertexts: Uint8Array[],
 *   head: Uint8Array, keys: Map<string, Uint8Array>}} run
 * @param {(message: Uint8Array) => Promise<Uint8Array>} sign by this device's key
 * @returns {Promise<Uint8Array>} the bytes to send; keep them, a signature made again may differ
 */
export async function closeSegment(run, sign) {
  const fields = { ...run, v: 1 };
  const signature = await sign(inDomain(SEGMENT_DOMAIN, signedPart(fields)));
  const whole = { ...fields, signature };
  shape.checkMap("bad-segment", "segment", SEGMENT, new Map(Object.entries(whole)));
  return encodeCbor(whole);
}

/** @param {Uint8Array} data @returns {Promise<Object<string, *>>} fields, and `hashes` after each ciphertext */
export async function parseSegment(data) {
  const fields = shape.checkMap("bad-segment", "segment", SEGMENT, decodeCbor(data, "segment", MOST_BYTES));
  if (equal(fields.previous, GENESIS) !== (fields.first === 1)) {
    throw new BadInput("bad-segment", "segment: previous", "zeros before event 1, and only there");
  }
  const hashes = [];
  let head = fields.previous;
  for (const ciphertext of fields.ciphertexts) {
    head = await nextHead(head, ciphertext);
    hashes.push(head);
  }
  return { ...fields, hashes, last: fields.first + fields.ciphertexts.length - 1 };
}

/**
 * Decide what a reader does with a segment, as a node does; the page uses it to check an exported file.
 * @param {Object<string, *>} segment from `parseSegment` @param {import("./ed25519.js").VerifyKey} deviceKey
 * @param {number} upto events that are stored @param {(seq: number) => Uint8Array | undefined} storedHash
 * @returns {Promise<Object<string, *>>} {accepted}, {duplicate}, {fork} @throws {Refused}
 */
export async function acceptSegment(segment, deviceKey, upto, storedHash) {
  const { hashes, signature, last, ...fields } = segment;
  if (!(await signed(SEGMENT_DOMAIN, signedPart(fields), signature, deviceKey))) {
    throw new Refused("bad-signature", "segment"); // 1
  }
  if (!equal(hashes[hashes.length - 1], segment.head)) throw new Refused("broken-chain"); // 2
  if (segment.first > upto + 1) throw new Refused("gap"); // 3
  const chain = [segment.previous, ...hashes];
  for (let seq = Math.max(segment.first - 1, 1); seq <= Math.min(last, upto); seq += 1) {
    const stored = storedHash(seq); // 4
    const seen = chain[seq - segment.first + 1];
    if (stored && !equal(stored, seen)) return { fork: [seq, stored, seen] };
  }
  if (last <= upto) return { duplicate: upto }; // 5
  return { accepted: [upto + 1, last] };
}

/** @param {Object<string, *>} segment @param {CryptoKey} key @returns {Promise<{events: Array<*>, aside: number[]}>} */
export async function openSegment(segment, key) {
  const events = [];
  const aside = [];
  const additionalData = eventAad(segment.device, segment.epoch);
  for (let i = 0; i < segment.ciphertexts.length; i += 1) {
    const seq = segment.first + i;
    try {
      const how = { name: "AES-GCM", iv: bigEndian(seq, 12), additionalData };
      const plain = await crypto.subtle.decrypt(how, key, segment.ciphertexts[i]);
      events.push(decodeEvent(new Uint8Array(plain), seq));
    } catch {
      aside.push(seq);
    }
  }
  return { events, aside };
}

/** @param {Uint8Array} data a signed receipt @returns {[Uint8Array, Uint8Array]} its bytes and the signature @throws {BadInput} */
function partsOf(data) {
  return shape.check("bad-receipt", "receipt", SIGNED_RECEIPT, decodeCbor(data, "receipt", 1 << 14));
}

/** @param {Uint8Array} inner @returns {Object<string, *>} @throws {BadInput} */
function readReceipt(inner) {
  return shape.checkMap("bad-receipt", "receipt", RECEIPT, decodeCbor(inner, "receipt"));
}

/** @param {Uint8Array} data @returns {{device: string, epoch: number}} whose receipt it says it is: not checked @throws {BadInput} */
export function addressee(data) {
  const { device, epoch } = readReceipt(partsOf(data)[0]);
  return { device, epoch };
}

/**
 * Check the node's signature, then read the receipt, then check the key's days.
 * @param {Uint8Array} data @param {import("./node-keys.js").NodeKeys} keys @param {number} now
 * @returns {Promise<Object<string, *>>} @throws {Refused} `bad-signature`, `bad-status-key` @throws {BadInput}
 */
export async function openReceipt(data, keys, now) {
  const [inner, signature] = partsOf(data);
  const signer = await keys.signer(RECEIPT_DOMAIN, inner, signature, "receipt");
  const receipt = readReceipt(inner);
  keys.judge(signer, receipt.issued, now);
  return receipt;
}
