/** What stands at the foot always, and the page about this phone. */

import { pointName } from "./answer.js";
import { inTongue, ownWords, standingAt } from "./guard-lines.js";
import { LANGUAGES, count, inUse, moment, number, span, t, use } from "./i18n.js";

const $ = (id) => document.getElementById(id);
const HOLD = "hold advised"; // before all other advice over the camera's picture; the menu has all of it
const MOST_SKEW = 120; // seconds, before the page speaks of its clock

/** The foot: age of the list, unsent events, network. @param {import("./device.js").Device} device */
export async function showFoot(device) {
  const { bundle } = device;
  const now = device.now();
  const list = $("foot-list");
  if (bundle === null) list.textContent = t(device.bundleError === "bundle-expired" ? "f.expired" : "f.none");
  else list.textContent = now >= bundle.expires ? t("f.expired") : t("f.list", { age: span(Math.max(0, now - bundle.issued)) });
  list.classList.toggle("bad", bundle === null || now >= bundle.expires);
  list.classList.toggle("warn", bundle !== null && now >= bundle.staleFrom && now < bundle.expires);
  const unsent = await device.store.unsent();
  $("foot-unsent").textContent = count("f.unsent", unsent);
  $("foot-unsent").classList.toggle("warn", unsent > 0);
  const carried = await device.carrier.standing();
  $("foot-carried").hidden = carried.events === 0;
  $("foot-carried").textContent = t("f.carried", { n: number(carried.events) });
  $("foot-net").textContent = t(device.online ? "f.online" : "f.offline");
  $("foot-net").classList.toggle("warn", !device.online);
  $("exercise").hidden = !device.settings.exercise;
  const name = pointName(device, device.settings.point);
  $("point").replaceChildren(Object.assign(document.createElement("bdi"), { textContent: name }));
  const state = device.point ? device.point.state : "";
  $("point-state").hidden = !state || state === "open";
  $("point-state").textContent = state ? t(`d.state.${state}`) : "";
  const advice = linesHere(device);
  const first = advice.find(({ text }) => text.startsWith(HOLD)) || advice[0];
  $("scan-advice").hidden = first === undefined;
  $("scan-advice").replaceChildren(...(first ? [item(inTongue(first.text))] : []));
}

/** @param {string} text @returns {HTMLElement} */
function item(text) {
  return Object.assign(document.createElement("li"), { textContent: text });
}

/** @param {import("./device.js").Device} device @returns {Array<{text: string, until: number}>} advice for this point now */
function linesHere(device) {
  return device.bundle ? standingAt(device.bundle.advice, device.settings.point, device.now()) : [];
}

/** @param {import("./device.js").Device} device @returns {string[]} the same as the menu says it, with its end */
function adviceHere(device) {
  const now = device.now();
  return linesHere(device).map(({ text, until }) => `${inTongue(text)} (${t("g.until", { time: moment(until, now) })})`);
}

/** @param {import("./device.js").Device} device @param {Object<string, *>} page what the page found out at its start */
export async function showMenu(device, page) {
  const { bundle, settings, key, log } = device;
  const now = device.now();
  const advice = [...adviceHere(device), ...(bundle && ownWords(bundle.advice) ? [ownWords(bundle.advice)] : [])];
  $("advice").hidden = advice.length === 0;
  $("advice").replaceChildren(...advice.map((line) => item(line)));
  const carried = await device.carrier.standing();
  $("show-receipts").hidden = carried.receipts === 0;
  const rows = [
    ["d.point", pointName(device, settings.point)],
    ["d.holder", device.point ? device.point.holder : settings.party],
    ["d.device", settings.device],
    ["d.list", bundle ? `${number(bundle.seq)} · ${t("d.issued", { from: moment(bundle.issued, now), to: moment(bundle.expires, now) })}` : t("f.none")],
    ["d.storage", t(page.persisted ? "d.kept" : "d.cleared")],
    ["d.log", t("d.epoch", { epoch: number(log.state.epoch), n: number(log.state.seq) })],
    ["d.key", t(`d.key-${key.keeper}`)],
    ["d.check", page.check.native ? t("d.native", { n: number(page.check.cases) }) : t("d.fallback")],
    ["", t(page.offlineReady ? "d.ready" : "d.not-ready")],
  ];
  if (settings.lost) {
    const lost = { n: number(settings.lost.upto), epoch: number(settings.lost.epoch) };
    rows.push(["", t("d.lost", lost)]);
  }
  if (bundle && bundle.revokedAt) rows.push(["d.revoked", t("d.revoked-at", { time: moment(bundle.revokedAt, now) })]);
  if (carried.events) rows.push(["d.carried", `${count("q.events", carried.events)} · ${carried.devices.join(", ")}`]);
  for (const refused of carried.refused) rows.push(["d.refused", refused]);
  if (Math.abs(device.skew) > MOST_SKEW) rows.push(["", t("f.skew", { time: span(Math.abs(device.skew)) })]);
  $("facts").replaceChildren(
    ...rows.map(([name, value]) => {
      const row = document.createElement("div");
      const [term, told] = [document.createElement("dt"), document.createElement("dd")];
      if (name) term.textContent = t(name);
      told.append(Object.assign(document.createElement("bdi"), { textContent: value }));
      row.append(...(name ? [term, told] : [told]));
      return row;
    }),
  );
}

/** A button for each language, in its own words. @param {(tag: string) => void} chosen */
export function showTongues(chosen) {
  for (const nav of document.querySelectorAll(".tongues")) {
    nav.replaceChildren(
      ...Object.entries(LANGUAGES).map(([tag, { strings, dir }]) => {
        const button = document.createElement("button");
        Object.assign(button, { type: "button", lang: tag, dir, textContent: strings.language });
        button.setAttribute("aria-pressed", String(tag === inUse()));
        button.addEventListener("click", () => {
          use(tag);
          chosen(tag);
          showTongues(chosen);
        });
        return button;
      }),
    );
  }
}

/** Offer bytes as a file. @param {Uint8Array} data @param {string} name */
export function save(data, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([data], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
