/**
 * What a traveller's phone keeps, in an IndexedDB of its own: one key that cannot be exported, and the passes that were
 * added, each with its control point. There is no second way for phones without WebCrypto's Ed25519: a key that a script
 * can read is none that binds.
 */

import { makeKey } from "./keys.js";

const NAME = "safeconduct-hold";

/** @param {IDBRequest} request @returns {Promise<*>} */
function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @typedef {{text: string, point: string}} Held a pass and the control point that it is for; the point may be empty
 */

export class Keeper {
  /** Use `Keeper.open`. */
  constructor(database) {
    this.database = database;
  }

  /** @returns {Promise<Keeper>} */
  static async open() {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("kept");
      request.result.createObjectStore("passes");
    };
    const database = await result(request);
    database.onversionchange = () => database.close();
    return new Keeper(database);
  }

  /** @param {string} store @param {(objects: IDBObjectStore) => void} change @returns {Promise<void>} once it is on the disk */
  write(store, change) {
    const transaction = this.database.transaction(store, "readwrite", { durability: "strict" });
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error || new Error("not stored"));
      change(transaction.objectStore(store));
    });
  }

  /** @param {string} name @returns {Promise<*>} */
  get(name) {
    return result(this.database.transaction("kept").objectStore("kept").get(name));
  }

  /** @param {string} name @param {*} value */
  async set(name, value) {
    await this.write("kept", (objects) => objects.put(value, name));
  }

  /** @returns {Promise<import("./keys.js").DeviceKey>} this phone's key, made at the first call @throws {Error} none can be kept here */
  async key() {
    const kept = await this.get("key");
    if (kept) return kept;
    const made = await makeKey(true);
    await this.set("key", made);
    return this.get("key"); // as it was stored: a browser that cannot keep it says so now, not at the gate
  }

  /** @returns {Promise<Held[]>} in the order in which they were added */
  async passes() {
    const all = await result(this.database.transaction("passes").objectStore("passes").getAll());
    return all.sort((one, other) => one.added - other.added).map(({ text, point }) => ({ text, point }));
  }

  /** Add a pass, or give one another control point. @param {Held} held */
  async put({ text, point }) {
    const known = await result(this.database.transaction("passes").objectStore("passes").get(text));
    const added = known ? known.added : Date.now();
    await this.write("passes", (objects) => objects.put({ text, point, added }, text));
  }

  /** @param {string} text of a pass */
  async remove(text) {
    await this.write("passes", (objects) => objects.delete(text));
  }

  /** Key and passes are gone. */
  async forget() {
    await this.write("passes", (objects) => objects.clear());
    await this.write("kept", (objects) => objects.clear());
  }
}
