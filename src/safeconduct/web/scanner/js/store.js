/**
 * What this phone keeps, in IndexedDB: its key, its settings, the trust bundle, the events that no receipt covers yet,
 * and the passes that were used here. `append` stores an event and what follows from it in one strict transaction:
 * all of it is on the disk before it returns, or none.
 */

const NAME = "safeconduct";
const VERSION = 2;
const STORES = [
  "kept", // name to value: key, settings, bundle, log, open segment
  "events", // number to {ciphertext}, of the open segment
  "segments", // first number to {last, data}, closed and not yet covered
  "used", // batch:index to batch
  "tries", // batch:index to {count, until}
  "partly", // batch:index to {batch, seq, came}: some of a group came, and the rest may follow
  "carried", // "device epoch first" to another phone's segment, until the node has it
  "receipts", // "device epoch" to the newest receipt for another phone
];

/** @param {IDBRequest} request @returns {Promise<*>} */
function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
function finished(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error || new Error("not stored"));
    transaction.onerror = () => reject(transaction.error);
  });
}

export class Store {
  /** Use `Store.open`. */
  constructor(database) {
    this.database = database;
  }

  /** @returns {Promise<Store>} */
  static async open() {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const database = request.result;
      for (const name of STORES) if (!database.objectStoreNames.contains(name)) database.createObjectStore(name);
    };
    const database = await result(request);
    database.onversionchange = () => database.close();
    return new Store(database);
  }

  /** @param {string[]} stores @returns {IDBTransaction} whose writes are on the disk when it is complete */
  write(stores) {
    return this.database.transaction(stores, "readwrite", { durability: "strict" });
  }

  /** @param {string} name @param {string} [store] @returns {Promise<*>} */
  get(name, store = "kept") {
    return result(this.database.transaction(store).objectStore(store).get(name));
  }

  /** @param {Object<string, *>} values by name; undefined deletes @param {string} [store] */
  async put(values, store = "kept") {
    const transaction = this.write([store]);
    const done = finished(transaction);
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) transaction.objectStore(store).delete(name);
      else transaction.objectStore(store).put(value, name);
    }
    await done;
  }

  /** @param {string} store @returns {Promise<Array<[*, *]>>} all of it, in the order of its keys */
  async all(store) {
    const objects = this.database.transaction(store).objectStore(store);
    const [keys, values] = await Promise.all([result(objects.getAllKeys()), result(objects.getAll())]);
    return keys.map((key, place) => [key, values[place]]);
  }

  /**
   * Store one event: its ciphertext, the log's new state, and the pass that it used or gave back.
   * @param {number} seq @param {Uint8Array} ciphertext @param {Object<string, *>} log new state @param {Object<string, *>} open segment
   * @param {{use?: [string, string], forget?: string, partly?: Object<string, *>}} [pass] [key, batch] to mark as used, or
   *   a key to give back; of a pass in use, how many came, if fewer than it names
   */
  async append(seq, ciphertext, log, open, { use, forget, partly } = {}) {
    const transaction = this.write(["kept", "events", "used", "partly"]);
    const done = finished(transaction);
    transaction.objectStore("events").add({ ciphertext }, seq); // fails if the number is taken: two pages never share one
    transaction.objectStore("kept").put(log, "log");
    transaction.objectStore("kept").put(open, "open");
    if (use) {
      transaction.objectStore("used").put(use[1], use[0]);
      if (partly) transaction.objectStore("partly").put({ ...partly, batch: use[1], seq }, use[0]);
      else transaction.objectStore("partly").delete(use[0]);
    }
    if (forget) {
      transaction.objectStore("used").delete(forget);
      transaction.objectStore("partly").delete(forget);
    }
    await done;
  }

  /** Put a closed segment in the place of its events. @param {number} first @param {number} last @param {Uint8Array} data */
  async close(first, last, data) {
    const transaction = this.write(["kept", "events", "segments"]);
    const done = finished(transaction);
    transaction.objectStore("segments").put({ last, data }, first);
    transaction.objectStore("events").delete(IDBKeyRange.bound(first, last));
    transaction.objectStore("kept").delete("open");
    await done;
  }

  /** Delete the segments that a receipt covers, and nothing else. @param {number} upto */
  async covered(upto) {
    const segments = await this.all("segments");
    const transaction = this.write(["segments"]);
    const done = finished(transaction);
    for (const [first, { last }] of segments) if (last <= upto) transaction.objectStore("segments").delete(first);
    await done;
  }

  /** @returns {Promise<number>} events that no receipt covers yet */
  async unsent() {
    const events = await result(this.database.transaction("events").objectStore("events").count());
    const segments = await this.all("segments");
    return segments.reduce((count, [first, { last }]) => count + last - first + 1, events);
  }

  /** Forget passes of batches that are over: a seized phone tells no more than it must. @param {Set<string>} batches */
  async keepUsed(batches) {
    const [used, tries, partly] = [await this.all("used"), await this.all("tries"), await this.all("partly")];
    const transaction = this.write(["used", "tries", "partly"]);
    const done = finished(transaction);
    for (const [key, batch] of used) {
      if (!batches.has(batch)) transaction.objectStore("used").delete(key);
    }
    for (const [key, { batch }] of partly) {
      if (!batches.has(batch)) transaction.objectStore("partly").delete(key);
    }
    for (const [key] of tries) {
      if (key.includes(":") && !batches.has(key.split(":")[0])) transaction.objectStore("tries").delete(key);
    }
    await done;
  }

  /** @returns {Promise<void>} everything is gone */
  async clear() {
    const stores = [...this.database.objectStoreNames];
    const transaction = this.write(stores);
    const done = finished(transaction);
    for (const store of stores) transaction.objectStore(store).clear();
    await done;
  }
}
