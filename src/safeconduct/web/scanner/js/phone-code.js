/** The second code of a pass that is bound to a phone: the guard's camera looks for it after the pass (`spec/holding.md`). */

import { PROOF_PREFIX } from "./holding.js";
import { t } from "./i18n.js";
import { judge, toScan } from "./scanning.js";
import { $, page, show } from "./screens.js";

/** Look for the code on their phone: by camera, from a photo, or typed. */
export async function toProof() {
  page.wanted = "proof";
  await toScan();
}

/** Go back to the answer that asks for it. */
export function backFromProof() {
  page.wanted = "pass";
  show("answer");
}

/** The field for typed text says what is asked for. */
export function labelTyped() {
  const phone = page.wanted === "proof" ? "-phone" : "";
  $("type-label").textContent = t(`s.type${phone}`);
  $("type-help").textContent = t(`s.type${phone}-help`);
}

/** Show the camera again, and say what is amiss. @param {string} key of what to say */
async function say(key) {
  await toScan();
  $("aim").textContent = t(key);
}

/** Who takes codes of phones, and the pass when it is shown a second time: see `takers` in scanning.js. */
export const PHONE_TAKERS = [
  {
    wants: (text) => text.startsWith(PROOF_PREFIX),
    take: (text) => (page.wanted === "proof" ? judge(page.answer.text, { proof: text }, performance.now()) : say("s.pass-first")),
  },
  { wants: (text) => page.wanted === "proof" && text === page.answer.text, take: () => say("s.pass-again") },
];
