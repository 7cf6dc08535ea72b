/** From a frame, a photo or typed text to the answer. */

import { showAnswer } from "./answer.js";
import { t } from "./i18n.js";
import { $, fault, notice, page, refreshFoot, show } from "./screens.js";

const AIMS = { enrol: "e.help", pass: "s.aim", proof: "s.aim-phone" }; // by what the camera looks for
const SAME_AGAIN = 2_000; // milliseconds out of view before the same code is read again

/**
 * Who takes what kind of text: the first whose test says yes; a pass, if none does. Filled at the start of the page.
 * @type {Array<{wants: (text: string) => boolean, take: (text: string) => Promise<void>}>}
 */
export const takers = [];

/** Show the first screen of a phone that is not enrolled. */
export function toEnrol() {
  page.wanted = "pass";
  page.camera.stop();
  show("enrol");
}

/** Show the camera. */
export async function toScan() {
  if (!page.device.settings && page.wanted === "pass") return toEnrol();
  show("scan");
  document.querySelector('[data-do="type"]').hidden = page.wanted === "enrol";
  document.querySelector('#scan [data-do="say"]').hidden = page.wanted !== "pass" || !page.device.bundle?.spoken;
  document.querySelector('[data-do="proof-back"]').hidden = page.wanted !== "proof";
  $("aim").textContent = t(AIMS[page.wanted]);
  await refreshFoot();
  return startCamera();
}

/** Start the camera, or say that there is none. */
export async function startCamera() {
  const start = document.querySelector('[data-do="start"]');
  try {
    await page.camera.start();
    start.hidden = true;
    document.querySelector('[data-do="torch"]').hidden = !page.camera.hasTorch;
    if (page.shown !== "scan") page.camera.pause();
  } catch {
    start.hidden = false;
    $("aim").textContent = `${page.wanted === "proof" ? `${t(AIMS.proof)} ` : ""}${t("s.no-camera")}`;
  }
}

/** A frame was read. @param {string} text of a code, or empty @param {number} at when the frame was taken */
export function onFrame(text, at) {
  const now = performance.now();
  if (!text) return;
  const again = text === page.last.text && now - page.last.seen < SAME_AGAIN;
  page.last = { text, seen: now };
  if (again || page.shown !== "scan") return;
  performance.measure("frame-to-code", { start: at, end: now });
  take(text, at).catch(fault);
}

/** Call back when what was changed is on the screen. @param {() => void} then */
function painted(then) {
  requestAnimationFrame(() => requestAnimationFrame(then));
}

/** @param {string} text as read or typed @param {number} [at] when its frame was taken */
export async function take(text, at = performance.now()) {
  const taker = takers.find(({ wants }) => wants(text));
  return taker ? taker.take(text) : judge(text, {}, at);
}

/** @param {string} text @param {Object<string, *>} more words, document, proof @param {number} at */
export async function judge(text, more, at) {
  const { camera, device } = page;
  page.wanted = "pass";
  camera.pause();
  try {
    const made = await device.scan(text, more);
    performance.measure("frame-to-stored", { start: at, end: performance.now() });
    page.answer = { text, made };
    page.last.seen = performance.now();
    showAnswer(device, made);
    notice("");
    show("answer");
    painted(() => performance.measure("frame-to-colour", { start: at, end: performance.now() }));
    $("answer").focus();
  } catch (error) {
    if (error.code) fault(error);
    else fault(Object.assign(new Error(error.message), { code: "store" }));
    await toScan();
  }
  await refreshFoot();
  return undefined;
}
