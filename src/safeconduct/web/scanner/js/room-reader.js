/** The room's page that reads a phone's codes: by camera or from photographs, until a file is whole; then it is sent. */

import { Camera, look } from "./camera.js";
import { Collector, PREFIX } from "./frames.js";

const $ = (id) => document.getElementById(id);
const TRIES = 8; // ways to look at one photograph
const collector = new Collector();
let last = "";

/** @param {string} text what is shown */
function say(text) {
  $("told").textContent = text;
}

/** Hand the whole file to the form beside it, and send that. @param {Uint8Array} data */
function bring(data) {
  const held = new DataTransfer();
  held.items.add(new File([data], "codes.events", { type: "application/octet-stream" }));
  $("file").files = held.files;
  $("bring").requestSubmit();
}

/** @param {string} text of a code @returns {Promise<boolean>} whether a file is whole */
async function take(text) {
  if (!text || text === last) return false;
  last = text;
  if (!text.startsWith(PREFIX)) {
    say("This code is none of a phone’s unsent events.");
    return false;
  }
  try {
    const { got, total, data } = await collector.add(text);
    say(`${got} of ${total} codes read.`);
    Object.assign($("progress"), { max: total, value: got });
    if (data !== null) bring(data);
    return data !== null;
  } catch {
    say("A code was damaged. Go on: it comes again.");
    return false;
  }
}

const camera = new Camera($("video"), async (text) => {
  if (await take(text)) camera.stop();
});

$("start").addEventListener("click", async () => {
  try {
    await camera.start();
    $("start").hidden = true;
    say("Looking for codes…");
  } catch {
    say("No camera, or it may not be used. Bring photographs instead.");
  }
});

$("photos").addEventListener("change", async (event) => {
  let unread = 0;
  for (const file of event.target.files) {
    const picture = await createImageBitmap(file).catch(() => null);
    const { text } = picture ? await look(picture, TRIES) : { text: "" };
    if (!text) unread += 1;
    else if (await take(text)) return;
  }
  event.target.value = "";
  if (unread) say(`${unread} photographs hold no code that can be read. ${$("told").textContent}`);
});
