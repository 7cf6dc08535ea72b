// Smoother reading, never needed: every page works without this file.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const FRAGMENT = { "X-Fragment": "1", Accept: "text/html" };
const parse = (text) => new DOMParser().parseFromString(text, "text/html");

// --- what is new: wait behind a button, or come by itself when the reader asked for it ------------------------------
const news = $("#news");
const follow = $("#follow");
let shown = Number(document.body.dataset.version || 0);
let heard = new Date();
let swapping = false;

function settle(fresh, old) {
  for (const details of all("details[open]", old)) {
    const same = details.id && fresh.querySelector("#" + CSS.escape(details.id));
    if (same) same.open = true;
  }
  const known = $("input[type=date]", old);
  if (known && known === document.activeElement) return false; // never under the reader's hand
  return true;
}

async function showNew() {
  if (swapping) return;
  swapping = true;
  try {
    const answer = await fetch("/room-fragment", { headers: FRAGMENT });
    if (answer.status === 401 || answer.redirected) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const doc = parse(await answer.text());
    const focus = document.activeElement && document.activeElement.id;
    for (const old of all("[data-live]")) {
      const fresh = doc.getElementById(old.id);
      if (fresh && fresh.outerHTML !== old.outerHTML && settle(fresh, old)) old.replaceWith(document.adoptNode(fresh));
    }
    const hero = $("#hero");
    shown = Number(hero.dataset.version);
    document.body.dataset.version = String(shown);
    const needs = Number(hero.dataset.needs);
    document.title = (needs ? `(${needs}) ` : "") + document.title.replace(/^\(\d+\) /, "");
    if (focus && document.getElementById(focus) !== document.activeElement) document.getElementById(focus)?.focus({ preventScroll: true });
    news.replaceChildren();
    filter();
    await showSamples();
  } catch {
    lost();
  } finally {
    swapping = false;
  }
}

// Early in an operation there is nothing to sample, and no control point yet: ask until all four are there.
async function showSamples() {
  const samples = $("#samples"), point = $("#pass-point");
  if (!samples || all(".sample").length >= 4 || samples.contains(document.activeElement)) return;
  const answer = await fetch("/try-fragment", { headers: FRAGMENT });
  if (!answer.ok) return;
  const doc = parse(await answer.text());
  samples.replaceWith(document.adoptNode(doc.getElementById("samples")));
  if (!point.value) point.replaceChildren(...all("option", doc.getElementById("pass-point")).map((option) => document.adoptNode(option)));
}

function lost() {
  if ($(".lost", news)) return;
  const words = document.createElement("span");
  words.className = "lost";
  words.textContent = `No answer from the node since ${heard.toISOString().slice(11, 16)} UTC. What you see may be old.`;
  news.replaceChildren(words);
}

async function poll() {
  if (!document.hidden) {
    try {
      const answer = await fetch("/version", { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      const body = await answer.json();
      const version = Number(typeof body === "object" ? body.version : body);
      heard = new Date();
      if (version === shown) news.replaceChildren();
      else if (follow.checked) await showNew();
      else offer(version - shown);
    } catch {
      lost();
    }
  }
  setTimeout(poll, follow.checked ? 1500 : 5000);
}

function offer(count) {
  const words = count > 0 ? `${count.toLocaleString("en")} new – show` : "The node started anew – show";
  const there = $("button", news);
  if (there) { there.textContent = words; return; }
  const button = document.createElement("button");
  button.className = "primary";
  button.textContent = words;
  button.addEventListener("click", showNew);
  news.replaceChildren(button);
}

if (news && follow) {
  $("#reload").hidden = true;
  follow.addEventListener("change", () => {
    const here = new URL(location.href);
    if (follow.checked) here.searchParams.set("follow", "1"); else here.searchParams.delete("follow");
    history.replaceState(null, "", here);
    if (follow.checked) showNew();
  });
  setTimeout(poll, follow.checked ? 1500 : 5000);
}

// --- the decision box ----------------------------------------------------------------------------------------------
const decide = $("#decide");

async function ask(form) {
  const place = $("#answer");
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: FRAGMENT });
    const found = $("[data-answer]", parse(await answer.text()));
    if (!found) throw new Error(String(answer.status));
    place.replaceChildren(document.adoptNode(found));
  } catch {
    place.textContent = "No answer from the node. Ask again, or use a gate's device: it works without the node.";
  }
  place.removeAttribute("aria-busy");
  place.scrollIntoView({ block: "nearest" });
}

if (decide) {
  const text = $("#pass-text"), file = $("#pass-file"), point = $("#pass-point"), at = $("#pass-at");
  decide.addEventListener("submit", (event) => { event.preventDefault(); ask(decide); });
  $("#try").addEventListener("submit", (event) => {
    const sample = event.target;
    if (!sample.matches(".sample")) return;
    event.preventDefault();
    text.value = sample.elements.text.value;
    point.value = sample.elements.point.value;
    at.value = sample.elements.at.value; // a sample is asked about in its own time, also at another point or with words
    file.value = "";
    $("#pass-words").value = "";
    ask(sample);
  });
  const take = (files) => {
    if (!files || !files.length) return false;
    file.files = files;
    text.value = "";
    ask(decide);
    return true;
  };
  file.addEventListener("change", () => take(file.files));
  text.addEventListener("input", () => { file.value = ""; });
  text.addEventListener("paste", (event) => { if (take(event.clipboardData.files)) event.preventDefault(); });
  text.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); decide.requestSubmit(); } });
  decide.addEventListener("dragover", (event) => { event.preventDefault(); decide.classList.add("over"); });
  decide.addEventListener("dragleave", () => decide.classList.remove("over"));
  decide.addEventListener("drop", (event) => { decide.classList.remove("over"); if (take(event.dataTransfer.files)) event.preventDefault(); });
}

// --- find as one types ----------------------------------------------------------------------------------------------
const find = $("#find");

function filter() {
  if (!find) return;
  const wanted = find.value.trim().toLowerCase();
  for (const row of all("[data-row]")) {
    const hit = !wanted || row.textContent.toLowerCase().includes(wanted);
    row.hidden = !hit;
    const fold = wanted && hit && row.closest("details");
    if (fold) fold.open = true;
  }
}

if (find) {
  find.parentElement.hidden = false;
  find.addEventListener("input", filter);
}

// --- as known at, as recorded at: one stop for each day on which the account changed --------------------------------
const words = (day) => new Date(day + "T00:00Z").toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

let asked = 0; // of several answers under way only the newest is shown: an older one would set the slider back

function slide(box) {
  const days = box.dataset.days.split(" "), range = $("input", box), says = $("output", box);
  box.hidden = days.length < 2;
  range.addEventListener("input", () => { says.textContent = words(days[range.value]); });
  range.addEventListener("change", async () => {
    const mine = ++asked, wanted = new URLSearchParams(location.search);
    wanted.set(box.dataset.name, days[range.value]);
    wanted.delete("part");
    const there = "?" + wanted;
    try {
      const answer = await fetch(location.pathname + there);
      const fresh = $("#account", parse(await answer.text()));
      if (mine !== asked) return;
      if (!fresh) throw new Error(String(answer.status));
      history.replaceState(null, "", there);
      settle(fresh, $("#account"));
      $("#account").replaceWith(document.adoptNode(fresh));
      account();
      document.getElementById(range.id).focus({ preventScroll: true });
    } catch {
      location.search = there;
    }
  });
}

// How far the record went when this computer last showed the incident; kept here, told to nobody.
let looked = null;

function account() {
  for (const box of all(".slider")) slide(box);
  const link = $("#looked");
  if (!link || !link.dataset.recorded) return;
  try {
    const key = "looked:" + link.dataset.incident;
    looked ??= localStorage.getItem(key) || "";
    if (looked < link.dataset.recorded) localStorage.setItem(key, link.dataset.recorded);
  } catch { looked = ""; /* private window: nothing is kept */ }
  if (!looked || looked >= link.dataset.recorded) return;
  const wanted = new URLSearchParams(location.search);
  wanted.delete("since");
  wanted.set("recorded_since", looked);
  link.href = "?" + wanted + "#new";
  link.textContent = "What was written down since you last looked?";
  link.hidden = false;
}
account();

// --- keys -----------------------------------------------------------------------------------------------------------
const keys = $("#keys"), on = $("#keys-on"), opener = $("[data-keys]");
let went = 0;
try { on.checked = localStorage.getItem("keys") !== "off"; } catch { /* private window: keys stay on */ }
on.addEventListener("change", () => { try { localStorage.setItem("keys", on.checked ? "on" : "off"); } catch { /* for this page only */ } });
opener.hidden = false;
opener.addEventListener("click", () => keys.showModal());

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox]):not([type=range]), textarea, select");
  if (event.key === "Escape" && event.target === find) { find.value = ""; filter(); find.blur(); return; }
  if (typing || !on.checked || keys.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (went && Date.now() - went < 1500) {
    went = 0;
    const link = $(`[data-key="${CSS.escape(event.key)}"]`);
    if (link) { event.preventDefault(); link.click(); }
  } else if (event.key === "g") went = Date.now();
  else if (event.key === "?") keys.showModal();
  else if (event.key === "/" && find && !find.parentElement.hidden) { event.preventDefault(); find.focus(); find.select(); }
  else if (event.key === "n" && $("button", news || document.createElement("p"))) showNew();
});
