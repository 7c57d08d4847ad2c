/* Keeps the page of the window alive without a line: the network first, always; what desk.js has put aside only where it is silent.
   It puts nothing aside by itself, so nothing but the empty page and its static files can ever be in the store. */
"use strict";
const STORE = "wulian-window", SHELL = "shell/", PATIENCE = 8_000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const kept = async (address) => (await caches.open(STORE)).match(address);
async function answer(request, address) {
  const reply = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  // What stands before a server that is down answers for it with these.
  if (reply && ![502, 503, 504].includes(reply.status)) return reply;
  return await kept(address) || reply || Response.error();
}
self.addEventListener("fetch", (event) => {
  const { request } = event, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (request.url.split(/[?#]/)[0] === self.registration.scope) event.respondWith(answer(request, self.registration.scope + SHELL));
  } else if (["style", "script", "font", "image"].includes(request.destination)) event.respondWith(answer(request, request.url));
});
