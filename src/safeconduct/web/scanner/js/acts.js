/** What each button and each form does. */

import { showAnswer, showPad } from "./answer.js";
import { contact } from "./contact.js";
import { pauseCodes, runCodes, stepCodes } from "./codes.js";
import { giveUp, startEnrolment } from "./enrolling.js";
import * as gate from "./gate-acts.js";
import { number, t } from "./i18n.js";
import { showMenu } from "./menu.js";
import { takeNewVersion } from "./offline.js";
import { saveUnsent, showReceipts, showUnsent } from "./outbox.js";
import { backFromProof, labelTyped, toProof } from "./phone-code.js";
import { recordOf, showOverride, showRecord } from "./records.js";
import { checkWords, showWords, toSay } from "./say.js";
import { judge, startCamera, take, toEnrol, toScan } from "./scanning.js";
import { $, done, page, refreshFoot, show } from "./screens.js";

let recording = "note";
let recordingOf = null; // the pass that was let through last, when the form was shown

/** Show what a decision has become. @param {Object<string, *>} made */
async function showMade(made) {
  page.answer.made = made;
  showAnswer(page.device, made);
  show("answer");
  await refreshFoot();
}

/** By `data-do` of a button. */
export const ACTS = {
  "enrol-camera": () => {
    page.wanted = "enrol";
    return toScan();
  },
  "give-up": giveUp,
  start: startCamera,
  scan: toScan,
  next: () => {
    page.last.seen = performance.now();
    page.wanted = "pass";
    return toScan();
  },
  type: () => {
    $("text").value = "";
    labelTyped();
    show("typed");
    $("text").focus();
  },
  say: toSay,
  proof: toProof,
  "proof-back": backFromProof,
  torch: async () => {
    const button = document.querySelector('[data-do="torch"]');
    const on = button.getAttribute("aria-pressed") !== "true";
    await page.camera.torch(on);
    button.setAttribute("aria-pressed", String(on));
  },
  menu: async () => {
    if (!page.device.settings) return toEnrol();
    show("menu");
    return showMenu(page.device, page);
  },
  fetch: async () => {
    await contact(true);
    const { answer, device, shown } = page;
    if (shown !== "answer" || !answer || !device.online) return undefined;
    return answer.words ? showWords(answer.words) : judge(answer.text, {}, performance.now());
  },
  export: saveUnsent,
  "show-unsent": showUnsent,
  "show-receipts": showReceipts,
  "codes-pause": pauseCodes,
  "codes-back": () => {
    runCodes(false);
    stepCodes(-1);
  },
  "codes-on": () => {
    runCodes(false);
    stepCodes(1);
  },
  undo: async () => {
    if (page.device.canUndo) await gate.undo(page.device);
    await toScan();
    await refreshFoot();
  },
  fewer: () => {
    showPad(page.answer.made.heads, async (heads) => showMade(await gate.fewer(page.device, heads)));
    show("heads");
  },
  rest: () => {
    const { made } = page.answer;
    showPad(made.heads + 1, async (heads) => showMade(await gate.rest(page.device, made, heads)));
    $("heads-help").textContent = t("s.rest-help", { n: number(made.heads) });
    show("heads");
  },
  "back-to-answer": () => show("answer"),
  update: takeNewVersion,
  later: () => {
    page.updateLater = true;
    $("update").hidden = true;
  },
};

/** By `data-form` of a form. */
export const FORMS = {
  enrol: (form) => startEnrolment(String(form.get("code"))),
  typed: (form) => take(String(form.get("text")).replace(/[\r\n]+/g, "").trim()),
  say: checkWords,
  words: (form) => {
    const more = { words: String(form.get("words")) };
    if (!$("document-field").hidden) more.document = String(form.get("document"));
    $("words").value = "";
    $("next").textContent = t("s.deciding");
    return judge(page.answer.text, more, performance.now());
  },
  override: async (form) => {
    const { made } = page.answer;
    const heads = Number(form.get("heads"));
    await gate.override(page.device, made, heads, String(form.get("why")), String(form.get("note")).trim());
    await showMade({ ...made, heads, overridden: true, warnings: [], wait: 0 });
  },
  record: async (form) => {
    const { kind, more } = recordOf(recording, form, recordingOf);
    await page.device.witness(kind, more);
    await toScan();
    done(t("m.done"));
  },
};

/** A guard is about to override. */
export function toOverride() {
  showOverride(page.answer.made.heads);
  show("override");
}

/** A guard is about to record what is no scan. @param {string} what */
export function toRecord(what) {
  const { canUndo, lastUse } = page.device;
  recording = what;
  recordingOf = canUndo && lastUse.made.batch ? lastUse.made : null; // minutes later nobody remembers whose bags these were
  showRecord(what, recordingOf);
  show("record");
}
