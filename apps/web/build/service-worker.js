// Keeps the page, so that it works offline. The build fills in the names of its files and one for all of them.
const CACHE = "__CACHE__";
const FILES = __FILES__;

addEventListener("install", (event) => {
  const fresh = FILES.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

addEventListener("activate", (event) => {
  const removeOld = async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    await clients.claim();
  };
  event.waitUntil(removeOld());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  // Servers that add `Vary` speak of headers that make no difference to these files.
  const options = { cacheName: CACHE, ignoreSearch: true, ignoreVary: true };
  const kept = caches.match(request.mode === "navigate" ? "./" : request, options);
  event.respondWith(kept.then((response) => response ?? fetch(request)));
});
