/* Keeps every file of this page on the phone, so that it opens without a network. VERSION and FILES stand above: the
   node writes them. A new version waits until the guard says so; nothing changes in the middle of a scan. */
/* global VERSION, FILES */
const CACHE = `safeconduct-scanner-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  const scope = new URL(self.registration.scope);
  if (event.request.method !== "GET" || address.origin !== scope.origin || !address.pathname.startsWith(scope.pathname)) return;
  const name = address.pathname.slice(scope.pathname.length) || "./";
  if (!FILES.includes(name)) return; // the node's answers are never kept
  event.respondWith(caches.open(CACHE).then((cache) => cache.match(name)).then((found) => found || fetch(event.request)));
});
