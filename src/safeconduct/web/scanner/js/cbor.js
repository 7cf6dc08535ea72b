/**
 * Deterministic CBOR (RFC 8949, section 4.2.1; `spec/signatures.md`): one value, one encoding.
 *
 * Values: null, booleans, whole numbers (beyond 2^53 as BigInt), Uint8Array, string, Array, Map. Nothing else is read
 * or written; anything but the one encoding is refused, so that two readers cannot see two things in the same bytes.
 */

import { concat, fromUtf8, utf8 } from "./bytes.js";
import { BadInput } from "./errors.js";

const MOST_LEVELS = 32;
export const MOST_BYTES = 1 << 20;

/** Reads one item after another; every deviation from the one encoding is refused where it stands. */
class Reader {
  /** @param {Uint8Array} data @param {string} where */
  constructor(data, where) {
    this.data = data;
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.where = where;
    this.at = 0;
  }

  /** @param {string} expected @returns {never} */
  refuse(expected) {
    throw new BadInput("bad-cbor", `${this.where}, byte ${this.at}`, expected);
  }

  /** @param {number} length @returns {number} where the next `length` bytes begin */
  step(length) {
    const from = this.at;
    if (from + length > this.data.length) this.refuse("more bytes");
    this.at += length;
    return from;
  }

  /** @param {number} info low five bits of a head @returns {number | bigint} its argument, in its shortest form */
  argument(info) {
    if (info < 24) return info;
    if (info === 24) {
      const value = this.data[this.step(1)];
      return value < 24 ? this.refuse("the shortest head") : value;
    }
    if (info === 25) {
      const value = this.view.getUint16(this.step(2));
      return value < 256 ? this.refuse("the shortest head") : value;
    }
    if (info === 26) {
      const value = this.view.getUint32(this.step(4));
      return value < 65536 ? this.refuse("the shortest head") : value;
    }
    if (info === 27) {
      const value = this.view.getBigUint64(this.step(8));
      if (value < 0x100000000n) this.refuse("the shortest head");
      return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
    }
    return this.refuse("a definite length");
  }

  /** @param {number} info @returns {number} a length that the bytes left can hold */
  length(info) {
    const length = this.argument(info);
    if (typeof length === "bigint" || length > this.data.length - this.at) this.refuse("more bytes");
    return /** @type {number} */ (length);
  }

  /** @param {number} depth levels of containers around @returns {*} */
  item(depth) {
    const head = this.data[this.step(1)];
    const info = head & 31;
    switch (head >> 5) {
      case 0:
        return this.argument(info);
      case 1: {
        const value = this.argument(info);
        return typeof value === "number" && value < Number.MAX_SAFE_INTEGER ? -1 - value : -1n - BigInt(value);
      }
      case 2: {
        const length = this.length(info);
        const from = this.step(length);
        return this.data.slice(from, from + length);
      }
      case 3: {
        const length = this.length(info);
        const from = this.step(length);
        try {
          return fromUtf8(this.data.subarray(from, from + length));
        } catch {
          return this.refuse("text in UTF-8");
        }
      }
      case 4:
        return this.list(info, depth);
      case 5:
        return this.map(info, depth);
      case 7:
        if (head === 0xf4) return false;
        if (head === 0xf5) return true;
        if (head === 0xf6) return null;
        return this.refuse("no float and no other simple value");
      default:
        return this.refuse("no tag");
    }
  }

  /** @param {number} info @param {number} depth @returns {Array<*>} */
  list(info, depth) {
    if (depth === MOST_LEVELS) this.refuse(`at most ${MOST_LEVELS} levels`);
    const length = this.length(info);
    const items = [];
    for (let i = 0; i < length; i += 1) items.push(this.item(depth + 1));
    return items;
  }

  /** @param {number} info @param {number} depth @returns {Map<*, *>} */
  map(info, depth) {
    if (depth === MOST_LEVELS) this.refuse(`at most ${MOST_LEVELS} levels`);
    const length = this.length(info);
    const found = new Map();
    let before = null;
    for (let i = 0; i < length; i += 1) {
      const from = this.at;
      const key = this.item(depth + 1);
      if (!["string", "number", "bigint"].includes(typeof key) && !(key instanceof Uint8Array)) {
        this.refuse("keys of text, bytes or whole numbers");
      }
      const bytes = this.data.subarray(from, this.at);
      if (before !== null && compare(before, bytes) >= 0) this.refuse("keys in their order, each once");
      before = bytes;
      found.set(key, this.item(depth + 1));
    }
    return found;
  }
}

/** @param {Uint8Array} one @param {Uint8Array} other @returns {number} below, at or above 0, bytewise */
function compare(one, other) {
  const both = Math.min(one.length, other.length);
  for (let i = 0; i < both; i += 1) if (one[i] !== other[i]) return one[i] - other[i];
  return one.length - other.length;
}

/**
 * Read one value that fills `data`.
 * @param {Uint8Array} data
 * @param {string} where for the error
 * @param {number} [limit] most bytes
 * @returns {*}
 * @throws {BadInput} `bad-cbor`
 */
export function decode(data, where, limit = MOST_BYTES) {
  if (data.length > limit) throw new BadInput("bad-cbor", where, `at most ${limit} bytes`);
  const reader = new Reader(data, where);
  const value = reader.item(0);
  if (reader.at !== data.length) reader.refuse("nothing behind the value");
  return value;
}

/** @param {number} major @param {number | bigint} value @returns {Uint8Array} the shortest head */
function head(major, value) {
  const high = major << 5;
  if (value < 24) return Uint8Array.of(high | Number(value));
  if (value < 256) return Uint8Array.of(high | 24, Number(value));
  const data = new Uint8Array(value < 65536 ? 3 : value < 4294967296 ? 5 : 9);
  const view = new DataView(data.buffer);
  data[0] = high | (data.length === 3 ? 25 : data.length === 5 ? 26 : 27);
  if (data.length === 3) view.setUint16(1, Number(value));
  else if (data.length === 5) view.setUint32(1, Number(value));
  else view.setBigUint64(1, BigInt(value));
  return data;
}

/**
 * Write one value; an object's own fields are a map with keys of text.
 * @param {*} value
 * @returns {Uint8Array}
 * @throws {BadInput} `bad-cbor`, for a value that has no form here
 */
export function encode(value) {
  if (value === null) return Uint8Array.of(0xf6);
  if (value === false) return Uint8Array.of(0xf4);
  if (value === true) return Uint8Array.of(0xf5);
  if (Number.isSafeInteger(value)) return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "bigint" && value < 1n << 64n && value >= -(1n << 64n)) {
    return value < 0n ? head(1, -1n - value) : head(0, value);
  }
  if (value instanceof Uint8Array) return concat(head(2, value.length), value);
  if (typeof value === "string") {
    const text = utf8(value);
    if (fromUtf8(text) !== value) throw new BadInput("bad-cbor", "value to encode", "text without lone surrogates");
    return concat(head(3, text.length), text);
  }
  if (Array.isArray(value)) return concat(head(4, value.length), ...value.map(encode));
  if (value instanceof Map || (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype)) {
    const pairs = value instanceof Map ? [...value] : Object.entries(value);
    const rows = pairs.map(([key, item]) => [encode(key), encode(item)]);
    rows.sort((one, other) => compare(one[0], other[0]));
    return concat(head(5, rows.length), ...rows.flat());
  }
  throw new BadInput("bad-cbor", "value to encode", "null, boolean, whole number, bytes, text, array or map");
}
