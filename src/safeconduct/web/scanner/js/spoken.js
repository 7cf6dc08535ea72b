/** Spoken passes: six words, and the table in the bundle that knows them; the twin of `passes/spoken.py`. */

import { PRESETS, WORD_LISTS } from "./batch.js";
import { spell } from "./binding.js";
import { utf8 } from "./bytes.js";
import { decode as decodeCbor } from "./cbor.js";
import { BadInput } from "./errors.js";
import { RECORD_BYTES, SPOT_BYTES, layoutFor, read, spots } from "./fuse.js";
import * as shape from "./shape.js";

export const WORDS_SAID = 6;
export const LIMIT = 4 << 20;
const SIZE_CLASSES = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000];
const INFO = utf8("safeconduct.spoken.1");
const MASTER_BYTES = 32;
const CHECK_BYTES = 5; // of a record: zeros once it is unmasked
const LONGEST = 366 * 86_400; // seconds of a window

const TABLE = {
  agreement: shape.ID,
  batches: shape.many(shape.HASH, 32, 1),
  keys: (seen) => SIZE_CLASSES.includes(seen),
  points: shape.many(shape.many(shape.ID, 16, 1), 16, 1),
  preset: shape.oneOf(...Object.keys(PRESETS)),
  salt: shape.raw(16),
  seed: shape.raw(16),
  slots: shape.blob(LIMIT),
  v: shape.integer(1, 1),
  windows: shape.many(shape.row(shape.TIME, shape.integer(1, LONGEST)), 256, 1),
  words: shape.oneOf(...WORD_LISTS),
};

/** @param {Uint8Array} data @returns {Object<string, *>} the table's fields @throws {BadInput} `bad-cbor`, `bad-spoken` */
export function decodeTable(data) {
  const where = "spoken table";
  const fields = shape.checkMap("bad-spoken", where, TABLE, decodeCbor(data, where, LIMIT));
  if (fields.slots.length !== layoutFor(fields.keys).slots * RECORD_BYTES) {
    throw new BadInput("bad-spoken", `${where}: slots`, "as many as the size class has");
  }
  return fields;
}

/**
 * @param {string} words or their numbers @param {Uint8Array} salt @param {string} preset
 * @param {(job: Object<string, *>) => Promise<Uint8Array>} argon2id what computes it
 * @returns {Promise<Uint8Array>} what stands for these words in every table of the agreement
 */
export function masterOf(words, salt, preset, argon2id) {
  const { memory, passes } = PRESETS[preset];
  const password = utf8(spell(words));
  if (!password.length) return Promise.resolve(new Uint8Array(MASTER_BYTES)); // no words: what no pass can have
  return argon2id({ password, salt, iterations: passes, memorySize: memory, parallelism: 1, hashLength: MASTER_BYTES });
}

/** @param {Uint8Array} master @param {Uint8Array} seed @returns {Promise<Uint8Array>} 20 bytes of places, 10 of mask */
async function derive(master, seed) {
  const key = await crypto.subtle.importKey("raw", master, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: seed, info: INFO };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 8 * (SPOT_BYTES + RECORD_BYTES)));
}

/**
 * @param {Object<string, *>} table from `decodeTable` @param {Uint8Array} master
 * @returns {Promise<{index: number, batch: number, heads: number, window: number, points: number} | null>}
 */
export async function lookUp(table, master) {
  const made = await derive(master, table.seed);
  const record = read(table.slots, spots(made, layoutFor(table.keys)));
  for (let i = 0; i < RECORD_BYTES; i += 1) record[i] ^= made[SPOT_BYTES + i];
  if (record.subarray(0, CHECK_BYTES).some((byte) => byte)) return null;
  const [, , , , , a, b, c, d, e] = record;
  const found = {
    index: (a << 9) | (b << 1) | (c >> 7),
    batch: (c >> 2) & 31,
    heads: ((c & 3) << 4) | (d >> 4),
    window: ((d & 15) << 4) | (e >> 4),
    points: e & 15,
  };
  const listed =
    found.batch < table.batches.length &&
    found.heads > 0 &&
    found.window < table.windows.length &&
    found.points < table.points.length;
  return listed ? found : null;
}

/** Wrong words on this phone: three are free, then a minute, doubling up to an hour (`gate/decide_spoken.py`). */
export const FREE_TRIES = 3;
const FIRST_WAIT = 60;
const LONGEST_WAIT = 3_600;

/**
 * @param {{count: number, last: number} | null} tries wrong answers so far, and when the last was @param {number} now
 * @returns {number} seconds until the next answer; a clock that is set back neither shortens it nor lengthens it
 */
export function waitAfter(tries, now) {
  if (!tries || tries.count < FREE_TRIES) return 0;
  const whole = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(tries.count - FREE_TRIES, 10));
  return Math.max(0, Math.min(whole, tries.last + whole - now));
}
