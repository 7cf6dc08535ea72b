/** What the page says, in the guard's language: strings, numbers, spans of time, directions. */

import ar from "../lang/ar.js";
import en from "../lang/en.js";
import prs from "../lang/prs.js";
import ps from "../lang/ps.js";
import uk from "../lang/uk.js";

/** Language tag to its strings, the locale of its numbers and dates, and its direction. */
export const LANGUAGES = {
  en: { strings: en, locale: "en-GB", dir: "ltr" },
  prs: { strings: prs, locale: "fa-AF", dir: "rtl" },
  ps: { strings: ps, locale: "ps-AF", dir: "rtl" },
  ar: { strings: ar, locale: "ar", dir: "rtl" },
  uk: { strings: uk, locale: "uk-UA", dir: "ltr" },
};
const GUESSES = [["fa", "prs"], ["prs", "prs"], ["ps", "ps"], ["ar", "ar"], ["uk", "uk"]];
const GREGORIAN = "-u-ca-gregory"; // passes are printed with these dates
let tag = "en";

/** @param {readonly string[]} wanted the browser's languages @returns {string} the first that is here */
export function guess(wanted) {
  for (const one of wanted) {
    const found = GUESSES.find(([start]) => one.toLowerCase().startsWith(start));
    if (found) return found[1];
    if (one.toLowerCase().startsWith("en")) return "en";
  }
  return "en";
}

/** @param {string} wanted a tag of `LANGUAGES`; the whole page changes */
export function use(wanted) {
  tag = wanted in LANGUAGES ? wanted : "en";
  document.documentElement.lang = tag;
  document.documentElement.dir = LANGUAGES[tag].dir;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
}

/** @returns {string} the tag in use */
export function inUse() {
  return tag;
}

/** @param {string} key @returns {boolean} whether there is such a string */
export function has(key) {
  return key in LANGUAGES.en.strings;
}

/** @param {string} key @param {Object<string, string>} [parts] for its places in braces @returns {string} */
export function t(key, parts = {}) {
  const text = LANGUAGES[tag].strings[key] ?? LANGUAGES.en.strings[key];
  // Each part stands apart (U+2068 … U+2069), so that an id in another script does not reorder the sentence.
  return text.replace(/\{(\w+)\}/g, (_, name) => `\u2068${parts[name]}\u2069`);
}

/** @param {string} key with `.one`, `.few` … as the language needs @param {number} n @returns {string} */
export function count(key, n) {
  const form = new Intl.PluralRules(LANGUAGES[tag].locale).select(n);
  const strings = LANGUAGES[tag].strings;
  const text = strings[`${key}.${form}`] ?? strings[`${key}.other`];
  return text.replace("{n}", number(n));
}

/** @param {number} n @returns {string} in the language's own digits */
export function number(n) {
  return new Intl.NumberFormat(LANGUAGES[tag].locale, { useGrouping: false }).format(n);
}

/** @param {number} seconds @returns {string} in its largest unit, rounded down: "2 h" */
export function span(seconds) {
  const [unit, size] = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]].find(([, one]) => seconds >= one) || ["second", 1];
  // The narrow form is Latin letters where the language has none of its own.
  const how = { style: "unit", unit, unitDisplay: LANGUAGES[tag].dir === "rtl" ? "short" : "narrow" };
  return new Intl.NumberFormat(LANGUAGES[tag].locale, how).format(Math.floor(seconds / size));
}

/** @param {number} at unix seconds @returns {string} time of day in UTC, where two phones may be set to two zones */
export function utc(at) {
  return `${new Date(1000 * at).toISOString().slice(11, 16)} UTC`;
}

/** @param {number} at unix seconds @param {number} now @returns {string} time of day, with the day if it is another one */
export function moment(at, now) {
  const locale = LANGUAGES[tag].locale + GREGORIAN;
  const [day, today] = [new Date(1000 * at), new Date(1000 * now)];
  const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(day);
  if (day.toDateString() === today.toDateString()) return time;
  const near = Math.round((new Date(day).setHours(12, 0, 0, 0) - new Date(today).setHours(12, 0, 0, 0)) / 86_400_000);
  const word = Math.abs(near) === 1
    ? new Intl.RelativeTimeFormat(LANGUAGES[tag].locale, { numeric: "auto" }).format(near, "day")
    : new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" }).format(day);
  return `${word} ${time}`;
}
