/** How a phone becomes a device: it claims a code and asks until the room has approved. */

import { t } from "./i18n.js";
import { enrolmentCode } from "./node-client.js";
import { contact } from "./contact.js";
import { toEnrol, toScan } from "./scanning.js";
import { $, fault, notice, page, show } from "./screens.js";

const POLL = 2_000; // milliseconds between two questions whether the room approved
let polling = 0;

/** @param {string} text of the code, or an address that ends in it */
export async function startEnrolment(text) {
  const code = enrolmentCode(text);
  if (code === null) {
    notice(t("e.bad"));
    return;
  }
  notice("");
  page.wanted = "pass";
  page.camera.stop();
  await askToEnrol(code);
}

/** Ask until the room has approved. @param {{secret: string, check: string}} code */
export async function askToEnrol(code) {
  clearTimeout(polling);
  try {
    const { number: digits, enrolled } = await page.device.enrol(code, page.check.native);
    if (enrolled) return await begin();
    $("number").textContent = `${digits.slice(0, 3)} ${digits.slice(3)}`;
    show("waiting");
    polling = setTimeout(() => askToEnrol(code), POLL);
  } catch (error) {
    fault(error);
    if (error.code === "offline" && page.shown === "waiting") polling = setTimeout(() => askToEnrol(code), POLL);
    else {
      await page.device.giveUp();
      toEnrol();
    }
  }
  return undefined;
}

/** Start again, with another code. */
export async function giveUp() {
  clearTimeout(polling);
  await page.device.giveUp();
  history.replaceState(null, "", location.pathname);
  toEnrol();
}

/** This phone is enrolled: fetch, then scan. */
async function begin() {
  history.replaceState(null, "", location.pathname);
  notice("");
  page.persisted = navigator.storage && navigator.storage.persist ? await navigator.storage.persist() : false;
  await contact();
  await toScan();
}
