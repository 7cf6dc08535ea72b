/** When this phone speaks to the node: by itself every minute, and when a button says so. */

import { showMenu } from "./menu.js";
import { fault, notice, page, refreshFoot } from "./screens.js";

export const CONTACT = 60_000; // milliseconds between two tries at the node

/** @param {boolean} [aloud] say so if it fails */
export async function contact(aloud = false) {
  const { device } = page;
  if (!device.settings) return;
  try {
    await device.heartbeat();
    await device.sync();
    notice("");
  } catch (error) {
    if (aloud || (error.code !== "offline" && page.shown !== "answer")) fault(error);
  }
  await refreshFoot();
  if (page.shown === "menu") await showMenu(device, page);
}
