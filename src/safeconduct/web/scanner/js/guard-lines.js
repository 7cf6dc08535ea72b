/** Lines of a bundle's advice that hold at a control point now, in the guard's language (`spec/guard-lines.md`). */

import { has, t } from "./i18n.js";

const LINE = /^\[([^[\]\n]{1,80})\] until (\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)Z: ([^\n]+)$/u;
const ENDS = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;
const EVERYWHERE = "*";
const LEVEL = /^threat level (low|raised|high|critical): (.+)$/;

/** Every text that lines are made of, to the name of its translation. */
export const PHRASES = {
  "work as usual": "as-usual",
  "let people wait apart and call them forward in small groups": "small-groups",
  "screen arrivals before they reach the crowd, with respect and without force": "screen-early",
  "look for unattended objects and keep people away from them": "look-around",
  "know where cover is, and leave no group standing in the open": "keep-cover",
  "tell your post at once of anything unusual": "report-odd",
  "be ready to hold people back when word comes": "be-ready",
  "hold people back from the area until the window is over": "hold-back",
  "let no crowd form in the area; let people wait apart and call them in small groups": "spread-out",
  "send people by another way, around the area": "other-way",
  "close the control points of the area for the window": "close-point",
  "look for unattended objects in the area and keep people away from them": "look-around-area",
  "let people wait under cover": "take-shelter",
  "keep your own people and helpers out of the area for the window": "stay-away",
  "hold advised: let no more people come forward until word comes": "hold-advised",
  "more advice than fits here: ask the operations room": "more",
};

/** @param {string} advice @returns {Array<{point: string, until: number, text: string}>} its lines of the stated form */
function lines(advice) {
  const found = [];
  for (const one of advice.split(ENDS)) {
    const seen = LINE.exec(one);
    if (!seen) continue;
    const [, point, year, month, day, hour, minute, text] = seen;
    const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
    const real = new Date(at).toISOString().startsWith(`${year}-${month}-${day}T${hour}:${minute}`);
    if (real) found.push({ point, until: at / 1000, text }); // a day that there is not is no line
  }
  return found;
}

/** @param {string} advice @param {string} point @param {number} now @returns {Array<{until: number, text: string}>} */
export function standingAt(advice, point, now) {
  return lines(advice).filter((line) => [point, EVERYWHERE].includes(line.point) && now < line.until);
}

/** @param {string} advice @returns {string} an officer's own words: all that is no line */
export function ownWords(advice) {
  return advice.split(ENDS).filter((one) => !LINE.test(one)).join("\n").trim();
}

/** @param {string} text of a line @returns {string} in the language in use; as it is, where it has another form */
export function inTongue(text) {
  const phrase = (words) => (words in PHRASES && has(`g.${PHRASES[words]}`) ? t(`g.${PHRASES[words]}`) : words);
  const level = LEVEL.exec(text);
  if (level) {
    // The texts of one level have no semicolon of their own.
    const advice = level[2].split("; ").map(phrase).join("; ");
    return `${t(`g.level-${level[1]}`)}: ${advice}`;
  }
  if (text.startsWith("warning: ")) return `${t("g.warning")}: ${phrase(text.slice(9))}`;
  return phrase(text);
}
