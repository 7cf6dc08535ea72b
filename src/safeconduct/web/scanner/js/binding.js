/** What ties a pass to its bearers: words that they remember, with a document number, or a phone (`spec/pass.md`). */

import { PRESETS } from "./batch.js";
import { bigEndian, concat, sha256, utf8 } from "./bytes.js";
import { PHONE } from "./pass.js";
import { COMBINING, FOLDS } from "./unicode.js";
import { WORDS } from "./words.js";

const DOMAIN = utf8("safeconduct.bind.1");
const APART = /[^\p{L}\p{N}]+/gu;
const DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g; // Arabic, and Persian and Pashto: what NFKD leaves alone

/** @param {string} text @returns {string} folded as `passes.binding.normalise` does */
export function normalise(text) {
  let folded = "";
  for (const char of text.normalize("NFKD")) {
    const fold = FOLDS.get(char);
    if (fold !== undefined) folded += fold;
    else for (const upper of char.toUpperCase()) folded += upper.toLowerCase();
  }
  return folded.replace(COMBINING, "").replace(APART, " ").trim();
}

/**
 * Fold words, and put the list's word in the place of each number from 0 to 2047, as `passes.binding.spell` does.
 * @param {string} text @param {string} [list] @returns {string}
 */
export function spell(text, list = "bip39-en") {
  const words = WORDS[list];
  const spelt = [];
  for (const token of normalise(text).replace(DIGITS, (digit) => String(digit.charCodeAt(0) & 15)).split(" ")) {
    if (!/^[0-9]+$/.test(token)) {
      if (token) spelt.push(token);
      continue;
    }
    const fours = token.length % 4 === 0 ? token.match(/..../g) : [token];
    spelt.push(...fours.map((four) => (four.length <= 4 && Number(four) < words.length ? words[Number(four)] : four)));
  }
  return spelt.join(" ");
}

/** @param {string} words or their numbers @param {string | null} [document] travel-document number @returns {string} */
export function secretOf(words, document = null) {
  return document === null ? spell(words) : `${spell(words)}|${normalise(document).replace(/ /g, "")}`;
}

/** @param {Uint8Array} identity of the batch @param {number} index @param {Uint8Array} pepper @returns {Promise<Uint8Array>} 16 bytes */
export async function saltOf(identity, index, pepper) {
  return (await sha256(concat(DOMAIN, identity, bigEndian(index, 3), pepper))).subarray(0, 16);
}

/**
 * Compute the 16 binding bytes of one pass, by Argon2id.
 * @param {string} secret from `secretOf` @param {Uint8Array} identity @param {number} index @param {Uint8Array} pepper
 * @param {string} preset @param {(job: Object<string, *>) => Promise<Uint8Array>} argon2id what computes it
 * @returns {Promise<Uint8Array>}
 */
export async function bind(secret, identity, index, pepper, preset, argon2id) {
  const { memory, passes } = PRESETS[preset];
  const salt = await saltOf(identity, index, pepper);
  return argon2id({ password: utf8(secret), salt, iterations: passes, memorySize: memory, parallelism: 1, hashLength: 16 });
}

/** @param {Uint8Array} key a phone's public key, 32 bytes @returns {Promise<Uint8Array>} its 16 binding bytes */
export async function bindPhone(key) {
  return (await sha256(concat(DOMAIN, Uint8Array.of(PHONE), key))).subarray(0, 16);
}
