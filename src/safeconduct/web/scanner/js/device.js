/**
 * This phone as a scanning device: what it was enrolled as, the bundle that it decides by, its log, and its contact
 * with the node. It decides without a network; everything that needs one waits.
 */

import { fromHex, equal } from "./bytes.js";
import { openBundle } from "./bundle.js";
import { UsedHere, decide } from "./decide.js";
import { HEARTBEAT_SECONDS, parseSegment } from "./device-log.js";
import { VerifyKey } from "./ed25519.js";
import { Refused } from "./errors.js";
import { makeKey } from "./keys.js";
import { Log } from "./log.js";
import * as node from "./node-client.js";

export const UNDO_SECONDS = 300; // an admission can be taken back for so long; the node honours it for twice as long
const FREE_TRIES = 3; // at the words of one pass, before this phone makes them wait
const FIRST_WAIT = 60; // seconds; doubled with each further wrong answer
const LONGEST_WAIT = 3_600;

export class Device {
  /** Use `Device.load`. */
  constructor(store, argon2id) {
    this.store = store;
    this.argon2id = argon2id;
    this.settings = null;
    this.key = null;
    this.bundle = null;
    this.bundleError = "";
    this.highestSeq = 0;
    this.used = new UsedHere();
    this.log = null;
    this.offset = 0; // seconds to add to this phone's clock, in an exercise only
    this.skew = 0; // seconds that this phone is behind the node, as last seen
    this.online = false;
    this.syncing = null;
    this.lastUse = null; // newest admission, for undo
    this.began = 0; // unix seconds, of the enrolment
  }

  /** @returns {Promise<Device>} with what is stored here; `settings` is null on a phone that is not enrolled */
  static async load(store, argon2id) {
    const device = new Device(store, argon2id);
    await device.restore();
    return device;
  }

  /** Read everything back. */
  async restore() {
    this.settings = (await this.store.get("settings")) || null;
    this.key = (await this.store.get("key")) || null;
    if (this.settings === null) return;
    this.offset = (await this.store.get("offset")) || 0;
    this.highestSeq = (await this.store.get("highestSeq")) || 0;
    this.used = new UsedHere((await this.store.all("used")).map(([key]) => key));
    this.log = new Log(this.store, this.settings, this.key, this.used);
    await this.log.load();
    this.began = (await this.store.get("began")) || 0;
    const data = await this.store.get("bundle");
    if (data) {
      // Opened again, under every step, as if it had just come: what is stored is not trusted more than what is sent.
      try {
        this.bundle = await this.open(data);
      } catch (error) {
        this.bundleError = error.code || "bad-bundle";
      }
    }
  }

  /** @returns {number} unix seconds by this phone, in an exercise by the exercise's clock */
  now() {
    return Math.floor(Date.now() / 1000) + this.offset;
  }

  /** @param {Uint8Array} data @returns {Promise<import("./bundle.js").LoadedBundle>} under the root that signed it */
  async open(data) {
    let refusal = new Refused("bad-status-key");
    for (const root of Object.values(this.settings.issuer_roots)) {
      try {
        const key = await VerifyKey.load(fromHex(root), "root");
        const known = { root: key, agreement: this.settings.agreement, now: this.now(), highestSeq: this.highestSeq };
        return await openBundle(data, known);
      } catch (error) {
        if (error.code !== "bad-status-key") throw error; // of another root: ask the next one
        refusal = error;
      }
    }
    throw refusal;
  }

  // -- enrolment -----------------------------------------------------------------------------------------------------

  /** @param {{secret: string, check: string}} code @param {boolean} native @returns {Promise<{number: string, enrolled: boolean}>} */
  async enrol(code, native) {
    if (this.key === null) {
      this.key = await makeKey(native);
      await this.store.put({ key: this.key, code });
    }
    const { number, settings } = await node.claim(code, this.key);
    if (settings !== null) {
      await this.store.put({ settings, code: undefined, began: Math.floor(Date.now() / 1000) });
      await this.restore();
    }
    return { number, enrolled: settings !== null };
  }

  /** Give up an enrolment that was not approved; the key goes with it. */
  async giveUp() {
    this.key = null;
    await this.store.put({ key: undefined, code: undefined });
  }

  // -- deciding ------------------------------------------------------------------------------------------------------

  /** @returns {Object<string, *> | null} the control point of this device as the bundle has it */
  get point() {
    return (this.bundle && this.bundle.points.get(this.settings.point)) || null;
  }

  /** @returns {number} newest ledger size that this device has seen */
  get logSize() {
    return this.bundle ? this.bundle.ledger : 0;
  }

  /** What every event carries. @param {Object<string, *>} more @returns {Object<string, *>} */
  event(more) {
    return { at: this.now(), bundleSeq: this.bundle ? this.bundle.seq : 0, logSize: this.logSize, ...more };
  }

  /**
   * Decide on a pass and store the event; the colour may show when this returns.
   * A pass that waits for its words is no refusal yet, and is not recorded as one.
   * @param {string} text @param {{words?: string, document?: string, heads?: number}} [more]
   * @returns {Promise<import("./decide.js").Decision & {seq: number, wait: number}>}
   */
  async scan(text, more = {}) {
    if (this.bundle === null) throw new Refused("no-bundle");
    const scan = { raw: text, point: this.settings.point, now: this.now(), ...more };
    let made = await decide(this.bundle, this.used, more.words === undefined ? scan : { ...scan, words: undefined }, this.argon2id);
    let wait = 0;
    if (made.reason === "binding-needed" && more.words !== undefined) {
      wait = await this.waitFor(made);
      if (wait > 0) return { ...made, seq: 0, wait };
      made = await decide(this.bundle, this.used, scan, this.argon2id);
      if (made.reason === "binding-failed") wait = await this.wrongWords(made);
    }
    if (made.reason === "binding-needed") return { ...made, seq: 0, wait: await this.waitFor(made) };
    const { batch, batchId, index, heads, reason, admit } = made;
    const key = batch && Log.pass(batchId, index);
    const event = this.event({ kind: admit ? "admit" : "refuse", batch, index, heads, reason });
    const seq = await this.log.record(event, admit ? { use: [key, batchId] } : {});
    if (admit) this.lastUse = { seq, at: event.at, made };
    return { ...made, seq, wait };
  }

  /** @param {Object<string, *>} made @returns {Promise<number>} seconds until words may be tried at this pass again */
  async waitFor(made) {
    const tries = await this.store.get(Log.pass(made.batchId, made.index), "tries");
    return tries ? Math.max(0, tries.until - Math.floor(Date.now() / 1000)) : 0;
  }

  /** Count a wrong answer. @param {Object<string, *>} made @returns {Promise<number>} seconds to wait */
  async wrongWords(made) {
    const key = Log.pass(made.batchId, made.index);
    const tries = (await this.store.get(key, "tries")) || { count: 0, until: 0 };
    const count = tries.count + 1;
    const wait = count < FREE_TRIES ? 0 : Math.min(FIRST_WAIT * 2 ** (count - FREE_TRIES), LONGEST_WAIT);
    await this.store.put({ [key]: { count, until: Math.floor(Date.now() / 1000) + wait } }, "tries");
    return wait;
  }

  /**
   * Let through against a refusal: a decision of its own beside it.
   * @param {Object<string, *>} made what was refused @param {number} heads @param {string} why @param {string} note
   */
  async override(made, heads, why, note) {
    const { batch, batchId, index } = made;
    const event = this.event({ kind: "override", batch, index, heads, reason: made.reason, note: note ? `${why}: ${note}` : why });
    const seq = await this.log.record(event, batch ? { use: [Log.pass(batchId, index), batchId] } : {});
    this.lastUse = { seq, at: event.at, made: { ...made, heads } };
    return seq;
  }

  /** @returns {boolean} whether the newest admission can still be taken back */
  get canUndo() {
    return this.lastUse !== null && this.now() - this.lastUse.at < UNDO_SECONDS;
  }

  /** Take the newest admission back: an event of its own that names it; nothing is deleted. */
  async undo() {
    const { seq, made } = this.lastUse;
    const { batch, batchId, index, heads } = made;
    const event = this.event({ kind: "note", batch, index, heads, reason: "undo", note: String(seq) });
    await this.log.record(event, batch ? { forget: Log.pass(batchId, index) } : {});
    this.lastUse = null;
  }

  /** Fewer came than the pass allows: the admission is taken back, and made again for those who came. @param {number} heads */
  async fewer(heads) {
    const { made } = this.lastUse;
    await this.undo();
    const { batch, batchId, index } = made;
    const event = this.event({ kind: "admit", batch, index, heads, reason: "ok" });
    const seq = await this.log.record(event, { use: [Log.pass(batchId, index), batchId] });
    this.lastUse = { seq, at: event.at, made: { ...made, heads } };
    return { ...made, heads, warnings: [...made.warnings, "heads-fewer"], seq, wait: 0 };
  }

  /** Record what is no scan. @param {"turned-away" | "assault" | "crowd" | "note"} kind @param {Object<string, *>} more */
  async witness(kind, more) {
    return this.log.record(this.event({ kind, ...more }));
  }

  /** While a point is open, say so every half hour: silence reads "no record from the holder". */
  async heartbeat() {
    const quiet = Math.min(this.now() - this.log.state.at, Math.floor(Date.now() / 1000) - this.began);
    if (!this.point || this.point.state !== "open" || quiet < HEARTBEAT_SECONDS) return;
    await this.witness("heartbeat", {});
  }

  // -- the node ------------------------------------------------------------------------------------------------------

  /** @returns {Promise<void>} time, log, bundle, in this order; a second call waits for the first */
  sync() {
    this.syncing ??= this.contact().finally(() => {
      this.syncing = null;
    });
    return this.syncing;
  }

  /** @throws {Refused} the first thing that failed; what was done before it stays done */
  async contact() {
    try {
      const told = await node.nodeTime();
      this.online = true;
      await this.setClock(told);
      await this.send();
      await this.refresh(told.now);
    } catch (error) {
      if (error.code === "offline") this.online = false;
      throw error;
    }
  }

  /** @param {{now: number, exercise: boolean}} told */
  async setClock({ now, exercise }) {
    const own = Math.floor(Date.now() / 1000);
    this.skew = exercise ? 0 : now - own;
    this.offset = exercise ? now - own : 0;
    await this.store.put({ offset: this.offset });
  }

  /** Send every segment; delete what a receipt covers whose hash is that of our own chain. */
  async send() {
    for (const [, { data }] of await this.log.segments()) {
      const { upto, hash } = await node.sendSegment(data, this.settings, this.log.state.epoch);
      const { hashes, first, last } = await parseSegment(data);
      if (upto >= first && upto <= last && !equal(hashes[upto - first], hash)) throw new Refused("fork");
      await this.store.covered(upto);
    }
  }

  /**
   * Fetch the newest bundle and take it, if every step of its check says yes.
   * @param {number} nodeNow the node's time: a phone whose clock is wrong still gets its list
   */
  async refresh(nodeNow) {
    const data = await node.fetchBundle(this.settings, this.key, nodeNow);
    const bundle = await this.open(data);
    const isNew = !this.bundle || bundle.seq > this.bundle.seq;
    this.bundle = bundle;
    this.bundleError = "";
    if (!isNew && this.highestSeq === bundle.seq) return;
    this.highestSeq = bundle.seq;
    await this.store.put({ bundle: data, highestSeq: bundle.seq });
    const alive = new Set(bundle.batches.filter((batch) => batch.notAfter > this.now()).map((batch) => batch.id));
    await this.store.keepUsed(alive);
  }
}
