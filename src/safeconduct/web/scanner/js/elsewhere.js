/** Passes that other devices used, as the node knows it: signed lists, each added to the one before (`spec/device-log.md`). */

import { toHex } from "./bytes.js";
import { decode as decodeCbor } from "./cbor.js";
import { BadInput, Refused } from "./errors.js";
import { LARGEST_PARAMETER, unpack } from "./rice.js";
import * as shape from "./shape.js";

const DOMAIN = "safeconduct.used.1";
const LIMIT = 8 << 20;
const MOST = 1 << 24;
export const MOST_LISTS = 100; // kept one after the other; then all of it is asked for anew
const COUNT = shape.integer(0, Number.MAX_SAFE_INTEGER);
const BATCH = shape.row(shape.HASH, shape.integer(1, MOST), shape.integer(0, LARGEST_PARAMETER), shape.blob(LIMIT));
const LIST = {
  agreement: shape.ID,
  device: shape.ID,
  expires: shape.TIME,
  from: COUNT,
  issued: shape.TIME,
  upto: COUNT,
  used: shape.many(BATCH, 100_000),
  v: shape.integer(1, 1),
};

/**
 * Check the node's signature, then read the list, then check the key's days.
 * @param {Uint8Array} data @param {import("./node-keys.js").NodeKeys} keys @param {number} now
 * @returns {Promise<Object<string, *>>} its fields; `used` is a map from a batch in hexadecimal to indexes
 * @throws {Refused} `bad-signature`, `bad-status-key` @throws {BadInput} `bad-used`, `bad-cbor`, `bad-revocation`
 */
export async function openUsed(data, keys, now) {
  const pair = shape.row(shape.blob(LIMIT), shape.SIGNATURE);
  const outer = shape.check("bad-used", "signed list of uses", pair, decodeCbor(data, "signed list of uses", LIMIT));
  const signer = await keys.signer(DOMAIN, outer[0], outer[1], "list of uses");
  const fields = shape.checkMap("bad-used", "list of uses", LIST, decodeCbor(outer[0], "list of uses", LIMIT));
  const batches = fields.used.map(([batch]) => toHex(batch));
  const ordered = batches.every((batch, place) => place === 0 || batches[place - 1] < batch);
  if (fields.from > fields.upto || fields.issued >= fields.expires || !ordered) {
    throw new BadInput("bad-used", "list of uses", "from ≤ upto, issued < expires, batches once, ascending");
  }
  keys.judge(signer, fields.issued, now);
  const used = fields.used.map(([, count, parameter, bits], place) => [batches[place], unpack(bits, parameter, count, MOST)]);
  return { ...fields, used: new Map(used) };
}

/** What `UsedHere.elsewhere` asks: whether another device used a pass. */
export class Elsewhere {
  constructor() {
    this.lists = []; // bytes, in their order
    this.upto = 0;
    this.seq = 0; // of the bundle that they began with
    this.batches = new Map(); // batch in hexadecimal to a set of indexes
  }

  /** @param {string} key of `UsedHere.key` @returns {boolean} */
  has(key) {
    const [batch, index] = key.split(":");
    const found = this.batches.get(batch);
    return found !== undefined && found.has(Number(index));
  }

  /**
   * Take one list more; one that starts at 0 takes the place of all before it.
   * @param {Uint8Array} data @param {import("./node-keys.js").NodeKeys} keys
   * @param {{agreement: string, device: string, now: number}} known
   * @returns {Promise<number>} passes in it @throws {Refused} `bad-signature`, `bad-status-key`, `out-of-agreement`, `used-over`, `gap`
   */
  async add(data, keys, { agreement, device, now }) {
    const told = await openUsed(data, keys, now);
    if (told.agreement !== agreement || told.device !== device) throw new Refused("out-of-agreement", "list of uses");
    if (now >= told.expires) throw new Refused("used-over", "list of uses");
    if (told.from === 0) Object.assign(this, { lists: [], batches: new Map() });
    else if (told.from !== this.upto) throw new Refused("gap", "list of uses");
    let count = 0;
    for (const [batch, indexes] of told.used) {
      const known = this.batches.get(batch) || new Set();
      for (const index of indexes) known.add(index);
      this.batches.set(batch, known);
      count += indexes.length;
    }
    if (count > 0 || told.from === 0) this.lists.push(data);
    if (count > 0 || told.from === 0) this.upto = told.upto;
    return count;
  }

  /** Forget passes of batches that are over. @param {Set<string>} alive */
  keep(alive) {
    for (const batch of this.batches.keys()) if (!alive.has(batch)) this.batches.delete(batch);
  }
}
