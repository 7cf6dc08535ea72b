/** Talks to the node: enrolment, the time, the bundle, segments and their receipts. Nothing else leaves this phone. */

import { concat, fromHex, sha256, toHex, utf8 } from "./bytes.js";
import { encode as encodeCbor } from "./cbor.js";
import { inDomain } from "./ed25519.js";
import { BadInput, Refused } from "./errors.js";
import { sign } from "./keys.js";

const FETCH_DOMAIN = "safeconduct.fetch.1";
const FETCH_KEY_DOMAIN = "safeconduct.fetch-key.1";
const FETCH_USED_DOMAIN = "safeconduct.fetch-used.1";
const ENROL_DOMAIN = "safeconduct.enrol.1";
const PATIENCE = 20_000; // milliseconds for one answer
const SETTINGS = ["agreement", "device", "epoch", "issuer_roots", "party", "point", "receipt_key", "recipients"];

/** @param {string} path @param {RequestInit} [options] @returns {Promise<Response>} @throws {Refused} with the node's code */
async function ask(path, options = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  let answer;
  try {
    answer = await fetch(path, { ...options, cache: "no-store", signal: stop.signal });
  } catch {
    throw new Refused("offline");
  } finally {
    clearTimeout(timer);
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  throw new Refused(told.refused || told.error || `http-${answer.status}`, told.message || "");
}

/** @returns {Promise<{now: number, exercise: boolean}>} the node's time, which an exercise sets */
export async function nodeTime() {
  return (await ask("/scan/time")).json();
}

/**
 * Take the code of an enrolment apart: `#enrol=<secret>-<check>`, alone or at the end of an address.
 * @param {string} text @returns {{secret: string, check: string} | null}
 */
export function enrolmentCode(text) {
  const found = /(?:^|#enrol=)([0-9a-f]{32})-([0-9a-f]{32})$/.exec(text.trim().toLowerCase());
  return found ? { secret: found[1], check: found[2] } : null;
}

/**
 * Ask to be enrolled, or whether that was approved by now.
 * @param {{secret: string, check: string}} code @param {import("./keys.js").DeviceKey} key
 * @returns {Promise<{number: string, settings: Object<string, *> | null}>} six digits that both sides show
 * @throws {Refused} the node says no @throws {BadInput} `bad-settings`: the answer is not what the code stands for
 */
export async function claim(code, key) {
  const secret = fromHex(code.secret);
  const proof = await sign(key, inDomain(ENROL_DOMAIN, concat(secret, key.public)));
  const body = JSON.stringify({ secret: code.secret, key: toHex(key.public), proof: toHex(proof) });
  const headers = { "Content-Type": "application/json" };
  const told = await (await ask("/scan/enrol", { method: "POST", body, headers })).json();
  const number = await numberOf(secret, key.public);
  if (told.state !== "approved") return { number, settings: null };
  const sealed = {};
  for (const name of SETTINGS) sealed[name] = told.settings[name];
  const seen = toHex((await sha256(encodeCbor(sealed))).subarray(0, 16));
  if (seen !== code.check) throw new BadInput("bad-settings", "enrolment", "what the code in the room stands for");
  return { number, settings: told.settings };
}

/** @param {Uint8Array} secret @param {Uint8Array} key @returns {Promise<string>} six digits to compare by eye */
export async function numberOf(secret, key) {
  const digest = await sha256(concat(utf8(`${ENROL_DOMAIN}\0`), secret, key));
  const word = digest.slice(0, 6).reduce((sum, byte) => sum * 256 + byte, 0);
  return String(word % 1_000_000).padStart(6, "0");
}

/**
 * @param {Object<string, *>} settings @param {import("./keys.js").DeviceKey} key @param {number} now
 * @returns {Promise<Uint8Array>} the newest bundle's bytes, not yet checked
 */
export async function fetchBundle(settings, key, now) {
  return fetchAs(FETCH_DOMAIN, "bundle", settings, key, now);
}

/**
 * @param {Object<string, *>} settings @param {import("./keys.js").DeviceKey} key @param {number} now
 * @param {number} since where the newest list ended @returns {Promise<Uint8Array>} a list of uses elsewhere, not yet checked
 */
export async function fetchUsed(settings, key, now, since) {
  return fetchAs(FETCH_USED_DOMAIN, `used?since=${since}`, settings, key, now);
}

/**
 * @param {Object<string, *>} settings @param {import("./keys.js").DeviceKey} key @param {number} now
 * @returns {Promise<Uint8Array>} certificate of the key by which the node signs now, not yet checked
 */
export async function fetchKey(settings, key, now) {
  return fetchAs(FETCH_KEY_DOMAIN, "key", settings, key, now);
}

/** Ask as this device, whose key signs its name and the time in a domain. @returns {Promise<Uint8Array>} */
async function fetchAs(domain, what, settings, key, now) {
  const signature = toHex(await sign(key, inDomain(domain, utf8(`${settings.device} ${now}`))));
  const headers = { Authorization: `Device ${now} ${signature}` };
  const answer = await ask(`/devices/${encodeURIComponent(settings.device)}/${what}`, { headers });
  return new Uint8Array(await answer.arrayBuffer());
}

/** @param {Uint8Array} data a segment of any device @returns {Promise<Uint8Array>} the signed receipt, not yet checked */
export async function postSegment(data) {
  const headers = { "Content-Type": "application/cbor" };
  const answer = await ask("/devices/segments", { method: "POST", body: data, headers });
  return new Uint8Array(await answer.arrayBuffer());
}

