/** The page on a phone by itself: one window, every file kept, a new version only when the guard says so. */

const LOOK = 5_000; // milliseconds between two looks whether a new version waits
const ASK = 3_600_000; // milliseconds between two questions to the node whether there is one

/** One window only: two that write one log would fork it. @returns {Promise<boolean>} */
export function alone() {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request("safeconduct-scanner", { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => undefined); // kept until the page goes
    });
  });
}

/**
 * Keep every file on this phone, and say when a new version waits; it takes over when the guard says so.
 * @param {() => void} offer a new version waits @returns {Promise<boolean>} true once the page works without a network
 */
export async function workOffline(offer) {
  if (!("serviceWorker" in navigator)) return false;
  const registration = await navigator.serviceWorker.register("sw.js", { scope: "./", updateViaCache: "none" });
  const look = () => {
    if (registration.waiting && navigator.serviceWorker.controller) offer();
  };
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
  setInterval(look, LOOK);
  setInterval(() => registration.update().catch(() => undefined), ASK);
  look();
  await navigator.serviceWorker.ready;
  return true;
}

/** Let the version that waits take over; the page loads anew with it. */
export async function takeNewVersion() {
  const registration = await navigator.serviceWorker.getRegistration();
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  if (registration && registration.waiting) registration.waiting.postMessage("take over");
}
