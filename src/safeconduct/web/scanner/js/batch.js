/** What a root key signs: batch entries, and the certificate of a status key (`spec/bundle.md`). */

import { decode as decodeCbor } from "./cbor.js";
import { check as signed } from "./ed25519.js";
import { BadInput, Refused } from "./errors.js";
import * as shape from "./shape.js";

const BATCH_DOMAIN = "safeconduct.batch.1";
const STATUS_DOMAIN = "safeconduct.status.1";
const LIMIT = 1 << 14;
const LONGEST_STATUS = 7 * 86_400; // seconds

/** Cost of one try with Argon2id by preset: memory in KiB, passes; one lane always. */
export const PRESETS = { std: { memory: 32_768, passes: 3 } };
export const WORD_LISTS = ["bip39-en"];

const BATCH = {
  agreement: shape.ID,
  capacity: shape.integer(1, 1 << 24),
  classes: shape.many(shape.integer(0, 15), 16, 1),
  key: shape.raw(32),
  not_after: shape.TIME,
  not_before: shape.TIME,
  pepper: shape.raw(16),
  points: shape.many(shape.ID, 16, 1),
  preset: shape.oneOf(...Object.keys(PRESETS)),
  v: shape.integer(1, 1),
  words: shape.oneOf(...WORD_LISTS),
};
const STATUS = {
  agreement: shape.ID,
  key: shape.raw(32),
  not_after: shape.TIME,
  not_before: shape.TIME,
  v: shape.integer(1, 1),
};

/** @param {Uint8Array} data @returns {Object<string, *>} the entry's fields @throws {BadInput} `bad-cbor`, `bad-batch` */
export function decodeBatch(data) {
  const where = "batch entry";
  const fields = shape.checkMap("bad-batch", where, BATCH, decodeCbor(data, where, LIMIT));
  for (const name of ["classes", "points"]) {
    if (new Set(fields[name]).size !== fields[name].length) throw new BadInput("bad-batch", `${where}: ${name}`, "each once");
  }
  if (fields.classes.some((value, place) => place > 0 && fields.classes[place - 1] > value)) {
    throw new BadInput("bad-batch", `${where}: classes`, "ascending");
  }
  if (fields.not_before >= fields.not_after) throw new BadInput("bad-batch", where, "not_after later than not_before");
  return fields;
}

/**
 * @param {Uint8Array} data @param {Uint8Array} signature @param {import("./ed25519.js").VerifyKey} root
 * @returns {Promise<Object<string, *>>} @throws {Refused} `bad-signature`
 */
export async function openBatch(data, signature, root) {
  if (!(await signed(BATCH_DOMAIN, data, signature, root))) throw new Refused("bad-signature", "batch entry");
  return decodeBatch(data);
}

/**
 * @param {Uint8Array} data @param {Uint8Array} signature @param {import("./ed25519.js").VerifyKey} root
 * @returns {Promise<Object<string, *>>} @throws {Refused} `bad-status-key` @throws {BadInput} `bad-certificate`
 */
export async function openCertificate(data, signature, root) {
  if (!(await signed(STATUS_DOMAIN, data, signature, root))) throw new Refused("bad-status-key", "not signed by the root");
  const where = "status certificate";
  const fields = shape.checkMap("bad-certificate", where, STATUS, decodeCbor(data, where, LIMIT));
  const lasts = fields.not_after - fields.not_before;
  if (lasts <= 0 || lasts > LONGEST_STATUS) throw new BadInput("bad-certificate", where, `1 to ${LONGEST_STATUS} s`);
  return fields;
}
