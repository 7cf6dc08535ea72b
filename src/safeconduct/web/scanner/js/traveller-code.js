/** The traveller's phone shows: the pass, and for its control point the second code, drawn anew each minute. */

import { makeProof, minuteOf } from "./holding.js";
import { count, moment, span, t, utc } from "./i18n.js";
import { sign } from "./keys.js";
import { fields, fromText } from "./pass.js";
import { paintCode } from "./picture.js";

const BEAT = 500; // milliseconds between two looks at the clock
const $ = (id) => document.getElementById(id);
const shown = { held: null, code: false, minute: -1, timer: 0, lock: null };

/**
 * @typedef {Object} Phone
 * @property {import("./keys.js").DeviceKey} key @property {() => number} now unix seconds, in an exercise by its clock
 */

/** @param {import("./traveller-store.js").Held} held @param {Phone} phone @param {boolean} code the second code, not the pass */
export async function startShowing(held, phone, code) {
  Object.assign(shown, { held, code, minute: -1 });
  await draw(phone);
  clearInterval(shown.timer);
  shown.timer = setInterval(() => draw(phone).catch((error) => console.warn(error.message)), BEAT);
  // A screen that dims is read by no camera.
  if (navigator.wakeLock && shown.lock === null) shown.lock = await navigator.wakeLock.request("screen").catch(() => null);
}

/** Show no more. */
export function stopShowing() {
  clearInterval(shown.timer);
  if (shown.lock) shown.lock.release().catch(() => undefined);
  Object.assign(shown, { held: null, timer: 0, lock: null });
}

/** @returns {import("./traveller-store.js").Held | null} what is shown now */
export function beingShown() {
  return shown.held;
}

/** Draw what has changed since the last beat. @param {Phone} phone */
async function draw(phone) {
  const { held, code } = shown;
  if (held === null) return;
  const now = phone.now();
  const minute = minuteOf(now);
  if (code) {
    $("show-clock").textContent = t("h.clock", { time: moment(now, now), utc: utc(now) });
    $("show-renew").textContent = t("h.renew", { time: span(60 - (now % 60)) });
  }
  if (minute === shown.minute) return;
  shown.minute = minute;
  const raw = fromText(held.text);
  const { start, end, heads } = fields(raw);
  const text = code ? await makeProof(phone.key.public, (message) => sign(phone.key, message), raw, held.point, now) : held.text;
  if (shown.held !== held || shown.code !== code) return; // something else is shown by now
  paintCode($("show-picture"), text, "medium");
  $("show-text").value = text;
  $("show-title").textContent = code ? t("h.for", { point: held.point }) : t("h.title");
  const when = t("r.not-yet", { from: moment(start, now), to: moment(end, now) });
  $("show-line").textContent = code ? "" : [held.point, when, count("people", heads)].filter(Boolean).join(" · ");
  $("show-line").hidden = code;
  for (const id of ["show-clock", "show-renew", "clock-help"]) $(id).hidden = !code;
  $("show-pass").hidden = !code;
  $("show-code").hidden = code;
}
