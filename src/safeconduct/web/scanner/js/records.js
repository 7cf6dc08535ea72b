/** Forms for what is no scan: overrides with their reason, and what a guard saw. */

import { t } from "./i18n.js";

const $ = (id) => document.getElementById(id);
const WHYS = ["ordered", "medical", "family", "mistake", "danger"];
const LEVELS = ["clear", "some", "dense", "crushing"];
const WITH = ["vehicles", "bags", "small"];

/** @param {string} kind of input @param {string} name @param {string} value @param {string} text @returns {HTMLElement} */
function choice(kind, name, value, text) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { type: kind, name, value });
  if (kind === "radio") input.required = true;
  label.append(input, Object.assign(document.createElement("span"), { textContent: text }));
  return label;
}

/** @param {number} heads that the pass names, 0 if it does not tell */
export function showOverride(heads) {
  $("whys").replaceChildren(...WHYS.map((why) => choice("radio", "why", why, t(`o.${why}`))));
  $("o-heads").value = String(Math.max(heads, 1));
  $("o-note").value = "";
}

/** @param {string} kind of event */
export function showRecord(kind) {
  $("record-title").textContent = t(`m.${kind}`);
  $("levels").hidden = kind !== "crowd";
  $("with").hidden = kind !== "note";
  $("people-field").hidden = kind === "crowd";
  $("note-field").hidden = kind === "crowd";
  const levels = kind === "crowd" ? LEVELS.map((level) => choice("radio", "level", level, t(`m.${level}`))) : [];
  $("levels").querySelector(".choices").replaceChildren(...levels);
  const kinds = kind === "note" ? WITH.map((one) => choice("checkbox", "with", one, t(`m.${one}`))) : [];
  $("with").querySelector(".choices").replaceChildren(...kinds);
  $("m-heads").value = kind === "note" ? "0" : "1";
  $("m-note").value = "";
}

/** @param {string} kind @param {FormData} form @returns {Object<string, *>} the rest of the event */
export function recordOf(kind, form) {
  if (kind === "crowd") return { reason: String(form.get("level")) };
  const more = { heads: Number(form.get("heads")) || 0, note: String(form.get("note") || "").trim() };
  const reason = form.getAll("with").join(" ");
  return reason ? { ...more, reason } : more;
}
