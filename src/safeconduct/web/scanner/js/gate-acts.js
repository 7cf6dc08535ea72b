/** What a guard does with a decision: let through all the same, take back, let fewer through, and the rest later. */

import { Log } from "./log.js";

/**
 * Let through against a refusal: a decision of its own beside it.
 * @param {import("./device.js").Device} device @param {Object<string, *>} made what was refused @param {number} heads
 * @param {string} why @param {string} note
 */
export async function override(device, made, heads, why, note) {
  const { batch, batchId, index } = made;
  const event = device.event({ kind: "override", batch, index, heads, reason: made.reason, note: note ? `${why}: ${note}` : why });
  const seq = await device.log.record(event, batch ? { use: [Log.pass(batchId, index), batchId] } : {});
  device.lastUse = { seq, at: event.at, made, heads };
}

/** Take the newest admission back: an event of its own that names it; nothing is deleted. */
export async function undo(device) {
  const { seq, made, heads, before } = device.lastUse;
  const { batch, batchId, index } = made;
  const event = device.event({ kind: "note", batch, index, heads, reason: "undo", note: String(seq) });
  await device.log.record(event, batch ? { forget: Log.pass(batchId, index) } : {});
  device.lastUse = null;
  if (before) await admit(device, made, before.came, before.total); // those who came first did come
}

/**
 * Admit fewer than the pass names; the rest may follow here.
 * @param {number} heads who came @param {number} total that the pass names @returns {Promise<{seq: number, at: number}>}
 */
async function admit(device, made, heads, total) {
  const { batch, batchId, index } = made;
  const event = device.event({ kind: "admit", batch, index, heads, reason: "ok" });
  const partly = heads < total ? { came: heads, total, at: event.at } : undefined;
  return { seq: await device.log.record(event, { use: [Log.pass(batchId, index), batchId], partly }), at: event.at };
}

/**
 * Fewer came than the pass allows: the admission is taken back, and made again for those who came.
 * @param {import("./device.js").Device} device @param {number} heads @returns {Promise<Object<string, *>>} what is shown
 */
export async function fewer(device, heads) {
  const { made } = device.lastUse;
  const total = made.total ?? made.heads;
  await undo(device);
  const { seq, at } = await admit(device, made, heads, total);
  const now = { ...made, heads, total, warnings: [...new Set([...made.warnings, "heads-fewer"])], seq, wait: 0 };
  device.lastUse = { seq, at, made: now, heads };
  return now;
}

/**
 * Some of the rest of a group came: an admission that goes on with the earlier one and counts all who came.
 * @param {import("./device.js").Device} device @param {Object<string, *>} made of reason "rest"
 * @param {number} heads who come now @returns {Promise<Object<string, *>>} what is shown
 */
export async function rest(device, made, heads) {
  const { batch, batchId, index, partly } = made;
  const came = partly.came + heads;
  const event = device.event({ kind: "admit", batch, index, heads: came, reason: "rest", note: String(partly.seq) });
  const left = came < partly.total ? { came, total: partly.total, at: event.at } : undefined;
  const seq = await device.log.record(event, { use: [Log.pass(batchId, index), batchId], partly: left });
  device.lastUse = { seq, at: event.at, made, heads: came, before: partly };
  return { ...made, admit: true, reason: "ok", heads, warnings: left ? ["heads-fewer"] : [], partly: undefined, followed: true, seq, wait: 0 };
}
