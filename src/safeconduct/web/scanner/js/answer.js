/** The full-screen answer: one word, one reason, one next step, in a colour, a shape, a sound and a pulse. */

import { count, has, inUse, moment, number, span, t, utc } from "./i18n.js";
import { signal } from "./signal.js";
import { PHONE, WORDS_AND_DOCUMENT } from "./pass.js";

/** Reason to tone, word and next step. What can be mended here and now is amber; what is final is red. */
const SHOWN = {
  ok: ["go", "ok", "ok"],
  override: ["go", "override", "ok"],
  malformed: ["ask", "again", "again"],
  "bundle-expired": ["ask", "fetch", "fetch"],
  "bundle-stale": ["ask", "fetch", "fetch"],
  "unknown-point": ["ask", "wait", "unknown-point"],
  "unknown-key": ["ask", "fetch", "fetch"],
  "point-hold": ["ask", "wait", "point-hold"],
  "point-closed": ["stop", "stop", "point-closed"],
  "bad-signature": ["stop", "stop", "back"],
  "class-not-in-batch": ["stop", "stop", "back"],
  "out-of-batch": ["stop", "stop", "back"],
  revoked: ["stop", "stop", "back"],
  "used-here": ["stop", "stop", "back"],
  "used-elsewhere": ["stop", "stop", "back"],
  "wrong-point": ["stop", "wrong-point", "wrong-point"],
  "not-yet": ["stop", "not-yet", "not-yet"],
  expired: ["stop", "expired", "expired"],
  rest: ["ask", "rest", "rest"],
  "heads-differ": ["ask", "wait", "heads"],
  "binding-needed": ["ask", "ask", "words"],
  "binding-failed": ["ask", "ask", "words-again"],
  "no-spoken-passes": ["ask", "fetch", "fetch"],
};
export const REASONS = Object.keys(SHOWN);
/** Next step where the pass is bound to a phone's key: its code is asked for, not words. */
const PHONES = { "binding-needed": "phone", "binding-failed": "phone-again" };
const WORDS = ["binding-needed", "binding-failed"];
const FETCH = ["bundle-expired", "bundle-stale", "unknown-key", "no-spoken-passes"];

const $ = (id) => document.getElementById(id);

/** @param {import("./device.js").Device} device @param {string} id @returns {string} a point's name in the language in use */
export function pointName(device, id) {
  const point = device.bundle && device.bundle.points.get(id);
  const names = point ? point.names : new Map();
  return names.get(inUse()) || (inUse() === "prs" && names.get("fa")) || names.get("en") || id;
}

/** Fill the answer's screen. @param {import("./device.js").Device} device @param {Object<string, *>} made a decision */
export function showAnswer(device, made) {
  const reason = made.overridden ? "override" : made.reason;
  const [tone, word, usual] = SHOWN[reason] || SHOWN.malformed;
  const phone = made.kind === PHONE && reason in PHONES;
  const [step, told] = phone ? [PHONES[reason], `r.${reason}-phone`] : [usual, `r.${reason}`];
  const now = device.now();
  const parts = {
    points: made.points.map((id) => pointName(device, id)).join(", "),
    from: moment(made.start, now),
    to: moment(made.end, now),
    time: span(made.wait || 0),
    n: number(made.heads),
    here: device.settings.point,
    clock: utc(now),
  };
  const screen = $("answer");
  screen.dataset.tone = tone;
  screen.dataset.reason = made.reason;
  $("word").textContent = t(`w.${has(`w.${word}`) ? word : "stop"}`);
  const passes = tone === "go" && made.heads > 0;
  $("count").hidden = !passes;
  $("count").textContent = passes ? count("people", made.heads) : "";
  $("line").textContent = has(told) ? t(told, parts) : "";
  $("line").hidden = !$("line").textContent;
  $("next").textContent = made.wait ? t("n.wait", parts) : t(`n.${step}`, parts);
  $("also").replaceChildren(
    ...made.warnings.map((warning) => Object.assign(document.createElement("li"), { textContent: t(`a.${warning}`) })),
  );
  const asks = WORDS.includes(made.reason) && !made.overridden && !made.wait && !made.spoken && !phone;
  $("words-form").hidden = !asks;
  $("document-field").hidden = made.kind !== WORDS_AND_DOCUMENT;
  const button = (what) => screen.querySelector(`[data-do="${what}"]`);
  const admitted = tone === "go";
  button("fewer").hidden = !(admitted && made.heads > 1 && !made.followed);
  button("rest").hidden = made.reason !== "rest" || admitted;
  button("rest").classList.toggle("main", made.reason === "rest");
  button("say").hidden = !(made.spoken && made.reason === "binding-failed" && !made.wait);
  button("proof").hidden = !phone;
  button("undo").hidden = !admitted;
  button("fetch").hidden = !FETCH.includes(made.reason);
  button("next").classList.toggle("main", !asks && !phone && button("rest").hidden && button("say").hidden);
  $("hold").hidden = admitted;
  signal(tone);
}

/** @param {number} most @param {(heads: number) => void} chosen */
export function showPad(most, chosen) {
  $("heads-help").textContent = t("s.fewer-help", { n: number(most) });
  const keys = Array.from({ length: Math.min(most - 1, 60) }, (_, place) => {
    const key = Object.assign(document.createElement("button"), { type: "button", textContent: number(place + 1) });
    key.addEventListener("click", () => chosen(place + 1));
    return key;
  });
  $("pad").replaceChildren(...keys);
}
