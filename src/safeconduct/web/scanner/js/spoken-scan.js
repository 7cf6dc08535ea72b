/** Six words at this phone: how often they may be tried, the decision, and its event. */

import { UsedHere, decideSpoken } from "./decide.js";
import { Refused } from "./errors.js";
import { Log } from "./log.js";
import { waitAfter } from "./spoken.js";

export const MARK = "spoken"; // note of the event: decided on words, nothing was carried
const REST_SECONDS = 86_400; // so long after the first of a group the rest may follow here
const TRIES = "spokenTries"; // {count, last}: counted for all spoken passes together, and kept over a reload

/** @returns {number} unix seconds by this phone's own clock, which an exercise does not set */
const own = () => Math.floor(Date.now() / 1000);

/** @param {import("./device.js").Device} device @returns {Promise<number>} seconds until words may be said again */
export async function waitForWords(device) {
  return waitAfter((await device.store.get(TRIES)) || null, own());
}

/** Count an answer; a right one clears what was wrong before it. @param {boolean} right @returns {Promise<number>} seconds */
async function note(device, right) {
  const before = (await device.store.get(TRIES)) || { count: 0, last: 0 };
  const tries = right ? undefined : { count: before.count + 1, last: own() };
  await device.store.put({ [TRIES]: tries });
  return waitAfter(tries || null, own());
}

/**
 * Decide on six words and store the event; the colour may show when this returns. No word is kept.
 * @param {import("./device.js").Device} device @param {string} words or their numbers
 * @returns {Promise<Object<string, *>>} a decision, with `spoken`, `seq` and `wait`
 */
export async function scanWords(device, words) {
  if (device.bundle === null) throw new Refused("no-bundle");
  const before = await waitForWords(device);
  const nothing = { admit: false, reason: "binding-failed", warnings: [], batch: null, batchId: "", index: null, heads: 0, points: [] };
  if (before > 0) return { ...nothing, spoken: true, seq: 0, wait: before };
  const made = await judge(device, { words, point: device.settings.point, now: device.now() });
  const wrong = made.reason === "binding-failed";
  const wait = wrong || made.batch !== null ? await note(device, !wrong) : 0;
  const shown = { ...made, spoken: true, wait };
  if (made.admit && made.partly) return { ...shown, admit: false, reason: "rest", heads: made.heads - made.partly.came, seq: 0 };
  const { batch, batchId, index, heads, reason, admit } = made;
  const event = device.event({ kind: admit ? "admit" : "refuse", batch, index, heads, reason, note: MARK });
  const seq = await device.log.record(event, admit ? { use: [Log.pass(batchId, index), batchId] } : {});
  if (admit) device.lastUse = { seq, at: event.at, made: shown, heads };
  return { ...shown, seq };
}

/** The decision, as if the pass had not been used here where some of its group came before. */
async function judge(device, scan) {
  const made = await decideSpoken(device.bundle, device.used, scan, device.argon2id);
  if (made.reason !== "used-here") return made;
  const partly = await device.store.get(Log.pass(made.batchId, made.index), "partly");
  if (!partly || partly.came >= made.heads || device.now() - partly.at > REST_SECONDS) return made;
  const fresh = new UsedHere();
  fresh.elsewhere = device.used.elsewhere;
  return { ...(await decideSpoken(device.bundle, fresh, scan, device.argon2id)), partly };
}
