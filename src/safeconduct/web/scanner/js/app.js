/** The page: screens, buttons, and when what happens. The rules are elsewhere. */

import { showAnswer, showPad } from "./answer.js";
import { concat, utf8 } from "./bytes.js";
import { Camera, readPicture } from "./camera.js";
import { encode as encodeCbor } from "./cbor.js";
import { Device } from "./device.js";
import { selfCheck } from "./ed25519.js";
import { wireHold } from "./hold.js";
import { guess, has, t, use } from "./i18n.js";
import { save, showFoot, showMenu, showTongues } from "./menu.js";
import { enrolmentCode } from "./node-client.js";
import { alone, takeNewVersion, workOffline } from "./offline.js";
import { recordOf, showOverride, showRecord } from "./records.js";
import { wake } from "./signal.js";
import { Store } from "./store.js";
import { argon2id, readCode } from "./workers.js";

const $ = (id) => document.getElementById(id);
const SAME_AGAIN = 2_000; // milliseconds out of view before the same code is read again
const CONTACT = 60_000; // milliseconds between two tries at the node
const POLL = 2_000; // milliseconds between two questions whether the room approved
const EXPORT_MAGIC = "safeconduct-events-1\n";

const page = { check: { native: false, cases: 0 }, persisted: false, offlineReady: false };
let device = null;
let camera = null;
let wanted = "pass"; // what the camera looks for: "pass" or "enrol"
let shown = "loading";
let last = { text: "", seen: 0 };
let answer = null; // {text, made}
let recording = "note";
let polling = 0;
let updateLater = false;

/** @param {string} name of a screen */
function show(name) {
  shown = name;
  document.body.dataset.screen = name;
  document.body.toggleAttribute("data-typing", false);
  for (const screen of document.querySelectorAll(".screen")) screen.hidden = screen.id !== name;
  $("foot").hidden = !device || !device.settings;
  $("update").hidden = $("update").hidden || name === "answer"; // never while somebody stands at the gate
  if (!camera) return;
  if (name === "scan") camera.resume();
  else camera.pause();
}

/** @param {string} text one line, or empty to take it away */
function notice(text) {
  $("notice").textContent = text;
  $("notice").hidden = !text;
}

/** @param {Error & {code?: string}} error */
function fault(error) {
  const code = error.code || error.name;
  if (!error.code) console.warn(error.message);
  notice(has(`x.${code}`) ? t(`x.${code}`) : t("x.other", { code }));
}

/** A new version waits: say so where nobody stands at the gate, until the guard says later. */
function offerUpdate() {
  if (!updateLater && ["scan", "menu", "enrol"].includes(shown)) $("update").hidden = false;
}

async function refreshFoot() {
  if (device && device.settings) await showFoot(device);
}

// -- scanning ----------------------------------------------------------------------------------------------------------

async function toScan() {
  if (!device.settings && wanted === "pass") return toEnrol();
  show("scan");
  document.querySelector('[data-do="type"]').hidden = wanted === "enrol";
  $("aim").textContent = t(wanted === "enrol" ? "e.help" : "s.aim");
  await refreshFoot();
  return startCamera();
}

async function startCamera() {
  const start = document.querySelector('[data-do="start"]');
  try {
    await camera.start();
    start.hidden = true;
    document.querySelector('[data-do="torch"]').hidden = !camera.hasTorch;
    if (shown !== "scan") camera.pause();
  } catch {
    start.hidden = false;
    $("aim").textContent = t("s.no-camera");
  }
}

/** A frame was read. @param {string} text of a code, or empty @param {number} at when the frame was taken */
function onFrame(text, at) {
  const now = performance.now();
  if (!text) return;
  const again = text === last.text && now - last.seen < SAME_AGAIN;
  last = { text, seen: now };
  if (again || shown !== "scan") return;
  performance.measure("frame-to-code", { start: at, end: now });
  take(text, at);
}

/** Call back when what was changed is on the screen. @param {() => void} done */
function painted(done) {
  requestAnimationFrame(() => requestAnimationFrame(done));
}

/** @param {string} text as read or typed @param {number} [at] when its frame was taken */
async function take(text, at = performance.now()) {
  if (wanted === "enrol") return startEnrolment(text);
  return judge(text, {}, at);
}

/** @param {string} text @param {Object<string, string>} more words, document @param {number} at */
async function judge(text, more, at) {
  camera.pause();
  try {
    const made = await device.scan(text, more);
    performance.measure("frame-to-stored", { start: at, end: performance.now() });
    answer = { text, made };
    last.seen = performance.now();
    showAnswer(device, made);
    notice("");
    show("answer");
    painted(() => performance.measure("frame-to-colour", { start: at, end: performance.now() }));
    $("answer").focus();
  } catch (error) {
    if (error.code) fault(error);
    else fault(Object.assign(new Error(error.message), { code: "store" }));
    await toScan();
  }
  await refreshFoot();
  return undefined;
}

// -- enrolment ---------------------------------------------------------------------------------------------------------

function toEnrol() {
  wanted = "pass";
  camera.stop();
  show("enrol");
}

/** @param {string} text of the code, or an address that ends in it */
async function startEnrolment(text) {
  const code = enrolmentCode(text);
  if (code === null) {
    notice(t("e.bad"));
    return;
  }
  notice("");
  wanted = "pass";
  camera.stop();
  await askToEnrol(code);
}

/** Ask until the room has approved. @param {{secret: string, check: string}} code */
async function askToEnrol(code) {
  clearTimeout(polling);
  try {
    const { number: digits, enrolled } = await device.enrol(code, page.check.native);
    if (enrolled) return await begin();
    $("number").textContent = `${digits.slice(0, 3)} ${digits.slice(3)}`;
    show("waiting");
    polling = setTimeout(() => askToEnrol(code), POLL);
  } catch (error) {
    fault(error);
    if (error.code === "offline" && shown === "waiting") polling = setTimeout(() => askToEnrol(code), POLL);
    else {
      await device.giveUp();
      toEnrol();
    }
  }
  return undefined;
}

/** This phone is enrolled: fetch, then scan. */
async function begin() {
  history.replaceState(null, "", location.pathname);
  notice("");
  page.persisted = navigator.storage && navigator.storage.persist ? await navigator.storage.persist() : false;
  await contact();
  await toScan();
}

// -- the node ----------------------------------------------------------------------------------------------------------

/** @param {boolean} [aloud] say so if it fails */
async function contact(aloud = false) {
  if (!device.settings) return;
  try {
    await device.heartbeat();
    await device.sync();
    notice("");
  } catch (error) {
    if (aloud || (error.code !== "offline" && shown !== "answer")) fault(error);
  }
  await refreshFoot();
  if (shown === "menu") await showMenu(device, page);
}

async function exportUnsent() {
  const segments = await device.log.segments();
  const { device: id } = device.settings;
  const data = concat(utf8(EXPORT_MAGIC), encodeCbor(segments.map(([, segment]) => segment.data)));
  save(data, `${id}-${device.log.state.epoch}-${device.log.state.seq}.events`);
  await refreshFoot();
}

// -- buttons -----------------------------------------------------------------------------------------------------------

const ACTS = {
  "enrol-camera": () => {
    wanted = "enrol";
    return toScan();
  },
  "give-up": async () => {
    clearTimeout(polling);
    await device.giveUp();
    history.replaceState(null, "", location.pathname);
    toEnrol();
  },
  start: startCamera,
  scan: toScan,
  next: () => {
    last.seen = performance.now();
    return toScan();
  },
  type: () => {
    $("text").value = "";
    show("typed");
    $("text").focus();
  },
  torch: async () => {
    const button = document.querySelector('[data-do="torch"]');
    const on = button.getAttribute("aria-pressed") !== "true";
    await camera.torch(on);
    button.setAttribute("aria-pressed", String(on));
  },
  menu: async () => {
    if (!device.settings) return toEnrol();
    show("menu");
    return showMenu(device, page);
  },
  fetch: async () => {
    await contact(true);
    if (shown === "answer" && answer && device.online) await judge(answer.text, {}, performance.now());
  },
  export: exportUnsent,
  undo: async () => {
    if (device.canUndo) await device.undo();
    await toScan();
    await refreshFoot();
  },
  fewer: () => {
    showPad(answer.made.heads, async (heads) => {
      const made = await device.fewer(heads);
      answer.made = made;
      showAnswer(device, made);
      show("answer");
      await refreshFoot();
    });
    show("heads");
  },
  "back-to-answer": () => show("answer"),
  update: takeNewVersion,
  later: () => {
    updateLater = true;
    $("update").hidden = true;
  },
};

const FORMS = {
  enrol: (form) => startEnrolment(String(form.get("code"))),
  typed: (form) => judge(String(form.get("text")).replace(/[\r\n]+/g, "").trim(), {}, performance.now()),
  words: (form) => {
    const more = { words: String(form.get("words")) };
    if (!$("document-field").hidden) more.document = String(form.get("document"));
    $("words").value = "";
    $("next").textContent = t("s.deciding");
    return judge(answer.text, more, performance.now());
  },
  override: async (form) => {
    const heads = Number(form.get("heads"));
    await device.override(answer.made, heads, String(form.get("why")), String(form.get("note")).trim());
    const made = { ...answer.made, heads, overridden: true, warnings: [], wait: 0 };
    answer.made = made;
    showAnswer(device, made);
    show("answer");
    await refreshFoot();
  },
  record: async (form) => {
    await device.witness(recording, recordOf(recording, form));
    await toScan();
    notice(t("m.done"));
    setTimeout(() => notice(""), 4_000);
  },
};

function wire() {
  document.addEventListener("click", (event) => {
    wake();
    const button = event.target.closest("[data-do], [data-record]");
    if (!button) return;
    if (button.dataset.record) {
      recording = button.dataset.record;
      showRecord(recording);
      show("record");
    } else Promise.resolve(ACTS[button.dataset.do]()).catch(fault);
  });
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    Promise.resolve(FORMS[event.target.dataset.form](new FormData(event.target))).catch(fault);
  });
  $("photo").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    const text = await readPicture(file);
    if (text) await take(text);
    else $("aim").textContent = t("s.no-code");
  });
  wireHold($("hold"), () => {
    showOverride(answer.made.heads);
    show("override");
  });
  // The sign makes room for the keyboard and stays away until the next answer: if it came back when the field is left,
  // the button that is being pressed would move from under the finger.
  for (const id of ["words", "document"]) {
    $(id).addEventListener("focus", () => document.body.toggleAttribute("data-typing", true));
  }
  window.addEventListener("online", () => contact());
  window.addEventListener("hashchange", () => {
    if (!device.settings && enrolmentCode(location.hash)) startEnrolment(location.hash).catch(fault);
  });
  window.addEventListener("offline", () => {
    device.online = false;
    refreshFoot();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) camera.pause();
    else if (shown === "scan") camera.resume();
  });
}

// -- start -------------------------------------------------------------------------------------------------------------

async function main() {
  const language = localStorage.getItem("language") || guess(navigator.languages);
  use(language);
  showTongues(async (tag) => {
    localStorage.setItem("language", tag);
    await refreshFoot();
    if (shown === "menu") await showMenu(device, page);
  });
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB || !globalThis.Worker) return notice(t("x.old"));
  if (!(await alone())) return notice(t("x.second"));
  const offline = workOffline(offerUpdate)
    .then((ready) => {
      page.offlineReady = ready;
      document.body.dataset.offlineReady = ready ? "yes" : "no";
    })
    .catch((error) => console.warn(error.message));
  page.check = await selfCheck();
  device = await Device.load(await Store.open(), argon2id);
  camera = new Camera($("video"), onFrame);
  wire();
  readCode(new ImageData(8, 8)).catch(() => undefined); // the reader is ready before the first code
  if (navigator.storage && navigator.storage.persisted) page.persisted = await navigator.storage.persisted();
  setInterval(() => contact(), CONTACT);
  setInterval(refreshFoot, 15_000);
  const code = enrolmentCode(location.hash) || (await device.store.get("code")) || null;
  if (device.settings) {
    await toScan();
    contact();
  } else if (code) await askToEnrol(code);
  else toEnrol();
  await offline;
  return undefined;
}

main().catch((error) => {
  fault(error);
  console.error(error);
});
