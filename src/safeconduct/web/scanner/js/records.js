/** Forms for what is no scan: overrides with their reason, and what a guard saw, as typed events (`spec/device-log.md`). */

import { t } from "./i18n.js";

const $ = (id) => document.getElementById(id);
const WHYS = ["ordered", "medical", "family", "mistake", "danger"];

/** What a fieldset offers; the values stand in the log. */
const CHOICES = {
  level: ["clear", "some", "dense", "crushing"],
  by: ["other", "own", "unknown"],
  class: ["adults", "with-children", "staff"],
  hold: ["begin", "end"],
  route: ["cleared", "blocked"],
  holder: ["own", "other", "unclear"],
  group: ["last", "other"],
};
const OPTIONAL = ["class"];

/**
 * By what is recorded: its choices, the counts beside people, whether people are counted and text is asked for, and whether
 * it can be said of the group that was let through last.
 */
const RECORDS = {
  "turned-away": { choices: ["by", "class"], people: 1, text: true },
  assault: { choices: ["by", "class"], people: 1, text: true },
  crowd: { choices: ["level"] },
  escort: { choices: [], count: "vehicles", people: 0, text: true },
  bags: { title: "bags-carried", choices: ["by"], count: "bags", people: 0, ofGroup: true },
  help: { choices: ["by"], text: true },
  hold: { title: "hold-here", choices: ["hold"], people: 0 }, // no text: a reason that cannot be written cannot be let out
  route: { choices: ["route"], text: true },
  area: { choices: ["holder"] },
  "child-alone": { choices: [], people: 1, text: true },
  note: { choices: [], people: 0, text: true },
};

/** @param {string} kind of input @param {string} name @param {string} value @param {string} text @returns {HTMLElement} */
function choice(kind, name, value, text, required = true) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { type: kind, name, value, required: required && kind === "radio" });
  label.append(input, Object.assign(document.createElement("span"), { textContent: text }));
  return label;
}

/** @param {string} name of `CHOICES` @returns {HTMLElement} */
function fieldset(name) {
  const set = document.createElement("fieldset");
  const list = Object.assign(document.createElement("div"), { className: "choices" });
  const required = !OPTIONAL.includes(name);
  list.append(...CHOICES[name].map((one) => choice("radio", name, one, t(`m.${name}.${one}`), required)));
  set.append(Object.assign(document.createElement("legend"), { textContent: t(`m.${name}`) }), list);
  return set;
}

/** @param {number} heads that the pass names, 0 if it does not tell */
export function showOverride(heads) {
  $("whys").replaceChildren(...WHYS.map((why) => choice("radio", "why", why, t(`o.${why}`))));
  $("o-heads").value = String(Math.max(heads, 1));
  $("o-note").value = "";
}

/** @param {string} what of `RECORDS` @param {{batch: Uint8Array, index: number} | null} last pass that was let through, if any */
export function showRecord(what, last) {
  const { title = what, choices, count, people, text, ofGroup } = RECORDS[what];
  $("record-title").textContent = t(`m.${title}`);
  $("record-choices").replaceChildren(...choices.map(fieldset), ...(ofGroup && last ? [fieldset("group")] : []));
  $("count-field").hidden = count === undefined;
  $("count-label").textContent = count === undefined ? "" : t(`m.${count}`);
  $("people-field").hidden = people === undefined;
  $("note-field").hidden = !text;
  $("m-count").value = "1";
  $("m-heads").value = String(people ?? 0);
  $("m-note").value = "";
}

/**
 * @param {string} what of `RECORDS` @param {FormData} form
 * @param {{batch: Uint8Array, index: number} | null} last pass that was let through, as the form was shown
 * @returns {{kind: string, more: Object<string, *>}} kind and the rest of the event
 */
export function recordOf(what, form, last) {
  const { count, people, text } = RECORDS[what];
  const said = (name) => String(form.get(name) || "");
  const heads = people === undefined ? 0 : Number(form.get("heads")) || 0;
  const told = text ? said("note").trim() : "";
  if (what === "crowd") return { kind: what, more: { reason: said("level") } };
  if (what === "note") return { kind: what, more: { heads, note: told } };
  if (what === "turned-away" || what === "assault") {
    return { kind: what, more: { heads, reason: `by-${said("by")}`, personClass: said("class"), note: told } };
  }
  const pairs = [];
  if (count) pairs.push(`${count}=${Number(form.get("count")) || 0}`);
  for (const name of RECORDS[what].choices) pairs.push(`${name}=${said(name)}`);
  const lines = [pairs.join(" "), told].filter(Boolean);
  const pass = last && said("group") === "last" ? { batch: last.batch, index: last.index } : {};
  return { kind: "note", more: { heads, reason: what, note: lines.join("\n"), ...pass } };
}
