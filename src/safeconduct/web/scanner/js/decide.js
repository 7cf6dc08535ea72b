/** The decision on one scan: admit or refuse, with one reason; the twin of `gate/decide.py`, step by step. */

import { bind, bindPhone, secretOf } from "./binding.js";
import { equal } from "./bytes.js";
import { BadInput } from "./errors.js";
import { holds, readProof } from "./holding.js";
import { NO_BINDING, PASS_BYTES, PHONE, WORDS_AND_DOCUMENT, fields, fromText } from "./pass.js";
import { lookUp, masterOf } from "./spoken.js";

/**
 * @typedef {Object} Scan a pass presented at a control point
 * @property {string | Uint8Array} raw the text of the code, or the 96 bytes @property {string} point this device's
 * @property {number} now this device's time, unix seconds @property {string} [words] as spoken
 * @property {number} [heads] people counted @property {string} [document] travel-document number
 * @property {string} [proof] the code that their phone shows
 */

/**
 * @typedef {Object} Decision
 * @property {boolean} admit @property {string} reason "ok", or a code of `errors.py` @property {string[]} warnings
 * @property {Uint8Array | null} batch identity; null, like index and class, while the signature was not found right
 * @property {string} batchId the same in hexadecimal, or empty
 * @property {number | null} index @property {number} heads let through, or named if refused
 * @property {number | null} passClass @property {number} start @property {number} end of the window, 0 if not known
 * @property {string[]} points that the pass names @property {number} kind of binding
 */

/** Passes used here, and those that merged logs say were used elsewhere: sets without times or people. */
export class UsedHere {
  /** @param {Iterable<string>} [here] @param {Iterable<string>} [elsewhere] keys by `UsedHere.key` */
  constructor(here = [], elsewhere = []) {
    this.here = new Set(here);
    this.elsewhere = new Set(elsewhere);
  }

  /** @param {string} batchId @param {number} index @returns {string} */
  static key(batchId, index) {
    return `${batchId}:${index}`;
  }
}

/** @param {string} reason @returns {Decision} before, or at, the signature: nothing of what the pass says is repeated */
function refuse(reason) {
  return {
    admit: false,
    reason,
    warnings: [],
    batch: null,
    batchId: "",
    index: null,
    heads: 0,
    passClass: null,
    start: 0,
    end: 0,
    points: [],
    kind: NO_BINDING,
  };
}

/**
 * Decide on one scan; nothing is changed, and the same inputs give the same decision.
 *
 * Steps: 1. form; 2. the bundle's life and its stale policy; 3. the control point is known and open; 4. the key id;
 * 5. the signature; 6. class, index and window lie in the batch; 7. revoked; 8. control point; 9. window; 10. used
 * here, used elsewhere; 11. heads; 12. binding. Why in this order: `gate/decide.py`.
 *
 * @param {import("./bundle.js").LoadedBundle} bundle @param {UsedHere} used @param {Scan} scan
 * @param {(job: Object<string, *>) => Promise<Uint8Array>} argon2id what computes a binding
 * @returns {Promise<Decision>}
 */
export async function decide(bundle, used, scan, argon2id) {
  let raw = scan.raw;
  let told;
  try {
    if (typeof raw === "string") raw = fromText(raw); // 1
    if (raw.length !== PASS_BYTES) return refuse("malformed");
    told = fields(raw);
  } catch (error) {
    if (error instanceof BadInput) return refuse("malformed");
    throw error;
  }
  const warnings = [];
  if (scan.now >= bundle.staleFrom || scan.now >= bundle.expires) {
    if (scan.now >= bundle.expires) return refuse("bundle-expired"); // 2
    if (bundle.stalePolicy === "refuse") return refuse("bundle-stale");
    warnings.push("bundle-stale");
  }
  const point = bundle.points.get(scan.point); // 3
  if (point === undefined) return refuse("unknown-point");
  if (point.state !== "open") return refuse(point.state === "hold" ? "point-hold" : "point-closed");
  const candidates = bundle.byKeyId.get(told.keyId); // 4
  if (candidates === undefined) return refuse("unknown-key");
  let batch = null;
  for (const one of candidates) {
    if (await one.key.verify(raw.subarray(32), signedBytes(one, raw))) { // 5
      batch = one;
      break;
    }
  }
  if (batch === null) return refuse("bad-signature");
  const known = {
    warnings,
    batch: batch.identity,
    batchId: batch.id,
    index: told.index,
    heads: told.heads,
    passClass: told.passClass,
    start: told.start,
    end: told.end,
    points: [],
    kind: told.kind,
  };
  let reason = judge(batch, used, scan, told);
  if (reason === null && told.kind !== NO_BINDING) reason = await checkBinding(scan, batch, told, raw, argon2id); // 12
  if (reason !== null) {
    for (const [id, bit] of batch.pointBits) if (bit & told.points) known.points.push(id);
    return { admit: false, reason, ...known };
  }
  if (told.kind === NO_BINDING) warnings.push("no-binding");
  if (scan.heads !== undefined && scan.heads < told.heads) {
    warnings.push("heads-fewer");
    known.heads = scan.heads;
  }
  return { admit: true, reason: "ok", ...known };
}

/**
 * Decide on six words; nothing is changed: the twin of `gate/decide_spoken.py`.
 *
 * Steps: 1. the bundle's life and its stale policy; 2. the control point is known and open; 3. the bundle has a table;
 * 4. it knows the words; then 6 to 11 of `decide`. Wrong words and words of no table are one reason.
 *
 * @param {import("./bundle.js").LoadedBundle} bundle @param {UsedHere} used
 * @param {{words: string, point: string, now: number, heads?: number}} scan
 * @param {(job: Object<string, *>) => Promise<Uint8Array>} argon2id
 * @returns {Promise<Decision>}
 */
export async function decideSpoken(bundle, used, scan, argon2id) {
  if (scan.now >= bundle.expires) return refuse("bundle-expired"); // 1
  const stale = scan.now >= bundle.staleFrom;
  if (stale && bundle.stalePolicy === "refuse") return refuse("bundle-stale");
  const point = bundle.points.get(scan.point); // 2
  if (point === undefined) return refuse("unknown-point");
  if (point.state !== "open") return refuse(point.state === "hold" ? "point-hold" : "point-closed");
  const table = bundle.spoken; // 3
  if (table === null) return refuse("no-spoken-passes");
  const found = await lookUp(table, await masterOf(scan.words, table.salt, table.preset, argon2id)); // 4
  if (found === null) return refuse("binding-failed");
  const batch = bundle.batches.find((one) => equal(one.identity, table.batches[found.batch]));
  const [start, length] = table.windows[found.window];
  const names = table.points[found.points];
  const told = {
    index: found.index,
    heads: found.heads,
    passClass: 31 - Math.clz32(batch.classes & -batch.classes),
    start,
    end: start + length,
    points: names.reduce((mask, name) => mask | (batch.pointBits.get(name) || 0), 0),
  };
  const known = {
    warnings: stale ? ["bundle-stale"] : [],
    batch: batch.identity,
    batchId: batch.id,
    index: told.index,
    heads: told.heads,
    passClass: told.passClass,
    start,
    end: told.end,
    points: [],
    kind: NO_BINDING,
  };
  const reason = judge(batch, used, scan, told);
  if (reason !== null) return { admit: false, reason, ...known, points: names };
  if (scan.heads !== undefined && scan.heads < told.heads) {
    known.warnings.push("heads-fewer");
    known.heads = scan.heads;
  }
  return { admit: true, reason: "ok", ...known };
}

/** What step 5 verifies: a batch's prefix and a pass's payload. */
function signedBytes(batch, raw) {
  const message = new Uint8Array(batch.prefix.length + 32);
  message.set(batch.prefix);
  message.set(raw.subarray(0, 32), batch.prefix.length);
  return message;
}

/** Steps 6 to 11, on a pass whose signature is right: the first reason against it, or null. */
function judge(batch, used, scan, told) {
  if (!((batch.classes >> told.passClass) & 1)) return "class-not-in-batch"; // 6
  if (told.index >= batch.capacity || told.start < batch.notBefore || told.end > batch.notAfter) return "out-of-batch";
  if (batch.revoked.has(told.index)) return "revoked"; // 7
  if (!((batch.pointBits.get(scan.point) || 0) & told.points)) return "wrong-point"; // 8
  if (scan.now < told.start) return "not-yet"; // 9
  if (scan.now >= told.end) return "expired";
  const key = UsedHere.key(batch.id, told.index);
  if (used.here.has(key)) return "used-here"; // 10
  if (used.elsewhere.has(key)) return "used-elsewhere";
  return scan.heads !== undefined && scan.heads > told.heads ? "heads-differ" : null; // 11
}

/** Step 12: the reason against words or phone, or null; words cost one Argon2id. */
async function checkBinding(scan, batch, told, raw, argon2id) {
  if (told.kind === PHONE) return checkPhone(scan, told, raw);
  const document = told.kind === WORDS_AND_DOCUMENT ? scan.document || null : null;
  if (!scan.words || (told.kind === WORDS_AND_DOCUMENT && document === null)) return "binding-needed";
  const computed = await bind(
    secretOf(scan.words, document),
    batch.identity,
    told.index,
    batch.pepper,
    batch.preset,
    argon2id,
  );
  return equal(computed, told.binding) ? null : "binding-failed";
}

/** Step 12 for a phone's key: whatever is wrong with the code, it is one reason. */
async function checkPhone(scan, told, raw) {
  if (!scan.proof) return "binding-needed";
  let proof;
  try {
    proof = await readProof(scan.proof);
  } catch (error) {
    if (error instanceof BadInput) return "binding-failed";
    throw error;
  }
  const bound = equal(await bindPhone(proof.key.raw), told.binding);
  return bound && (await holds(proof, raw, scan.point, scan.now)) ? null : "binding-failed";
}
