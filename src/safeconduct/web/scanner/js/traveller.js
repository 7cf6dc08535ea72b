/**
 * The traveller's own page: a key that cannot leave this phone, the passes that are bound to it, and at the control point
 * the second code. It works without a network, and without an account.
 */

import { bindPhone } from "./binding.js";
import { equal } from "./bytes.js";
import { Camera, readPicture } from "./camera.js";
import { BadInput } from "./errors.js";
import { keyText } from "./holding.js";
import { count, guess, moment, span, t, use } from "./i18n.js";
import { showTongues } from "./menu.js";
import { nodeTime } from "./node-client.js";
import { workOffline } from "./offline.js";
import { NO_BINDING, PHONE, fields, fromText } from "./pass.js";
import { paintCode } from "./picture.js";
import { beingShown, startShowing, stopShowing } from "./traveller-code.js";
import { Keeper } from "./traveller-store.js";

const MOST_SKEW = 120; // seconds, before the page speaks of its clock
const $ = (id) => document.getElementById(id);
const phone = { keeper: null, key: null, offset: 0, skew: 0, exercise: false, kept: false, ready: false, camera: null };
phone.now = () => Math.floor(Date.now() / 1000) + phone.offset;

/** @param {string} name of a screen */
function show(name) {
  document.body.dataset.screen = name;
  for (const screen of document.querySelectorAll(".screen")) screen.hidden = screen.id !== name;
  if (name !== "show") stopShowing();
  if (name !== "camera" && phone.camera) phone.camera.stop();
  if (name === "show") $("show").focus();
}

/** @param {string} text one line, or empty */
function notice(text) {
  $("notice").textContent = text;
  $("notice").hidden = !text;
}

/** @param {string} text why nothing was added, or empty */
function addFault(text) {
  $("add-fault").textContent = text;
  $("add-fault").hidden = !text;
  if (text) $("add-fault").scrollIntoView({ block: "center" });
}

/**
 * Take a pass: its text, or a link `…#point=<id>&pass=<text>`.
 * @param {string} given @throws {BadInput} `bad-text`, `bad-pass`
 */
async function takePass(given) {
  const text = given.replace(/[\r\n]+/g, "").trim();
  const link = text.includes("#") ? new URLSearchParams(text.slice(text.indexOf("#") + 1)) : null;
  const held = { text: link ? link.get("pass") || "" : text, point: link ? (link.get("point") || "").trim() : "" };
  fields(fromText(held.text));
  const known = (await phone.keeper.passes()).find((one) => one.text === held.text);
  await phone.keeper.put({ text: held.text, point: held.point || (known ? known.point : "") });
  addFault("");
  await showHome();
}

/** @param {string} given as read by a camera, from a photo or typed */
async function add(given) {
  try {
    await takePass(given);
    $("add-text").value = "";
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    await showHome();
    addFault(t("r.malformed"));
  }
}

/** Show the first screen as it is now. */
async function showHome() {
  await drawHome();
  show("home");
}

/** Draw all that depends on what is kept, the clock and the language; whatever is shown stays in view. */
async function drawHome() {
  const passes = await phone.keeper.passes();
  $("how").textContent = t(passes.length ? "h.how" : "h.key-first");
  $("passes").replaceChildren(...(await Promise.all(passes.map(cardOf))));
  $("passes").after(...(passes.length ? [$("add-part"), $("key-part")] : [$("key-part"), $("add-part")]));
  const text = await keyText(phone.key.public);
  paintCode($("key-picture"), text, "medium");
  $("key-text").value = text;
  fact("key-kept", phone.kept, t(phone.kept ? "h.kept" : "h.cleared"));
  fact("offline-ready", phone.ready, t(phone.ready ? "d.ready" : "d.not-ready"));
  $("exercise").hidden = !phone.exercise;
  notice(Math.abs(phone.skew) > MOST_SKEW ? t("f.skew", { time: span(Math.abs(phone.skew)) }) : "");
}

/** @param {string} id @param {boolean} good @param {string} text */
function fact(id, good, text) {
  $(id).textContent = text;
  $(id).classList.toggle("good", good);
  $(id).classList.toggle("warn", !good);
}

/** @param {string} tag @param {Object<string, *>} more @returns {HTMLElement} */
function made(tag, more) {
  return Object.assign(document.createElement(tag), more);
}

/** @param {import("./traveller-store.js").Held} held @param {number} place @returns {Promise<HTMLElement>} one pass */
async function cardOf(held, place) {
  const { start, end, heads, kind, binding } = fields(fromText(held.text));
  const now = phone.now();
  const ours = kind === PHONE && equal(await bindPhone(phone.key.public), binding);
  const state = now >= end ? "over" : ours ? "ours" : kind === PHONE ? "another" : "plain";
  const card = made("li", {});
  Object.assign(card.dataset, { state, text: held.text });
  const said = { over: t("h.over", { to: moment(end, now) }), another: t("h.another-phone"), plain: t(kind === NO_BINDING ? "h.no-code" : "r.binding-needed") };
  const when = made("p", { className: "when", textContent: `${t("r.not-yet", { from: moment(start, now), to: moment(end, now) })} · ${count("people", heads)}` });
  const field = made("div", { className: "fields" });
  const input = made("input", { id: `point-${place}`, value: held.point, autocomplete: "off", spellcheck: false, dir: "ltr" });
  input.setAttribute("autocapitalize", "none");
  const help = made("p", { className: "soft", id: `point-help-${place}`, textContent: t("h.point-help") });
  input.setAttribute("aria-describedby", help.id);
  input.addEventListener("change", () => phone.keeper.put({ text: held.text, point: input.value.trim() }).catch(fault));
  field.append(made("label", { htmlFor: input.id, textContent: t("h.point") }), input, help);
  const buttons = made("div", { className: "actions" });
  buttons.append(
    button("h.show", "main", () => present({ ...held, point: input.value.trim() }, false)),
    ...(ours ? [button("h.code", "", () => present({ ...held, point: input.value.trim() }, true))] : []),
    button("h.remove", "", async () => {
      await phone.keeper.remove(held.text);
      await showHome();
    }),
  );
  card.append(when, ...(said[state] ? [made("p", { className: "state", textContent: said[state] })] : []), ...(ours ? [field] : []), buttons);
  return card;
}

/** @param {string} key @param {string} className @param {() => Promise<void>} act @returns {HTMLElement} */
function button(key, className, act) {
  const element = made("button", { type: "button", textContent: t(key), className });
  element.addEventListener("click", () => act().catch(fault));
  return element;
}

/**
 * Show a pass or its second code.
 * @param {import("./traveller-store.js").Held} held @param {boolean} code
 */
async function present(held, code) {
  if (code && !held.point) {
    await showHome();
    notice(t("h.point-needed"));
    const card = [...$("passes").children].find((one) => one.dataset.text === held.text);
    card.querySelector("input").focus();
    return;
  }
  notice("");
  const { kind, binding } = fields(fromText(held.text));
  const ours = kind === PHONE && equal(await bindPhone(phone.key.public), binding);
  show("show");
  await startShowing(held, phone, code);
  if (!ours) $("show-code").hidden = true;
}

/** @param {Error} error */
function fault(error) {
  console.error(error);
  notice(t("h.fault", { code: error.name }));
}

async function openCamera() {
  show("camera");
  $("aim").textContent = t("h.camera-help");
  phone.camera ??= new Camera($("video"), (text) => {
    if (text && document.body.dataset.screen === "camera") add(text).catch(fault);
  });
  try {
    await phone.camera.start();
  } catch {
    $("aim").textContent = t("s.no-camera");
  }
}

function wire() {
  $("add-form").addEventListener("submit", (event) => {
    event.preventDefault();
    add($("add-text").value).catch(fault);
  });
  $("add-photo").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    const text = await readPicture(file);
    if (text) await add(text).catch(fault);
    else addFault(t("s.no-code"));
  });
  $("add-camera").addEventListener("click", () => openCamera().catch(fault));
  for (const back of document.querySelectorAll("[data-home]")) back.addEventListener("click", () => showHome().catch(fault));
  $("show-pass").addEventListener("click", () => present(beingShown(), false).catch(fault));
  $("show-code").addEventListener("click", () => present(beingShown(), true).catch(fault));
  $("key-copy").addEventListener("click", async () => {
    $("key-text").select();
    await navigator.clipboard.writeText($("key-text").value).then(() => notice(t("h.copied")), () => undefined);
  });
  const asking = (asked) => {
    $("forget-ask").hidden = !asked;
    $("forget").hidden = asked;
  };
  $("forget").addEventListener("click", () => asking(true));
  $("forget-no").addEventListener("click", () => asking(false));
  $("forget-yes").addEventListener("click", async () => {
    await phone.keeper.forget();
    location.replace(location.pathname);
  });
  window.addEventListener("hashchange", () => takeLink().catch(fault));
}

/** A link brought a pass: it is taken, and does not stay in the address. */
async function takeLink() {
  if (!location.hash.includes("pass=")) return;
  const link = location.hash;
  history.replaceState(null, "", location.pathname);
  await add(link);
}

/** The node's clock, where there is one: an exercise sets it, else it only tells whether this phone's is right. */
async function compareClocks() {
  try {
    const { now, exercise } = await nodeTime();
    const own = Math.floor(Date.now() / 1000);
    const before = [phone.offset, phone.exercise];
    Object.assign(phone, { exercise, offset: exercise ? now - own : 0, skew: exercise ? 0 : now - own });
    await phone.keeper.set("clock", { offset: phone.offset, exercise });
    const moved = Math.abs(phone.offset - before[0]) > 1 || exercise !== before[1] || Math.abs(phone.skew) > MOST_SKEW;
    if (moved) await drawHome();
  } catch (error) {
    console.info(error.message);
  }
}

function chooseLanguage() {
  use(localStorage.getItem("language") || guess(navigator.languages));
  showTongues((tag) => {
    localStorage.setItem("language", tag);
    if (phone.key) drawHome().catch(fault);
  });
}

async function main() {
  chooseLanguage();
  workOffline(() => undefined) // a newer page waits until this one is closed: nothing changes while a guard looks
    .then((ready) => {
      phone.ready = ready;
      document.body.dataset.offlineReady = ready ? "yes" : "no";
      fact("offline-ready", ready, t(ready ? "d.ready" : "d.not-ready"));
    })
    .catch((error) => console.warn(error.message));
  try {
    phone.keeper = await Keeper.open();
    phone.key = await phone.keeper.key();
  } catch (error) {
    console.info(error.message);
    return show("no-key");
  }
  const clock = (await phone.keeper.get("clock")) || { offset: 0, exercise: false };
  Object.assign(phone, clock);
  phone.kept = Boolean(navigator.storage && navigator.storage.persist && (await navigator.storage.persist()));
  wire();
  await showHome();
  await takeLink();
  await compareClocks();
  return undefined;
}

main().catch(fault);
