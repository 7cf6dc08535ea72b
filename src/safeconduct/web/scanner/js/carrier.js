/** What this phone takes along for others that have no network: their signed segments to the node, its receipts back. */

import { decode as decodeCbor } from "./cbor.js";
import { openReceipt, parseSegment } from "./device-log.js";
import { Refused } from "./errors.js";
import { postSegment } from "./node-client.js";
import * as shape from "./shape.js";

const SEGMENTS = shape.many(shape.blob(8 << 20), 1_000);
const MOST = 2_000; // segments of others on one phone
const KEEP = 7 * 86_400; // seconds that a receipt waits here for its phone

/** One key for each segment, in the order in which a node takes them. */
const nameOf = ({ device, epoch, first }) => `${device} ${String(epoch).padStart(10, "0")} ${String(first).padStart(15, "0")}`;

export class Carrier {
  /** @param {import("./store.js").Store} store @param {import("./node-keys.js").NodeKeys} keys of this party's node */
  constructor(store, keys) {
    this.store = store;
    this.keys = keys;
  }

  /**
   * Keep another phone's segments until the node has them. They cannot be read here; what is wrong with one, the node says.
   * @param {Uint8Array} encoded CBOR of a file of events, behind its first line @param {number} now
   * @returns {Promise<{device: string, events: number}>} whose, and how many
   */
  async take(encoded, now) {
    const list = shape.check("bad-events", "file", SEGMENTS, decodeCbor(encoded, "file", 32 << 20));
    const kept = {};
    let events = 0;
    let device = "";
    for (const data of list) {
      const segment = await parseSegment(data);
      device = segment.device;
      events += segment.ciphertexts.length;
      kept[nameOf(segment)] = { device, epoch: segment.epoch, events: segment.ciphertexts.length, data, at: now, refused: "" };
    }
    if ((await this.store.all("carried")).length + list.length > MOST) throw new Refused("too-much-carried");
    await this.store.put(kept, "carried");
    return { device, events };
  }

  /** @returns {Promise<{events: number, devices: string[], refused: string[], receipts: number}>} what is here */
  async standing() {
    const kept = (await this.store.all("carried")).map(([, one]) => one);
    const waiting = kept.filter((one) => one.data && !one.refused);
    return {
      events: waiting.reduce((sum, one) => sum + one.events, 0),
      devices: [...new Set(waiting.map((one) => one.device))],
      refused: kept.filter((one) => one.refused).map((one) => `${one.device}: ${one.refused}`),
      receipts: (await this.store.all("receipts")).length,
    };
  }

  /** Hand everything over; what the node refuses is kept with its reason and blocks nothing. @param {number} now */
  async send(now) {
    for (const [name, one] of await this.store.all("carried")) {
      try {
        const receipt = await postSegment(one.data);
        const { device, epoch, upto } = await openReceipt(receipt, this.keys, now);
        await this.store.put({ [`${device} ${epoch}`]: { receipt, upto, at: now } }, "receipts");
        await this.store.put({ [name]: undefined }, "carried");
      } catch (error) {
        if (!error.code || error.code === "offline") throw error;
        await this.store.put({ [name]: { ...one, refused: error.code } }, "carried");
      }
    }
    for (const [name, { at }] of await this.store.all("receipts")) {
      if (now - at > KEEP) await this.store.put({ [name]: undefined }, "receipts");
    }
  }

  /** @returns {Promise<Uint8Array[]>} the newest receipt for each phone */
  async receipts() {
    return (await this.store.all("receipts")).map(([, { receipt }]) => receipt);
  }
}
