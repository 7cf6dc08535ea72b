/** A file shown as codes, one after the other, for the camera of another phone or of the room. */

import { toFrames } from "./frames.js";
import { number, t } from "./i18n.js";
import { paintCode } from "./picture.js";
import { $, page, show } from "./screens.js";

const PACE = 350; // milliseconds for one code: an old phone reads three or four of them a second

const shown = { frames: [], place: 0, timer: 0, lock: null };

function showPlace() {
  const { frames, place } = shown;
  paintCode($("code-picture"), frames[place], "low");
  $("codes-count").textContent = `${number(place + 1)} / ${number(frames.length)}`;
}

/** @param {number} by how many codes further */
export function stepCodes(by) {
  shown.place = (shown.place + by + shown.frames.length) % shown.frames.length;
  showPlace();
}

/** Let the codes follow each other, or stop them for a photograph. @param {boolean} on */
export function runCodes(on) {
  clearInterval(shown.timer);
  shown.timer = on ? setInterval(() => (page.shown === "codes" ? stepCodes(1) : runCodes(false)), PACE) : 0;
  if (!on && shown.lock) shown.lock.release().catch(() => undefined);
  if (!on) shown.lock = null;
  const button = document.querySelector('[data-do="codes-pause"]');
  button.textContent = t(on ? "q.pause" : "q.run");
}

/** Pause or go on. */
export function pauseCodes() {
  runCodes(shown.timer === 0);
}

/** @param {Uint8Array} data a file @param {string} title what it is */
export async function showCodes(data, title) {
  shown.frames = await toFrames(data);
  shown.place = 0;
  $("codes-title").textContent = title;
  show("codes");
  showPlace();
  const many = shown.frames.length > 1;
  for (const control of ["codes-back", "codes-pause", "codes-on"]) document.querySelector(`[data-do="${control}"]`).hidden = !many;
  runCodes(many);
  // A screen that dims in the middle of it is read by no camera.
  if (navigator.wakeLock) shown.lock = await navigator.wakeLock.request("screen").catch(() => null);
}
