/** Exact lists of revoked passes and the changes between two of them (`spec/revocation.md`). */

import { equal, sha256 } from "./bytes.js";
import { decode as decodeCbor, encode as encodeCbor } from "./cbor.js";
import { check as signed } from "./ed25519.js";
import { BadInput, Refused } from "./errors.js";
import { LARGEST_PARAMETER, pack, parameterFor, unpack } from "./rice.js";
import * as shape from "./shape.js";

const LIST_DOMAIN = "safeconduct.revocation.1";
const DELTA_DOMAIN = "safeconduct.revocation-delta.1";
const LIMIT = 8 << 20;
const MOST_PASSES = 1 << 24;
const CODED = shape.row(shape.integer(0, MOST_PASSES), shape.integer(0, LARGEST_PARAMETER), shape.blob(LIMIT, 0));
const COMMON = {
  batch: shape.HASH,
  capacity: shape.integer(1, MOST_PASSES),
  expires: shape.TIME,
  issued: shape.TIME,
  seq: shape.integer(0, 2 ** 32),
  v: shape.integer(1, 1),
};
const LIST = { ...COMMON, kept: shape.BOOL, revoked: CODED };
const DELTA = {
  ...COMMON,
  added: CODED,
  base: shape.HASH,
  base_seq: shape.integer(0, 2 ** 32),
  removed: CODED,
  result: shape.HASH,
};

/** A set of indexes below a capacity, one bit each: two megabytes at most, asked in one step. */
export class Bits {
  /** @param {number} capacity */
  constructor(capacity) {
    this.capacity = capacity;
    this.bytes = new Uint8Array((capacity + 7) >> 3);
  }

  /** @param {number} index @returns {boolean} */
  has(index) {
    return index < this.capacity && ((this.bytes[index >> 3] >> (index & 7)) & 1) === 1;
  }

  /** @param {number} index @param {boolean} on */
  put(index, on) {
    if (on) this.bytes[index >> 3] |= 1 << (index & 7);
    else this.bytes[index >> 3] &= ~(1 << (index & 7));
  }

  /** @returns {number[]} ascending */
  list() {
    const found = [];
    for (let index = 0; index < this.capacity; index += 1) if (this.has(index)) found.push(index);
    return found;
  }
}

/** @param {Object<string, *>} fields @param {string} where */
function checkTimes(fields, where) {
  if (fields.issued >= fields.expires) throw new BadInput("bad-revocation", `${where}: expires`, "later than issued");
}

/**
 * @typedef {Object} List
 * @property {Uint8Array} batch @property {number} capacity @property {number} seq
 * @property {number} issued @property {number} expires @property {Bits} revoked every revoked index, decoys too
 */

/** @param {Uint8Array} data @returns {List} @throws {BadInput} `bad-cbor` or `bad-revocation` */
export function decodeList(data) {
  const where = "revocation list";
  const fields = shape.checkMap("bad-revocation", where, LIST, decodeCbor(data, where, LIMIT));
  checkTimes(fields, where);
  const { batch, capacity, seq, issued, expires, kept } = fields;
  const [count, parameter, gaps] = fields.revoked;
  const most = kept ? Math.floor((capacity - 1) / 2) : Math.floor(capacity / 2);
  if (count > most) throw new BadInput("bad-revocation", where, `up to ${most} coded indexes`);
  const revoked = new Bits(capacity);
  if (kept) for (let index = 0; index < capacity; index += 1) revoked.put(index, true);
  for (const index of unpack(gaps, parameter, count, capacity)) revoked.put(index, !kept);
  return { batch, capacity, seq, issued, expires, revoked };
}

/** @param {List} list @returns {Uint8Array} one set of indexes has one encoding */
export function encodeList(list) {
  const { batch, capacity, seq, issued, expires, revoked } = list;
  const indexes = revoked.list();
  const kept = 2 * indexes.length > capacity;
  let coded = indexes;
  if (kept) {
    coded = [];
    for (let index = 0; index < capacity; index += 1) if (!revoked.has(index)) coded.push(index);
  }
  const parameter = parameterFor(capacity, coded.length);
  const bits = pack(coded, parameter);
  return encodeCbor({ batch, capacity, expires, issued, kept, revoked: [coded.length, parameter, bits], seq, v: 1 });
}

/**
 * @param {Uint8Array} data @param {Uint8Array} signature @param {import("./ed25519.js").VerifyKey} statusKey
 * @returns {Promise<List>} @throws {Refused} `bad-signature`
 */
export async function openList(data, signature, statusKey) {
  if (!(await signed(LIST_DOMAIN, data, signature, statusKey))) throw new Refused("bad-signature", "revocation list");
  return decodeList(data);
}

/** @param {Uint8Array} data @returns {Object<string, *>} @throws {BadInput} `bad-cbor` or `bad-revocation` */
export function decodeDelta(data) {
  const fields = shape.checkMap("bad-revocation", "delta", DELTA, decodeCbor(data, "delta", LIMIT));
  checkTimes(fields, "delta");
  for (const name of ["added", "removed"]) {
    const [count, parameter, gaps] = fields[name];
    if (count > fields.capacity) throw new BadInput("bad-revocation", `delta: ${name}`, `up to ${fields.capacity}`);
    fields[name] = unpack(gaps, parameter, count, fields.capacity);
  }
  return fields;
}

/**
 * @param {Uint8Array} data @param {Uint8Array} signature @param {import("./ed25519.js").VerifyKey} statusKey
 * @returns {Promise<Object<string, *>>} @throws {Refused} `bad-signature`
 */
export async function openDelta(data, signature, statusKey) {
  if (!(await signed(DELTA_DOMAIN, data, signature, statusKey))) throw new Refused("bad-signature", "revocation delta");
  return decodeDelta(data);
}

/**
 * Make the next list.
 * @param {List} old @param {Object<string, *>} change from `decodeDelta`
 * @returns {Promise<List>}
 * @throws {Refused} `wrong-base`, when `old` is not the delta's base or the result not the stated one
 */
export async function applyDelta(old, change) {
  const base = await sha256(encodeList(old));
  if (!equal(old.batch, change.batch) || !equal(base, change.base)) throw new Refused("wrong-base", `list ${old.seq} here`);
  const revoked = new Bits(old.capacity);
  revoked.bytes.set(old.revoked.bytes);
  for (const index of change.removed) if (index < old.capacity) revoked.put(index, false);
  for (const index of change.added) {
    if (index >= old.capacity) throw new BadInput("bad-revocation", "delta: added", `indexes below ${old.capacity}`);
    revoked.put(index, true);
  }
  const made = { ...old, seq: change.seq, issued: change.issued, expires: change.expires, revoked };
  if (!equal(await sha256(encodeList(made)), change.result)) throw new Refused("wrong-base", "another result");
  return made;
}
