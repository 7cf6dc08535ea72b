/** The page's start: what is loaded, and which part listens to what. The rules are elsewhere. */

import { ACTS, FORMS, toOverride, toRecord } from "./acts.js";
import { PREFIX as REVOCATIONS } from "./briefing.js";
import { Camera, readPicture } from "./camera.js";
import { CONTACT, contact } from "./contact.js";
import { Device } from "./device.js";
import { selfCheck } from "./ed25519.js";
import { askToEnrol, startEnrolment } from "./enrolling.js";
import { PREFIX as FRAME } from "./frames.js";
import { wireHold } from "./hold.js";
import { guess, t, use } from "./i18n.js";
import { showMenu, showTongues } from "./menu.js";
import { enrolmentCode } from "./node-client.js";
import { alone, workOffline } from "./offline.js";
import { takeFile, takeFrame, takePart } from "./outbox.js";
import { PHONE_TAKERS } from "./phone-code.js";
import { onFrame, take, takers, toEnrol, toScan } from "./scanning.js";
import { $, fault, notice, offerUpdate, page, refreshFoot } from "./screens.js";
import { wireSay } from "./say.js";
import { wake } from "./signal.js";
import { Store } from "./store.js";
import { argon2id, readCode } from "./workers.js";

takers.push(
  { wants: () => page.wanted === "enrol", take: startEnrolment },
  { wants: (text) => text.startsWith(FRAME), take: takeFrame },
  { wants: (text) => text.startsWith(REVOCATIONS), take: takePart },
  ...PHONE_TAKERS,
);

function wireButtons() {
  document.addEventListener("click", (event) => {
    wake();
    const button = event.target.closest("[data-do], [data-record]");
    if (!button) return;
    if (button.dataset.record) toRecord(button.dataset.record);
    else Promise.resolve(ACTS[button.dataset.do]()).catch(fault);
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
    if (text) await take(text).catch(fault);
    else $("aim").textContent = t("s.no-code");
  });
  $("file").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (file) await file.arrayBuffer().then((data) => takeFile(new Uint8Array(data))).catch(fault);
  });
  wireHold($("hold"), toOverride);
  wireSay();
  // The sign makes room for the keyboard and stays away until the next answer: if it came back when the field is left,
  // the button that is being pressed would move from under the finger.
  for (const id of ["words", "document"]) {
    $(id).addEventListener("focus", () => document.body.toggleAttribute("data-typing", true));
  }
}

function wireSurroundings() {
  window.addEventListener("online", () => contact());
  window.addEventListener("hashchange", () => {
    if (!page.device.settings && enrolmentCode(location.hash)) startEnrolment(location.hash).catch(fault);
  });
  window.addEventListener("offline", () => {
    page.device.online = false;
    refreshFoot();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) page.camera.pause();
    else if (page.shown === "scan") page.camera.resume();
  });
  setInterval(() => contact(), CONTACT);
  setInterval(refreshFoot, 15_000);
}

function chooseLanguage() {
  use(localStorage.getItem("language") || guess(navigator.languages));
  showTongues(async (tag) => {
    localStorage.setItem("language", tag);
    await refreshFoot();
    if (page.shown === "menu") await showMenu(page.device, page);
  });
}

async function main() {
  chooseLanguage();
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB || !globalThis.Worker) return notice(t("x.old"));
  if (!(await alone())) return notice(t("x.second"));
  const offline = workOffline(offerUpdate)
    .then((ready) => {
      page.offlineReady = ready;
      document.body.dataset.offlineReady = ready ? "yes" : "no";
    })
    .catch((error) => console.warn(error.message));
  page.check = await selfCheck();
  page.device = await Device.load(await Store.open(), argon2id);
  page.camera = new Camera($("video"), onFrame);
  wireButtons();
  readCode(new ImageData(8, 8)).catch(() => undefined); // the reader is ready before the first code
  if (navigator.storage && navigator.storage.persisted) page.persisted = await navigator.storage.persisted();
  wireSurroundings();
  const code = enrolmentCode(location.hash) || (await page.device.store.get("code")) || null;
  if (page.device.settings) {
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
