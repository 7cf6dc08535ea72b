/**
 * Writes this phone's log: one event after the other, each on the disk before `record` returns, in segments whose keys
 * are sealed to the parties when a segment begins. What was written cannot be read here again.
 */

import { sealTo } from "./age.js";
import { UsedHere } from "./decide.js";
import { GENESIS, closeSegment, encodeEvent, encryptEvent, nextHead, segmentKey } from "./device-log.js";
import { sign } from "./keys.js";

const MOST_EVENTS = 200; // in one segment

export class Log {
  /**
   * @param {import("./store.js").Store} store @param {Object<string, *>} settings of the enrolment
   * @param {import("./keys.js").DeviceKey} key @param {UsedHere} used
   */
  constructor(store, settings, key, used) {
    this.store = store;
    this.settings = settings;
    this.key = key;
    this.used = used;
    this.state = null;
    this.open = null;
    this.queue = Promise.resolve();
  }

  /** Read where the log stands. */
  async load() {
    this.state = (await this.store.get("log")) || { epoch: this.settings.epoch, seq: 0, head: GENESIS, at: 0 };
    this.open = (await this.store.get("open")) || null;
    if (this.open === null && (await this.store.all("events")).length) throw new Error("events without their segment");
  }

  /** One thing after another: two events must never take one number. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  inTurn(work) {
    const next = this.queue.then(work);
    this.queue = next.catch(() => undefined);
    return next;
  }

  /**
   * Store one event.
   * @param {Object<string, *>} event without number and place @param {{use?: [string, string], forget?: string}} [pass]
   * @returns {Promise<number>} its number, once it is on the disk
   */
  record(event, pass = {}) {
    return this.inTurn(async () => {
      if (this.open && this.state.seq - this.open.first + 1 >= MOST_EVENTS) await this.close();
      const open = this.open || (await this.begin());
      const seq = this.state.seq + 1;
      const { device, point } = this.settings;
      const data = encodeEvent({ point, ...event, seq });
      const ciphertext = await encryptEvent(open.key, device, this.state.epoch, seq, data);
      const log = { ...this.state, seq, head: await nextHead(this.state.head, ciphertext), at: event.at };
      await this.store.append(seq, ciphertext, log, open, pass);
      this.state = log;
      this.open = open;
      if (pass.use) this.used.here.add(pass.use[0]);
      if (pass.forget) this.used.here.delete(pass.forget);
      return seq;
    });
  }

  /** @returns {Promise<Object<string, *>>} a new segment: a fresh key, sealed to each recipient, then out of reach */
  async begin() {
    const raw = crypto.getRandomValues(new Uint8Array(32));
    const sealed = new Map();
    for (const [party, recipient] of Object.entries(this.settings.recipients)) sealed.set(party, sealTo(recipient, raw));
    const key = await segmentKey(raw);
    raw.fill(0);
    return { first: this.state.seq + 1, previous: this.state.head, key, sealed };
  }

  /** Close the open segment, if there is one: from here on its bytes are fixed. */
  async close() {
    if (this.open === null) return;
    const { first, previous, sealed } = this.open;
    const events = await this.store.all("events");
    const run = {
      device: this.settings.device,
      epoch: this.state.epoch,
      first,
      previous,
      ciphertexts: events.map(([, event]) => event.ciphertext),
      head: this.state.head,
      keys: sealed,
    };
    const data = await closeSegment(run, (message) => sign(this.key, message));
    await this.store.close(first, this.state.seq, data);
    this.open = null;
  }

  /** @returns {Promise<Array<[number, {last: number, data: Uint8Array}]>>} all closed segments, the open one among them */
  segments() {
    return this.inTurn(async () => {
      await this.close();
      return this.store.all("segments");
    });
  }

  /** @param {string} batchId @param {number} index @returns {string} */
  static pass(batchId, index) {
    return UsedHere.key(batchId, index);
  }
}
