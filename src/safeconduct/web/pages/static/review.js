// Keys for the review of sources, and the text brought to the place in question. The page works without this file.
"use strict";

(() => {
  const at = (id) => document.getElementById(id);
  const form = at("decision"), pane = at("source"), mark = at("current"), amend = at("amend");
  const typed = "input:not([type=checkbox]):not([type=radio]):not([type=hidden]), textarea, select";
  let went = 0;

  at("keys").querySelector("dl").prepend(...at("review-keys").children);
  if (amend) amend.hidden = false;

  // The text scrolls in its own pane on a wide screen; on a narrow one the page stays where it is, at the form.
  function show() {
    if (!mark || !pane || pane.scrollHeight <= pane.clientHeight) return;
    const place = mark.getBoundingClientRect(), frame = pane.getBoundingClientRect();
    pane.scrollTop += place.top - frame.top - (frame.height - place.height) / 3;
  }
  show();

  function fields() {
    if (!form) return;
    const first = [...form.querySelectorAll(typed)].find((one) => !one.disabled && one.offsetParent !== null);
    first?.focus();
    first?.select?.();
  }
  amend?.addEventListener("click", fields);

  const acts = {
    j: () => at("after")?.click(),
    k: () => at("before")?.click(),
    ArrowRight: () => at("after")?.click(),
    ArrowLeft: () => at("before")?.click(),
    a: () => at("accept") && form.requestSubmit(at("accept")),
    e: fields,
    r: () => at("reject") && form.requestSubmit(at("reject")),
    u: () => document.querySelector("[data-undo]")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.target.matches(typed)) {
      if (event.key === "Escape" && form && form.contains(event.target)) {
        form.reset();
        event.target.blur();
      }
      return;
    }
    if (!at("keys-on").checked || at("keys").open || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.matches("[type=radio]") && event.key.startsWith("Arrow")) return; // the arrows choose there
    const after = went && Date.now() - went < 1500; // "g a" leads to another page
    went = event.key === "g" ? Date.now() : 0;
    if (after || !Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    acts[event.key]();
  });

  // One click is one decision: a second press while the page changes would meet the next suggestion.
  form?.addEventListener("submit", () => setTimeout(() => form.querySelectorAll("button").forEach((one) => { one.disabled = true; })));
})();
