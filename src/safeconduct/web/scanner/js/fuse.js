/** A 4-wise binary fuse table, read: four slots of a key XOR to its record (`spec/spoken-pass.md`). */

export const RECORD_BYTES = 10;
export const SPOT_BYTES = 20;

/**
 * @typedef {Object} Layout how the slots of a table are cut into segments
 * @property {number} segment slots in one, a power of two @property {number} starts segments at which a key may start
 * @property {number} slots of the whole table
 */

/** @param {number} keys a size class @returns {Layout} */
export function layoutFor(keys) {
  const segment = 2 ** Math.floor(Math.log(keys) / Math.log(2.91) - 0.5);
  const factor = Math.max(1.075, 0.77 + (0.305 * Math.log(600_000)) / Math.log(keys));
  const segments = Math.ceil(Math.round(keys * factor) / segment);
  const starts = Math.max(1, segments - 3);
  return { segment, starts, slots: (starts + 3) * segment };
}

/** @param {Uint8Array} hashed 20 bytes @param {Layout} layout @returns {number[]} the four slots of a key */
export function spots(hashed, { segment, starts }) {
  let word = 0n;
  for (let i = 0; i < 8; i += 1) word = (word << 8n) | BigInt(hashed[i]);
  const first = Number((word * BigInt(starts)) >> 64n) * segment;
  return [8, 11, 14, 17].map((at, place) => {
    const offset = (hashed[at] << 16) | (hashed[at + 1] << 8) | hashed[at + 2];
    return first + place * segment + (offset & (segment - 1));
  });
}

/** @param {Uint8Array} slots @param {number[]} places @returns {Uint8Array} the record, or noise */
export function read(slots, places) {
  const record = new Uint8Array(RECORD_BYTES);
  for (const place of places) {
    for (let i = 0; i < RECORD_BYTES; i += 1) record[i] ^= slots[place * RECORD_BYTES + i];
  }
  return record;
}
