/**
 * By which keys this phone believes its own party's node: receipts and lists of uses (`spec/device-log.md`).
 * The node changes its status key from time to time; the phone follows by certificates of its own party's root. What an
 * earlier key signed still counts until that key's end. The twin of `gate/node_keys.py`.
 */

import { fromHex, toHex } from "./bytes.js";
import { VerifyKey, check as signed } from "./ed25519.js";
import { Refused } from "./errors.js";

const LONGEST_STATUS = 7 * 86_400; // seconds that a certificate lasts at most
const NEVER = 2 ** 40;
const UNCERTIFIED = -1;
const MOST = 16; // keys that are kept

/**
 * @typedef {Object} NodeKey
 * @property {string} id the key in hexadecimal @property {VerifyKey} key
 * @property {number} begin @property {number} end when what it signs may have been issued, unix seconds, the end excluded
 * @property {number} newest begin of its newest certificate; below 0: known by the enrolment only
 */

export class NodeKeys {
  /** Use `NodeKeys.enrolled` or `NodeKeys.restored`. @param {NodeKey[]} keys the current one first */
  constructor(keys) {
    this.keys = keys;
  }

  /** @param {string} id the key of the enrolment in hexadecimal, without an end as long as no other is certified */
  static async enrolled(id) {
    return NodeKeys.restored([{ id, begin: 0, end: NEVER, newest: UNCERTIFIED }]);
  }

  /** @param {Array<{id: string, begin: number, end: number, newest: number}>} rows of `rows` @returns {Promise<NodeKeys>} */
  static async restored(rows) {
    return new NodeKeys(await Promise.all(rows.map(async (row) => ({ ...row, key: await VerifyKey.load(fromHex(row.id), "node's key") }))));
  }

  /** @returns {Array<{id: string, begin: number, end: number, newest: number}>} what is stored */
  get rows() {
    return this.keys.map(({ id, begin, end, newest }) => ({ id, begin, end, newest }));
  }

  /**
   * Follow one more certificate, which the own party's root signed, for this agreement.
   * @param {{key: Uint8Array, not_before: number, not_after: number}} certificate @returns {Promise<boolean>} whether it changed anything
   */
  async take(certificate) {
    const before = JSON.stringify(this.rows);
    const id = toHex(certificate.key);
    let made = { id, begin: certificate.not_before, end: certificate.not_after, newest: certificate.not_before };
    const kept = [];
    for (const known of this.keys) {
      if (known.id === id) {
        const end = known.newest === UNCERTIFIED ? made.end : Math.max(known.end, made.end);
        made = { id, begin: Math.min(known.begin, made.begin), end, newest: Math.max(known.newest, made.newest) };
      } else if (known.newest === UNCERTIFIED) {
        kept.push({ ...known, end: Math.min(known.end, certificate.not_before + LONGEST_STATUS) });
      } else kept.push(known);
    }
    made.key = await VerifyKey.load(certificate.key, "status certificate");
    this.keys = [...kept, made].sort((a, b) => b.newest - a.newest || b.end - a.end).slice(0, MOST);
    return JSON.stringify(this.rows) !== before;
  }

  /**
   * @param {string} domain @param {Uint8Array} payload @param {Uint8Array} signature @param {string} what for a refusal
   * @returns {Promise<NodeKey>} the key that signed, whatever its days @throws {Refused} `bad-signature`
   */
  async signer(domain, payload, signature, what) {
    for (const one of this.keys) if (await signed(domain, payload, signature, one.key)) return one;
    throw new Refused("bad-signature", what);
  }

  /**
   * The phone's own clock counts for a retired key only: one that is wrong does not cut a phone off from its node.
   * @param {NodeKey} signer @param {number} issued @param {number} now
   * @throws {Refused} `bad-status-key`: issued outside the key's days, or the key is retired and over
   */
  judge(signer, issued, now) {
    const retired = signer !== this.keys[0];
    if (issued < signer.begin || issued >= signer.end || (retired && now >= signer.end)) throw new Refused("bad-status-key");
  }
}
