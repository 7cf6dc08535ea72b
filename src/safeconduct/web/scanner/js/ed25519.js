/**
 * Ed25519 under the one rule of `spec/signatures.md`, by the browser's WebCrypto where that keeps the rule, else by
 * the verification equation computed with noble's points. Two gates that disagree about one pass are worse than a
 * slow gate: the page runs `CASES` when it starts, and a WebCrypto that differs in one of them is not used.
 */

import { ed25519 } from "../vendor/noble-curves/ed25519.js";
import { sha512 } from "../vendor/noble-hashes/sha2.js";
import { concat, equal, fromHex, toHex, utf8 } from "./bytes.js";
import { BadInput } from "./errors.js";
import { CASES } from "./ed25519-cases.js";

const { Point } = ed25519;
const { Fp, Fn } = Point;
const L = fromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"); // order, little-endian

/** The 14 encodings of points of small order, some of them not canonical. */
const SMALL_ORDER = new Set(smallOrder());
const NO = Promise.resolve(false);
/** First bytes of those encodings: a look at one byte spares nearly every R its hexadecimal form. */
const SMALL_START = new Uint8Array(256);
for (const encoding of SMALL_ORDER) SMALL_START[parseInt(encoding.slice(0, 2), 16)] = 1;
let native = null; // whether WebCrypto keeps the rule; null: not yet asked

/** @returns {string[]} */
function smallOrder() {
  // A point of order 8; its multiples are the torsion group. 1 and p − 1 as y have x = 0, whose sign bit is free, and
  // y of 0 and 1 have a second form, since p and p + 1 still fit into 255 bits.
  const eighth = Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
  const found = new Set();
  let point = Point.ZERO;
  for (let i = 0; i < 8; i += 1, point = point.add(eighth)) found.add(point.toHex());
  const forms = (y) => {
    const data = fromHex(y);
    const other = data.slice();
    other[31] |= 128;
    return [toHex(data), toHex(other)];
  };
  const p = `ed${"ff".repeat(30)}7f`;
  const pPlus1 = `ee${"ff".repeat(30)}7f`;
  const one = `01${"00".repeat(31)}`;
  const minusOne = `ec${"ff".repeat(30)}7f`;
  for (const y of [p, pPlus1, one, minusOne]) for (const form of forms(y)) found.add(form);
  return [...found];
}

/** @param {Uint8Array} signature @returns {boolean} whether its S, little-endian, is below the group's order */
function belowOrder(signature) {
  for (let i = 31; i >= 0; i -= 1) {
    if (signature[32 + i] !== L[i]) return signature[32 + i] < L[i];
  }
  return false;
}

/** @param {Uint8Array} raw @returns {*} the point, under the key half of the rule; null if the key is bad */
function pointOf(raw) {
  try {
    const point = Point.fromBytes(raw, false); // canonical y below p, on the curve
    return point.isSmallOrder() || !point.isTorsionFree() ? null : point;
  } catch {
    return null;
  }
}

/** A public key that passed the key half of the rule. */
export class VerifyKey {
  /** Use `VerifyKey.load`. */
  constructor(raw, point, handle) {
    this.raw = raw;
    this.point = point;
    this.handle = handle;
  }

  /**
   * @param {Uint8Array} raw 32 bytes @param {string} where for the error
   * @param {{webcrypto?: boolean}} [options] a path to force; by default the one that the start chose
   * @returns {Promise<VerifyKey>} @throws {BadInput} `bad-key`
   */
  static async load(raw, where, { webcrypto = native !== false } = {}) {
    const point = raw.length === 32 ? pointOf(raw) : null;
    if (point === null) throw new BadInput("bad-key", where, "a canonical point of the prime-order group");
    return new VerifyKey(raw, point, webcrypto ? await importKey(raw) : null);
  }

  /**
   * @param {Uint8Array} signature @param {Uint8Array} message
   * @returns {Promise<boolean>} whether it is right: 64 bytes, S < L, R not of small order, [S]B − [k]A encodes to R
   */
  verify(signature, message) {
    if (signature.length !== 64 || !belowOrder(signature)) return NO; // 1, 2
    const r = signature.subarray(0, 32);
    if (SMALL_START[r[0]] && SMALL_ORDER.has(toHex(r))) return NO; // 3
    if (this.handle !== null) return crypto.subtle.verify("Ed25519", this.handle, signature, message); // 4
    return Promise.resolve(this.equation(r, signature.subarray(32), message));
  }

  /** @param {Uint8Array} r @param {Uint8Array} s @param {Uint8Array} message @returns {boolean} step 4, by noble */
  equation(r, s, message) {
    const k = Fn.create(littleEndian(sha512(concat(r, this.raw, message))));
    const scalar = littleEndian(s);
    const left = scalar === 0n ? Point.ZERO : Point.BASE.multiplyUnsafe(scalar);
    const right = k === 0n ? Point.ZERO : this.point.multiplyUnsafe(k);
    return equal(left.subtract(right).toBytes(), r);
  }
}

/** @param {Uint8Array} data @returns {bigint} */
function littleEndian(data) {
  return BigInt(`0x${toHex(data.slice().reverse())}`);
}

/** @param {Uint8Array} raw @returns {Promise<CryptoKey | null>} null where this browser has no Ed25519 */
async function importKey(raw) {
  try {
    return await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
  } catch {
    return null;
  }
}

/**
 * Run the edge cases against WebCrypto, once, and choose the path.
 * @param {Array<Array<*>>} [cases] [public key, message, signature in hexadecimal, true, false or a code]
 * @returns {Promise<{native: boolean, cases: number, differs: number}>}
 */
export async function selfCheck(cases = CASES) {
  let differs = 0;
  let usable = true;
  for (const [key, message, signature, expect] of cases) {
    let seen;
    try {
      const loaded = await VerifyKey.load(fromHex(key), "case", { webcrypto: true });
      usable = usable && loaded.handle !== null;
      seen = await loaded.verify(fromHex(signature), fromHex(message));
    } catch (error) {
      seen = error instanceof BadInput ? error.code : false;
      if (!(error instanceof BadInput)) usable = false;
    }
    if (seen !== expect) differs += 1;
  }
  native = usable && differs === 0;
  return { native, cases: cases.length, differs };
}

const DOMAIN = /^safeconduct\.[a-z][a-z0-9-]*\.[1-9][0-9]*$/;
const PREFIXES = new Map();

/** @param {string} domain @param {Uint8Array} payload @returns {Uint8Array} what is signed @throws {BadInput} `bad-domain` */
export function inDomain(domain, payload) {
  let prefix = PREFIXES.get(domain);
  if (prefix === undefined) {
    if (!DOMAIN.test(domain)) throw new BadInput("bad-domain", "signature", "safeconduct.<thing>.<version>");
    prefix = utf8(`${domain}\0`);
    PREFIXES.set(domain, prefix);
  }
  return concat(prefix, payload);
}

/**
 * @param {string} domain @param {Uint8Array} payload @param {Uint8Array} signature @param {VerifyKey} key
 * @returns {Promise<boolean>} whether the signature is right for the payload in this domain and no other
 */
export async function check(domain, payload, signature, key) {
  return key.verify(signature, inDomain(domain, payload));
}
