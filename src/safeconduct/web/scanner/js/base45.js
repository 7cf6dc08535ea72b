/** Base45 (RFC 9285), strict in both directions: nothing is stripped, folded or guessed. */

import { BadInput } from "./errors.js";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"; // RFC 9285, table 1
const VALUES = new Int8Array(128).fill(-1);
for (let i = 0; i < ALPHABET.length; i += 1) VALUES[ALPHABET.charCodeAt(i)] = i;

/** @param {Uint8Array} data @returns {string} */
export function encode(data) {
  let text = "";
  let i = 0;
  for (; i + 1 < data.length; i += 2) {
    const word = (data[i] << 8) | data[i + 1];
    text += ALPHABET[word % 45] + ALPHABET[Math.floor(word / 45) % 45] + ALPHABET[Math.floor(word / 2025)];
  }
  if (i < data.length) text += ALPHABET[data[i] % 45] + ALPHABET[Math.floor(data[i] / 45)];
  return text;
}

/** @param {string} text @param {number} at @returns {number} value of one character @throws {BadInput} `bad-text` */
function valueAt(text, at) {
  const code = text.charCodeAt(at);
  const found = code < 128 ? VALUES[code] : -1;
  if (found < 0) throw new BadInput("bad-text", "base45 text", "characters of RFC 9285");
  return found;
}

/**
 * @param {string} text @param {number} [from] where it begins @returns {Uint8Array}
 * @throws {BadInput} `bad-text`, for a character outside the alphabet, too large a group, or one left over
 */
export function decode(text, from = 0) {
  const length = text.length - from;
  const full = Math.floor(length / 3);
  const rest = length % 3;
  const data = new Uint8Array(2 * full + (rest ? 1 : 0));
  let at = from;
  for (let group = 0; group < 2 * full; group += 2, at += 3) {
    const [low, middle, high] = [valueAt(text, at), valueAt(text, at + 1), valueAt(text, at + 2)];
    const word = low + 45 * middle + 2025 * high;
    if (word > 0xffff) throw new BadInput("bad-text", "base45 text", "groups that stand for two bytes");
    data[group] = word >> 8;
    data[group + 1] = word & 255;
  }
  if (rest === 1) throw new BadInput("bad-text", "base45 text", "whole groups");
  if (rest === 2) {
    const last = valueAt(text, at) + 45 * valueAt(text, at + 1);
    if (last > 0xff) throw new BadInput("bad-text", "base45 text", "groups that stand for one byte");
    data[2 * full] = last;
  }
  return data;
}
