/**
 * A phone's key as text, and the code by which the phone shows that it holds that key (`spec/holding.md`): the twin of
 * `passes/holding.py`.
 */

import { decode as fromBase45, encode as toBase45 } from "./base45.js";
import { bigEndian, concat, equal, sha256, utf8 } from "./bytes.js";
import { VerifyKey, check, inDomain } from "./ed25519.js";
import { BadInput } from "./errors.js";
import { EPOCH, PASS_BYTES } from "./pass.js";

export const KEY_PREFIX = "SCK1:";
export const PROOF_PREFIX = "SCH1:";
export const KEY_LENGTH = 59;
export const PROOF_LENGTH = 154;
export const SKEW = 5; // minutes that the two phones' clocks may differ, either way
const DOMAIN = "safeconduct.hold.1";
const CHECK_DOMAIN = utf8("safeconduct.phone-key.1\0");
const MINUTE = 60; // seconds
const MINUTES = 1 << 24; // what three bytes hold

/** @typedef {{key: VerifyKey, minute: number, signature: Uint8Array}} Proof what a phone shows beside its pass */

/** @param {Uint8Array} key 32 bytes @returns {Promise<Uint8Array>} four bytes that find a slip of the fingers */
async function checkOf(key) {
  return (await sha256(concat(CHECK_DOMAIN, key))).subarray(0, 4);
}

/** @param {Uint8Array} key a public key, 32 bytes @returns {Promise<string>} 59 characters @throws {BadInput} `bad-key` */
export async function keyText(key) {
  const { raw } = await VerifyKey.load(key, "phone key");
  return KEY_PREFIX + toBase45(concat(raw, await checkOf(raw)));
}

/** @param {string} text @returns {Promise<Uint8Array>} 32 bytes @throws {BadInput} `bad-text`, `bad-key` */
export async function readKey(text) {
  if (text.length !== KEY_LENGTH || !text.startsWith(KEY_PREFIX)) {
    throw new BadInput("bad-text", "phone key", "SCK1: and 54 characters");
  }
  const data = fromBase45(text, KEY_PREFIX.length);
  const key = data.slice(0, 32);
  if (!equal(data.subarray(32), await checkOf(key))) throw new BadInput("bad-key", "phone key", "the text just as shown");
  return (await VerifyKey.load(key, "phone key")).raw;
}

/** @param {number} now unix seconds @returns {number} whole minutes from the beginning of 2020 (UTC) */
export function minuteOf(now) {
  return Math.floor((now - EPOCH) / MINUTE);
}

/**
 * What the phone signs in its domain: hash of the pass, minute, id of the control point.
 * @param {Uint8Array} raw the 96 bytes of the pass @param {string} point @param {number} minute
 * @returns {Promise<Uint8Array>} @throws {BadInput} `bad-pass`
 */
export async function signedPart(raw, point, minute) {
  if (raw.length !== PASS_BYTES) throw new BadInput("bad-pass", "pass", "96 bytes");
  return concat(await sha256(raw), bigEndian(minute, 3), utf8(point));
}

/**
 * The code that a phone shows with its pass.
 * @param {Uint8Array} key the phone's public key @param {(message: Uint8Array) => Promise<Uint8Array>} sign with that key
 * @param {Uint8Array} raw @param {string} point @param {number} now by the phone's clock, unix seconds
 * @returns {Promise<string>} 154 characters @throws {BadInput} `bad-pass`, `bad-proof`
 */
export async function makeProof(key, sign, raw, point, now) {
  const minute = minuteOf(now);
  if (minute < 0 || minute >= MINUTES) throw new BadInput("bad-proof", "time", "from 2020 to 2051");
  const signature = await sign(inDomain(DOMAIN, await signedPart(raw, point, minute)));
  return PROOF_PREFIX + toBase45(concat(key, bigEndian(minute, 3), signature));
}

/** @param {string} text @returns {Promise<Proof>} whether it fits, `holds` says @throws {BadInput} `bad-text`, `bad-key` */
export async function readProof(text) {
  if (text.length !== PROOF_LENGTH || !text.startsWith(PROOF_PREFIX)) {
    throw new BadInput("bad-text", "phone's code", "SCH1: and 149 characters");
  }
  const data = fromBase45(text, PROOF_PREFIX.length);
  const key = await VerifyKey.load(data.slice(0, 32), "phone's code");
  return { key, minute: (data[32] << 16) | (data[33] << 8) | data[34], signature: data.slice(35) };
}

/**
 * Whether a code was made for this pass and control point within `SKEW` minutes; whose key it is, `bindPhone` says.
 * @param {Proof} proof @param {Uint8Array} raw @param {string} point @param {number} now unix seconds
 * @returns {Promise<boolean>}
 */
export async function holds(proof, raw, point, now) {
  if (Math.abs(minuteOf(now) - proof.minute) > SKEW) return false;
  return check(DOMAIN, await signedPart(raw, point, proof.minute), proof.signature, proof.key);
}
