/**
 * This phone as a scanning device: what it was enrolled as, the bundle that it decides by, its log, and its contact
 * with the node. It decides without a network; everything that needs one waits.
 */

import { applyBriefing } from "./briefing.js";
import { openBundle } from "./bundle.js";
import { fromHex } from "./bytes.js";
import { Carrier } from "./carrier.js";
import { UsedHere, decide } from "./decide.js";
import { HEARTBEAT_SECONDS, addressee, openReceipt } from "./device-log.js";
import { VerifyKey } from "./ed25519.js";
import { Elsewhere } from "./elsewhere.js";
import { Refused } from "./errors.js";
import { makeKey } from "./keys.js";
import { Log } from "./log.js";
import * as node from "./node-client.js";
import { NodeKeys } from "./node-keys.js";
import { coverBy, syncWithNode } from "./sync.js";

export const UNDO_SECONDS = 300; // an admission can be taken back for so long; the node honours it for twice as long
const REST_SECONDS = 86_400; // so long after the first of a group the rest may follow here
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
    this.keys = null; // of the node: who signs receipts
    this.carrier = null;
    this.log = null;
    this.offset = 0; // seconds to add to this phone's clock, in an exercise only
    this.skew = 0; // seconds that this phone is behind the node, as last seen
    this.online = false;
    this.syncing = null;
    this.lastUse = null; // newest admission, for undo: see gate-acts.js
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
    this.used.elsewhere = new Elsewhere();
    const rows = await this.store.get("node-keys");
    this.keys = rows ? await NodeKeys.restored(rows) : await NodeKeys.enrolled(this.settings.receipt_key);
    this.carrier = new Carrier(this.store, this.keys);
    this.log = new Log(this.store, this.settings, this.key, this.used);
    await this.log.load();
    this.began = (await this.store.get("began")) || 0;
    const data = await this.store.get("bundle");
    if (data) {
      // Opened again, under every step, as if it had just come: what is stored is not trusted more than what is sent.
      try {
        await this.take(await this.open(data), data, false);
      } catch (error) {
        this.bundle = null;
        this.bundleError = error.code || "bad-bundle";
      }
    }
    await this.restoreElsewhere();
  }

  /** Read the lists of uses elsewhere back, each checked again; from the first bad one on they are fetched anew. */
  async restoreElsewhere() {
    const { elsewhere } = this.used;
    const kept = (await this.store.get("elsewhere")) || { seq: 0, lists: [] };
    const known = { agreement: this.settings.agreement, device: this.settings.device, now: this.now() };
    try {
      for (const data of kept.lists) await elsewhere.add(data, this.keys, known);
      elsewhere.seq = kept.seq;
    } catch (error) {
      console.info(error.message);
    }
  }

  /** @returns {number} unix seconds by this phone, in an exercise by the exercise's clock */
  now() {
    return Math.floor(Date.now() / 1000) + this.offset;
  }

  /** @param {Uint8Array} data @returns {Promise<import("./bundle.js").LoadedBundle>} under the root that signed it */
  async open(data) {
    let refusal = new Refused("bad-status-key");
    for (const [issuer, root] of Object.entries(this.settings.issuer_roots)) {
      try {
        const key = await VerifyKey.load(fromHex(root), "root");
        const known = { root: key, agreement: this.settings.agreement, now: this.now(), highestSeq: this.highestSeq };
        return { ...(await openBundle(data, known)), issuer };
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
      await this.store.put({ settings, "node-keys": undefined, code: undefined, began: Math.floor(Date.now() / 1000) });
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
    let made = await this.judge(more.words === undefined ? scan : { ...scan, words: undefined });
    let wait = 0;
    if (made.reason === "binding-needed" && more.words !== undefined) {
      wait = await this.waitFor(made);
      if (wait > 0) return { ...made, seq: 0, wait };
      made = await this.judge(scan);
      if (made.reason === "binding-failed") wait = await this.wrongWords(made);
    }
    if (made.reason === "binding-needed") return { ...made, seq: 0, wait: await this.waitFor(made) };
    if (made.admit && made.partly) return { ...made, admit: false, reason: "rest", heads: made.heads - made.partly.came, seq: 0, wait };
    const { batch, batchId, index, heads, reason, admit } = made;
    const key = batch && Log.pass(batchId, index);
    const event = this.event({ kind: admit ? "admit" : "refuse", batch, index, heads, reason });
    const seq = await this.log.record(event, admit ? { use: [key, batchId] } : {});
    if (admit) this.lastUse = { seq, at: event.at, made, heads };
    return { ...made, seq, wait };
  }

  /**
   * The decision, as if the pass had not been used here where some of its group came before: the twin of `gate/rest.py`.
   * @param {import("./decide.js").Scan} scan @returns {Promise<Object<string, *>>} a decision, with `partly` for such a pass
   */
  async judge(scan) {
    const made = await decide(this.bundle, this.used, scan, this.argon2id);
    if (made.reason !== "used-here") return made;
    const partly = await this.store.get(Log.pass(made.batchId, made.index), "partly");
    if (!partly || partly.came >= made.heads || this.now() - partly.at > REST_SECONDS) return made;
    const fresh = new UsedHere();
    fresh.elsewhere = this.used.elsewhere;
    return { ...(await decide(this.bundle, fresh, scan, this.argon2id)), partly };
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

  /** @returns {boolean} whether the newest admission can still be taken back */
  get canUndo() {
    return this.lastUse !== null && this.now() - this.lastUse.at < UNDO_SECONDS;
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

  /** @returns {Promise<void>} all that one contact does; a second call waits for the first */
  sync() {
    this.syncing ??= syncWithNode(this).finally(() => {
      this.syncing = null;
    });
    return this.syncing;
  }

  /**
   * Know the node by a further key. Another party's certificate says nothing of this phone's node.
   * @param {string} issuer whose root signed the certificate, for this agreement @param {Object<string, *>} certificate
   */
  async follow(issuer, certificate) {
    if (issuer !== this.settings.party) return;
    if (await this.keys.take(certificate)) await this.store.put({ "node-keys": this.keys.rows });
  }

  /** @param {{now: number, exercise: boolean}} told */
  async setClock({ now, exercise }) {
    const own = Math.floor(Date.now() / 1000);
    this.skew = exercise ? 0 : now - own;
    this.offset = exercise ? now - own : 0;
    await this.store.put({ offset: this.offset });
  }

  /**
   * Decide by this bundle from now on.
   * @param {import("./bundle.js").LoadedBundle} bundle @param {Uint8Array} data its bytes @param {boolean} isNew to be kept
   */
  async take(bundle, data, isNew) {
    this.bundle = bundle;
    this.bundleError = "";
    await applyBriefing(this, this.bundle, data);
    if (!isNew) return;
    await this.follow(bundle.issuer, bundle.certificate);
    this.highestSeq = bundle.seq;
    await this.store.put({ bundle: data, highestSeq: bundle.seq });
    const alive = new Set(bundle.batches.filter((batch) => batch.notAfter > this.now()).map((batch) => batch.id));
    await this.store.keepUsed(alive);
    this.used.elsewhere.keep(alive);
  }

  /**
   * Receipts that came another way than by this phone's network.
   * @param {Uint8Array[]} receipts of any phone @returns {Promise<number>} events of this phone that they cover
   * @throws {Refused} `fork`, `bad-signature`, `bad-status-key`
   */
  async takeReceipts(receipts) {
    let covered = 0;
    for (const data of receipts) {
      const { device, epoch } = addressee(data);
      if (device !== this.settings.device || epoch !== this.log.state.epoch) continue;
      covered += await coverBy(this, await openReceipt(data, this.keys, this.now()));
    }
    return covered;
  }
}
