/** The page's one state, its screens, and what it says above them. */

import { has, t } from "./i18n.js";
import { showFoot } from "./menu.js";

/** @param {string} id @returns {HTMLElement} */
export const $ = (id) => document.getElementById(id);

/** What stands on this page now; one object, so that every part sees the same. */
export const page = {
  check: { native: false, cases: 0 },
  persisted: false,
  offlineReady: false,
  updateLater: false,
  device: null, // import("./device.js").Device, once it is loaded
  camera: null, // import("./camera.js").Camera
  wanted: "pass", // what the camera looks for: "pass", "proof" (their phone's code) or "enrol"
  shown: "loading",
  last: { text: "", seen: 0 }, // newest code, and when it was last in view
  answer: null, // {text, made}
};

/** @param {string} name of a screen */
export function show(name) {
  page.shown = name;
  document.body.dataset.screen = name;
  document.body.toggleAttribute("data-typing", false);
  for (const screen of document.querySelectorAll(".screen")) screen.hidden = screen.id !== name;
  $("foot").hidden = !page.device || !page.device.settings;
  $("update").hidden = $("update").hidden || name === "answer"; // never while somebody stands at the gate
  if (!page.camera) return;
  if (name === "scan") page.camera.resume();
  else page.camera.pause();
}

/** @param {string} text one line, or empty to take it away */
export function notice(text) {
  $("notice").textContent = text;
  $("notice").hidden = !text;
}

/** Say for a few seconds that something is done. @param {string} text */
export function done(text) {
  notice(text);
  setTimeout(() => {
    if ($("notice").textContent === text) notice("");
  }, 4_000);
}

/** @param {Error & {code?: string}} error */
export function fault(error) {
  const code = error.code || error.name;
  if (!error.code) console.warn(error.message);
  notice(has(`x.${code}`) ? t(`x.${code}`) : t("x.other", { code }));
}

/** A new version waits: say so where nobody stands at the gate, until the guard says later. */
export function offerUpdate() {
  if (!page.updateLater && ["scan", "menu", "enrol"].includes(page.shown)) $("update").hidden = false;
}

/** Age of the list, unsent events, network. */
export async function refreshFoot() {
  if (page.device && page.device.settings) await showFoot(page.device);
}
