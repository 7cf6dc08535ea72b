/** Does what a JSON job on the standard input asks with the page's readers, and answers in JSON: for tests in Python. */

import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
globalThis.SCANNER = pathToFileURL(`${ROOT}src/safeconduct/web/scanner/`).href;
const vectors = await import("./vectors.mjs");
await import(`${globalThis.SCANNER}vendor/hash-wasm/dist/argon2.umd.min.js`);
const argon2id = (job) => globalThis.hashwasm.argon2id({ ...job, outputType: "binary" });
const mods = await vectors.readers();
const { fromHex, toHex } = mods.bytes;
const job = JSON.parse(readFileSync(0, "utf8"));

const JOBS = {
  decide: () => vectors.decisions(mods, job, argon2id),
  normalise: () => job.texts.map((text) => mods.binding.normalise(text)),
  printable: async () => {
    const { ID } = await import(`${globalThis.SCANNER}js/shape.js`);
    return job.texts.map((text) => ID(text));
  },
  seal: async () => {
    const { sealTo } = await import(`${globalThis.SCANNER}js/age.js`);
    return job.secrets.map((secret) => toHex(sealTo(job.recipient, fromHex(secret))));
  },
  segment: async () => {
    const log = mods["device-log"];
    const key = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    const cipher = await log.segmentKey(fromHex(job.key));
    let head = fromHex(job.previous);
    const ciphertexts = [];
    for (const event of job.events) {
      const told = { ...event, batch: event.batch === null ? null : fromHex(event.batch) };
      const data = await log.encryptEvent(cipher, job.device, job.epoch, event.seq, log.encodeEvent(told));
      head = await log.nextHead(head, data);
      ciphertexts.push(data);
    }
    const run = {
      device: job.device, epoch: job.epoch, first: job.events[0].seq, previous: fromHex(job.previous), ciphertexts, head,
      keys: new Map(Object.entries(job.keys).map(([party, sealed]) => [party, fromHex(sealed)])),
    };
    const sign = async (message) => new Uint8Array(await crypto.subtle.sign("Ed25519", key.privateKey, message));
    const segment = await log.closeSegment(run, sign);
    return { segment: toHex(segment), public: toHex(new Uint8Array(await crypto.subtle.exportKey("raw", key.publicKey))) };
  },
};

process.stdout.write(JSON.stringify(await JOBS[job.do]()));
