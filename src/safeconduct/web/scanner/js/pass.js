/** A pass, version 1: 96 bytes, no name in them (`spec/pass.md`). */

import { decode as fromBase45, encode as toBase45 } from "./base45.js";
import { concat, fromHex, utf8 } from "./bytes.js";
import { BadInput } from "./errors.js";

export const PASS_BYTES = 96;
export const TEXT_LENGTH = 148;
export const NO_BINDING = 0;
export const WORDS = 1;
export const WORDS_AND_DOCUMENT = 2;
export const PHONE = 3;
const PREFIX = "SC1:";
const QUARTER = 900; // seconds
export const EPOCH = 1_577_836_800; // 2020-01-01T00:00Z, unix seconds
const HEAD = concat(fromHex("846a"), utf8("Signature1"), fromHex("43a101325833"));
const DOMAIN = utf8("safeconduct.pass.1\0");
const PAYLOAD_HEAD = fromHex("5820");

/** @param {number} code 1 to 255 @returns {number} seconds */
export function seconds(code) {
  return code <= 96 ? code * QUARTER : 24 * 3600 + (code - 96) * 3600;
}

/**
 * @typedef {Object} Fields what the 32 payload bytes say; times are unix seconds
 * @property {number} passClass @property {string} keyId in hexadecimal @property {number} index
 * @property {number} start @property {number} length code @property {number} end @property {number} points mask
 * @property {number} heads @property {number} kind of binding @property {Uint8Array} binding 16 bytes
 */

/** @param {Uint8Array} raw at least the 32 payload bytes @returns {Fields} @throws {BadInput} `bad-pass` */
export function fields(raw) {
  const refuse = (expected) => {
    throw new BadInput("bad-pass", "pass", expected);
  };
  if (raw.length !== 32 && raw.length !== PASS_BYTES) refuse("96 bytes");
  if (raw[0] >> 4 !== 1) refuse("version 1");
  const length = raw[11];
  const points = (raw[12] << 8) | raw[13];
  const heads = raw[14];
  const kind = raw[15];
  if (!length || !points || !heads) refuse("length, control points and heads, none of them 0");
  const binding = raw.subarray(16, 32);
  if (kind > PHONE || (kind === NO_BINDING && binding.some((byte) => byte))) refuse("a binding as its kind says");
  const start = EPOCH + QUARTER * ((raw[8] << 16) | (raw[9] << 8) | raw[10]);
  return {
    passClass: raw[0] & 15,
    keyId: keyIdOf(raw, 1),
    index: (raw[5] << 16) | (raw[6] << 8) | raw[7],
    start,
    length,
    end: start + seconds(length),
    points,
    heads,
    kind,
    binding,
  };
}

/** @param {Uint8Array} data @param {number} [from] @returns {string} four bytes in hexadecimal */
export function keyIdOf(data, from = 0) {
  let word = 0;
  for (let i = 0; i < 4; i += 1) word = word * 256 + data[from + i];
  return word.toString(16).padStart(8, "0");
}

/** @param {string} text @returns {Uint8Array} @throws {BadInput} `bad-text` */
export function fromText(text) {
  if (text.length !== TEXT_LENGTH || !text.startsWith(PREFIX)) {
    throw new BadInput("bad-text", "pass text", "SC1: and 144 characters");
  }
  return fromBase45(text, PREFIX.length);
}

/** @param {Uint8Array} raw 96 bytes @returns {string} */
export function toText(raw) {
  return PREFIX + toBase45(raw);
}

/** @param {Uint8Array} identity of the batch @returns {Uint8Array} what is signed before a pass's payload */
export function signedPrefix(identity) {
  return concat(HEAD, DOMAIN, identity, PAYLOAD_HEAD);
}
