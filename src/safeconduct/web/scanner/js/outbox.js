/** Events and receipts that go another way than over this phone's network: as files, and as codes from screen to camera. */

import { MAGIC, Parts, takeBriefing } from "./briefing.js";
import { concat, equal, utf8 } from "./bytes.js";
import { decode as decodeCbor, encode as encodeCbor } from "./cbor.js";
import { showCodes } from "./codes.js";
import { BadInput } from "./errors.js";
import { Collector } from "./frames.js";
import { count, number, t } from "./i18n.js";
import { save, showMenu } from "./menu.js";
import { toScan } from "./scanning.js";
import { $, done, page, refreshFoot } from "./screens.js";
import * as shape from "./shape.js";

const EVENTS = utf8("safeconduct-events-1\n");
const RECEIPTS = utf8("safeconduct-receipts-1\n");
const REVOCATIONS = utf8(MAGIC);
const LIST = shape.many(shape.blob(1 << 14), 1_000);
const collector = new Collector();
const parts = new Parts();

/** @param {Uint8Array} magic @param {Uint8Array} data @returns {boolean} */
const begins = (magic, data) => equal(data.subarray(0, magic.length), magic);

/** @returns {Promise<Uint8Array>} every segment of this phone that no receipt covers, as one file */
async function unsentFile() {
  const segments = await page.device.log.segments();
  return concat(EVENTS, encodeCbor(segments.map(([, segment]) => segment.data)));
}

/** Offer the unsent events as a file; they stay here until a receipt covers them. */
export async function saveUnsent() {
  const data = await unsentFile();
  const { log, settings } = page.device;
  save(data, `${settings.device}-${log.state.epoch}-${log.state.seq}.events`);
  await refreshFoot();
}

/** Show the unsent events as codes. */
export async function showUnsent() {
  if (!(await page.device.store.unsent())) return done(t("q.none"));
  return showCodes(await unsentFile(), t("q.title"));
}

/** Show the receipts of the phones whose events this one carried. */
export async function showReceipts() {
  const receipts = await page.device.carrier.receipts();
  if (!receipts.length) return done(t("q.no-receipts"));
  return showCodes(concat(RECEIPTS, encodeCbor(receipts)), t("q.receipts"));
}

/** A code of a file was read. @param {string} text */
export async function takeFrame(text) {
  const { got, total, data } = await collector.add(text);
  $("aim").textContent = t("q.reading", { n: number(got), total: number(total) });
  if (data !== null) await takeFile(data);
}

/** A code of a briefing was read. @param {string} text */
export async function takePart(text) {
  const { got, total, data } = await parts.add(text);
  $("aim").textContent = t("q.reading", { n: number(got), total: number(total) });
  if (data !== null) await takeFile(concat(REVOCATIONS, data));
}

/** @param {Uint8Array} data a whole file @throws {BadInput} `bad-events`, `bad-cbor` … */
export async function takeFile(data) {
  const { device } = page;
  let said;
  if (begins(EVENTS, data)) {
    const { device: name, events } = await device.carrier.take(data.subarray(EVENTS.length), device.now());
    said = t("q.carried", { device: name, events: count("q.events", events) });
  } else if (begins(RECEIPTS, data)) {
    const covered = await device.takeReceipts(shape.check("bad-receipt", "file", LIST, decodeCbor(data.subarray(RECEIPTS.length), "file")));
    said = covered ? t("q.covered", { events: count("q.events", covered) }) : t("q.not-ours");
  } else if (begins(REVOCATIONS, data)) {
    const { renewed, missed } = await takeBriefing(device, data.slice(REVOCATIONS.length));
    said = missed ? t("x.wrong-base") : t(renewed ? "q.revocations" : "q.no-revocations", { n: number(renewed) });
  } else throw new BadInput("bad-events", "file", "events, receipts or revocations");
  await toScan();
  done(said);
  await refreshFoot();
  if (page.shown === "menu") await showMenu(device, page);
}
