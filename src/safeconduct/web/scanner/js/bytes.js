/**
 * Bytes, hexadecimal, hashes: what every reader uses. Works alike in a page, in a worker and in Node.
 */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const ENCODER = new TextEncoder();
const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @param {Uint8Array} data @returns {string} lower-case hexadecimal */
export function toHex(data) {
  let text = "";
  for (let i = 0; i < data.length; i += 1) text += HEX[data[i]];
  return text;
}

/** @param {string} text pairs of hexadecimal digits @returns {Uint8Array} */
export function fromHex(text) {
  if (text.length % 2 || !/^[0-9a-f]*$/i.test(text)) throw new RangeError("not hexadecimal");
  const data = new Uint8Array(text.length / 2);
  for (let i = 0; i < data.length; i += 1) data[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return data;
}

/** @param {...Uint8Array} parts @returns {Uint8Array} all parts, one behind the other */
export function concat(...parts) {
  let length = 0;
  for (const part of parts) length += part.length;
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @param {Uint8Array} one @param {Uint8Array} other @returns {boolean} */
export function equal(one, other) {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let i = 0; i < one.length; i += 1) difference |= one[i] ^ other[i];
  return difference === 0;
}

/** @param {string} text @returns {Uint8Array} UTF-8 */
export function utf8(text) {
  return ENCODER.encode(text);
}

/** @param {Uint8Array} data @returns {string} @throws {TypeError} if the bytes are no UTF-8 */
export function fromUtf8(data) {
  return STRICT.decode(data);
}

/** @param {Uint8Array} data @returns {Promise<Uint8Array>} 32 bytes */
export async function sha256(data) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

/** @param {number} value whole, at most 2^53 @param {number} length of the result @returns {Uint8Array} big-endian */
export function bigEndian(value, length) {
  const data = new Uint8Array(length);
  for (let i = length - 1, rest = value; i >= 0; i -= 1, rest = Math.floor(rest / 256)) data[i] = rest % 256;
  return data;
}

/** @param {string} text standard alphabet, padded or not @returns {Uint8Array} */
export function fromBase64(text) {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** @param {Uint8Array} data @returns {string} standard alphabet without padding */
export function toBase64(data) {
  let binary = "";
  for (let i = 0; i < data.length; i += 1) binary += String.fromCharCode(data[i]);
  return btoa(binary).replace(/=+$/, "");
}
