/** Rice coding of a set of indexes (`spec/revocation.md`): exact, and read strictly. */

import { BadInput } from "./errors.js";

export const LARGEST_PARAMETER = 23;

/** @param {number} capacity @param {number} count @returns {number} parameter with the shortest expected code */
export function parameterFor(capacity, count) {
  if (count <= 0 || count >= capacity) return 0;
  const miss = 1 - count / capacity;
  let best = 0;
  let bestBits = Infinity;
  for (let parameter = 0; parameter <= LARGEST_PARAMETER; parameter += 1) {
    const power = miss ** 2 ** parameter;
    const bits = parameter + 1 + power / (1 - power);
    if (bits < bestBits) [best, bestBits] = [parameter, bits];
  }
  return best;
}

/** @param {ArrayLike<number>} ascending @param {number} parameter @returns {Uint8Array} zero bits fill the last byte */
export function pack(ascending, parameter) {
  const bytes = [];
  let byte = 0;
  let free = 8;
  const bit = (value) => {
    free -= 1;
    byte |= value << free;
    if (free === 0) {
      bytes.push(byte);
      byte = 0;
      free = 8;
    }
  };
  let before = -1;
  for (let i = 0; i < ascending.length; i += 1) {
    const gap = ascending[i] - before - 1;
    before = ascending[i];
    for (let ones = gap >> parameter; ones > 0; ones -= 1) bit(1);
    bit(0);
    for (let low = parameter - 1; low >= 0; low -= 1) bit((gap >> low) & 1);
  }
  if (free < 8) bytes.push(byte);
  return Uint8Array.from(bytes);
}

/**
 * Read `count` ascending indexes below `capacity`.
 * @param {Uint8Array} data @param {number} parameter @param {number} count @param {number} capacity
 * @returns {Uint32Array}
 * @throws {BadInput} `bad-revocation`, when bits are missing, left over or not zero at the end, or an index is too large
 */
export function unpack(data, parameter, count, capacity) {
  const refuse = (expected) => {
    throw new BadInput("bad-revocation", "coded indexes", expected);
  };
  if (!count) return data.length ? refuse("no bytes for no index") : new Uint32Array(0);
  const found = new Uint32Array(count);
  const length = 8 * data.length;
  let at = 0;
  let index = -1;
  for (let i = 0; i < count; i += 1) {
    let ones = 0;
    while (at < length && (data[at >> 3] >> (7 - (at & 7))) & 1) {
      ones += 1;
      at += 1;
    }
    if (at + 1 + parameter > length) refuse(`${count} gaps`);
    at += 1;
    let rest = 0;
    for (let low = 0; low < parameter; low += 1, at += 1) rest = (rest << 1) | ((data[at >> 3] >> (7 - (at & 7))) & 1);
    index += 1 + ones * 2 ** parameter + rest;
    if (index >= capacity) refuse(`indexes below ${capacity}`);
    found[i] = index;
  }
  if (length - at > 7) refuse("fewer than 8 bits at the end");
  for (; at < length; at += 1) if ((data[at >> 3] >> (7 - (at & 7))) & 1) refuse("zero bits at the end");
  return found;
}
