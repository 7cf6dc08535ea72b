/** The screen for six words: one at a time in large letters, completed from the list, or as numbers. */

import { showAnswer } from "./answer.js";
import { normalise, spell } from "./binding.js";
import { number, span, t } from "./i18n.js";
import { $, fault, notice, page, refreshFoot, show } from "./screens.js";
import { toScan } from "./scanning.js";
import { WORDS_SAID } from "./spoken.js";
import { scanWords, waitForWords } from "./spoken-scan.js";
import { WORDS } from "./words.js";

const LIST = WORDS["bip39-en"];
const MOST_OFFERED = 4;
const LEAST_TYPED = 2; // letters, before words are offered
let said = []; // words of the list, as far as they are told
let counting = 0; // timer of a wait
let busy = false; // one answer at a time: a second press must not count as a second try

/** @returns {boolean} whether this phone's list knows spoken passes */
export function canSay() {
  return Boolean(page.device && page.device.bundle && page.device.bundle.spoken);
}

/** Show the empty screen, or how long to wait. */
export async function toSay() {
  said = [];
  $("say-word").value = "";
  notice("");
  await draw();
  show("say"); // once it is known whether there is a wait: a field that vanishes again is worse than a moment
  if (!$("say-word").disabled) $("say-word").focus();
}

/** Draw what is told so far, at once, and then what may be typed now: a wait is read from the phone's storage. */
async function draw() {
  clearTimeout(counting);
  $("say-slots").replaceChildren(...Array.from({ length: WORDS_SAID }, (_, place) => slot(place)));
  const wait = await waitForWords(page.device);
  const whole = said.length === WORDS_SAID;
  $("say-word").disabled = wait > 0 || whole;
  $("say-field").hidden = wait > 0 || whole;
  $("say-label").textContent = t("y.word", { n: number(Math.min(said.length + 1, WORDS_SAID)) });
  $("say-wait").hidden = wait === 0;
  $("say-wait").textContent = t("n.wait", { time: span(wait) });
  $("say-check").disabled = wait > 0 || !whole;
  $("say-delete").disabled = said.length === 0;
  offer();
  if (wait > 0) counting = setTimeout(() => page.shown === "say" && draw().catch(fault), 1_000);
}

/** @param {number} place @returns {HTMLElement} a told word, the one that comes now, or an empty place */
function slot(place) {
  const item = document.createElement("li");
  const word = document.createElement("bdi");
  word.textContent = said[place] || number(place + 1);
  item.className = place < said.length ? "told" : place === said.length ? "now" : "";
  item.append(word);
  return item;
}

/** Offer the words that begin as typed. */
function offer() {
  const typed = normalise($("say-word").value);
  const found = /^[a-z]/.test(typed) && typed.length >= LEAST_TYPED ? LIST.filter((word) => word.startsWith(typed)) : [];
  const buttons = found.slice(0, MOST_OFFERED).map((word) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: word, lang: "en", dir: "ltr" });
    button.addEventListener("click", () => take([word]));
    return button;
  });
  $("say-offer").replaceChildren(...buttons);
  $("say-unknown").hidden = !(/^[a-z]{2}/.test(typed) && !found.length);
}

/** @param {string} token as typed @returns {string | null} the list's word that it stands for */
function wordFor(token) {
  const [word] = spell(token).split(" ");
  if (LIST.includes(word)) return word;
  const found = token.length > LEAST_TYPED ? LIST.filter((one) => one.startsWith(word)) : [];
  return found.length === 1 ? found[0] : null;
}

/** Take words over and empty the field. @param {string[]} words */
function take(words) {
  said = [...said, ...words].slice(0, WORDS_SAID);
  $("say-word").value = "";
  draw()
    .then(() => (said.length === WORDS_SAID ? $("say-check") : $("say-word")).focus())
    .catch(fault);
}

/**
 * What is typed becomes words at a space, at four digits, or all at once where it is pasted.
 * @param {boolean} whole take the last one too: it is not typed on
 */
function read(whole) {
  const { value } = $("say-word");
  const digits = /\p{Nd}+$/u.exec(value);
  const ended = whole || /[\s,.]$/.test(value) || (digits !== null && digits[0].length % 4 === 0);
  const tokens = spell(value).split(" ").filter(Boolean);
  if (tokens.length === 0) return offer();
  if (!ended && tokens.length === 1) return offer();
  const rest = ended ? [] : tokens.splice(-1);
  const words = tokens.map(wordFor);
  const wrong = words.indexOf(null);
  if (wrong >= 0) {
    $("say-unknown").hidden = false;
    return undefined;
  }
  take(words);
  $("say-word").value = rest.join(" ");
  return undefined;
}

/** Decide on the words that are told. */
export async function checkWords() {
  if (busy || said.length !== WORDS_SAID) return;
  busy = true;
  const words = said.join(" ");
  $("say-check").disabled = true;
  notice(t("s.deciding"));
  try {
    await showWords(words);
  } catch (error) {
    fault(error.code ? error : Object.assign(new Error(error.message), { code: "store" }));
    await toScan();
  } finally {
    busy = false;
    said = [];
  }
  await refreshFoot();
}

/** @param {string} words of which the answer is shown; they are kept while it is, to decide again by a newer list */
export async function showWords(words) {
  const made = await scanWords(page.device, words);
  page.answer = { text: "", words, made };
  showAnswer(page.device, made);
  notice("");
  show("answer");
  $("answer").focus();
}

/** Listen to the field. */
export function wireSay() {
  $("say-word").addEventListener("input", () => read(false));
  $("say-word").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // it ends a word; the button is for the answer
    read(true);
  });
  $("say-delete").addEventListener("click", () => {
    said = said.slice(0, -1);
    draw()
      .then(() => $("say-word").focus())
      .catch(fault);
  });
}
