/** When this phone speaks to the node: by itself every minute, and when a button says so. */

import { t } from "./i18n.js";
import { showMenu } from "./menu.js";
import { done, fault, notice, page, refreshFoot } from "./screens.js";

export const CONTACT = 60_000; // milliseconds between two tries at the node

/** @param {boolean} [aloud] a guard asked: say what goes on, and how it ended */
export async function contact(aloud = false) {
  const { device } = page;
  if (!device.settings) return;
  if (aloud) notice(t("f.fetching"));
  try {
    await device.heartbeat();
    if (aloud) await device.syncing?.catch(() => undefined); // one that runs already may not know the newest event
    await device.sync();
    if (aloud) done(t("f.fetched"));
    else notice("");
  } catch (error) {
    if (aloud || (error.code !== "offline" && page.shown !== "answer")) fault(error);
  }
  await refreshFoot();
  if (page.shown === "menu") await showMenu(device, page);
}
