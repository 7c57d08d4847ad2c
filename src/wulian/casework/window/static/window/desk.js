/* Every entry is first kept in this browser, sealed with a key that only the memory of this page holds, then sent; it is wiped
   once the server has confirmed it. While the line is down the entries wait; the server stores each submission once. */
(function () {
  "use strict";
  const { form, words, say, ...page } = window.wulianWindow;
  const desk = document.getElementById("window-desk"), line = document.getElementById("window-line"), queue = document.getElementById("window-queue");
  const slip = document.getElementById("window-provisional"), bar = document.getElementById("window-progress");
  const save = form.querySelector("button[type=submit]");
  const clerk = desk.dataset.clerk, RETRY = 15_000, PATIENCE = 120_000, STORE = "entries", PAIRS = "pairs", KEPT = "wulian-window";

  /* --- the keys: a pair made here. With the one half whoever sits here seals, also without a line; the other half lies wrapped in a
     key that only the server gives, to this clerk after the login, and that is gone with the page --------------------- */
  const WRAP = { name: "RSA-OAEP", hash: "SHA-256" }, LOCK = "AES-GCM";
  let pair = null, held = null, down = false, out = false;
  async function askForKey() {
    const answer = await fetch(desk.dataset.key, { cache: "no-store" }).catch(() => null);
    down = !answer || answer.status >= 500;
    if (!down) out = answer.redirected || !answer.ok;
    return down || out ? null : answer;
  }
  async function key() {
    if (held || !crypto.subtle) return held;
    try {
      const answer = await askForKey();
      if (!answer) return null;
      const bytes = Uint8Array.from(atob((await answer.json()).key), (sign) => sign.charCodeAt(0));
      const own = await crypto.subtle.importKey("raw", bytes, LOCK, false, ["wrapKey", "unwrapKey"]);
      pair = await pairOf() || await newPair(own);
      held = await crypto.subtle.unwrapKey("pkcs8", pair.wrapped, own, { name: LOCK, iv: pair.iv }, WRAP, false, ["decrypt"]);
    } catch { /* no room for the pair: what is saved is sent without being kept */ }
    return held;
  }
  const pairOf = () => inStore("readonly", (store) => store.get(clerk), PAIRS);
  async function newPair(own) {
    const made = await crypto.subtle.generateKey({ ...WRAP, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }, true, ["encrypt", "decrypt"]);
    const iv = crypto.getRandomValues(new Uint8Array(12)), seal = await crypto.subtle.exportKey("spki", made.publicKey);
    const found = { clerk, iv, seal, wrapped: await crypto.subtle.wrapKey("pkcs8", made.privateKey, own, { name: LOCK, iv }) };
    await inStore("readwrite", (store) => store.put(found), PAIRS);
    return found;
  }
  /* What seals; known without a line from the second visit on. */
  async function sealer() {
    await key();
    pair = pair || (crypto.subtle ? await pairOf() : null);
    return pair && crypto.subtle.importKey("spki", pair.seal, WRAP, false, ["encrypt"]);
  }
  const bound = (record) => new TextEncoder().encode(record.clerk + " " + record.id + " " + record.type);

  /* --- the store ------------------------------------------------------------------------------------------------------ */
  let opened;
  const database = () => opened = opened || new Promise((resolve, reject) => {
    const asked = indexedDB.open("wulian-window", 2);
    asked.onupgradeneeded = () => [[STORE, "id"], [PAIRS, "clerk"]].forEach(([name, keyPath]) =>
      asked.result.objectStoreNames.contains(name) || asked.result.createObjectStore(name, { keyPath }));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  async function inStore(mode, work, name = STORE) {
    const deal = (await database()).transaction(name, mode, { durability: "strict" }), asked = work(deal.objectStore(name));
    return new Promise((resolve, reject) => {
      deal.oncomplete = () => resolve(asked.result);
      deal.onerror = deal.onabort = () => reject(deal.error);
    });
  }
  const put = (record) => inStore("readwrite", (store) => store.put(record));
  const wipe = (id) => inStore("readwrite", (store) => store.delete(id));
  const all = async () => { try { return await inStore("readonly", (store) => store.getAll()); } catch { return []; } };

  const two = (number) => String(number).padStart(2, "0");
  function provisional(at) {
    const signs = [...crypto.getRandomValues(new Uint8Array(3))].map((byte) => byte.toString(16).padStart(2, "0")).join("").toUpperCase();
    return "LS" + at.getFullYear() + two(at.getMonth() + 1) + two(at.getDate()) + "-" + two(at.getHours()) + two(at.getMinutes()) + "-" + signs;
  }
  async function pack(filled) {
    const answer = new Response(filled);
    return { type: answer.headers.get("content-type"), body: await answer.arrayBuffer() };
  }
  async function seal(record, body) {
    const once = await crypto.subtle.generateKey({ name: LOCK, length: 256 }, true, ["encrypt"]);
    record.iv = crypto.getRandomValues(new Uint8Array(12));
    record.locked = await crypto.subtle.encrypt(WRAP, await sealer(), await crypto.subtle.exportKey("raw", once));
    record.sealed = await crypto.subtle.encrypt({ name: LOCK, iv: record.iv, additionalData: bound(record) }, once, body);
    await put(record);
  }
  async function unseal(record) {
    const once = await crypto.subtle.importKey("raw", await crypto.subtle.decrypt(WRAP, await key(), record.locked), LOCK, false, ["decrypt"]);
    return crypto.subtle.decrypt({ name: LOCK, iv: record.iv, additionalData: bound(record) }, once, record.sealed);
  }
  const unpack = async (record) => new Response(await unseal(record), { headers: { "content-type": record.type } }).formData();

  /* --- sending -------------------------------------------------------------------------------------------------------- */
  const cookie = () => (/(?:^|; )csrftoken=([^;]+)/.exec(document.cookie) || [])[1] || form.elements["csrfmiddlewaretoken"].value;
  function post(type, body, later) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.timeout = PATIENCE;
      request.setRequestHeader("Content-Type", type);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", cookie());
      request.setRequestHeader("X-Desk-Clerk", clerk);
      if (later) request.setRequestHeader("X-Desk-Entry", later);
      request.upload.onprogress = (event) => { bar.hidden = event.total < 500_000; bar.value = 100 * event.loaded / event.total; };
      request.onloadend = () => {
        bar.hidden = true;
        let answer = null;
        try { answer = JSON.parse(request.responseText); } catch { /* a page, not an answer */ }
        if (request.status === 201 && answer) return resolve({ is: "stored", ...answer });
        if (request.status === 422 && answer) return resolve({ is: "refused", errors: answer.errors });
        // Led to the login, or the token belongs to a session that is over.
        if (request.status === 403 || (request.status === 200 && new URL(request.responseURL).pathname !== new URL(form.action).pathname)) return resolve({ is: "login" });
        if (request.status >= 400 && request.status < 500 && ![408, 425, 429].includes(request.status)) return resolve({ is: "refused", errors: { "": [say(words.failed, { s: request.status })] } });
        resolve({ is: "lost" });
      };
      request.send(body);
    });
  }

  /* --- what is shown -------------------------------------------------------------------------------------------------- */
  const done = [];
  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button"; made.className = "btn btn-sm"; made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }
  function row(head, state, ...parts) {
    const made = document.createElement("li"), title = document.createElement("strong"), note = document.createElement("span");
    made.className = "list-group-item";
    title.textContent = head; note.textContent = state; note.className = "text-secondary";
    made.append(title, note, ...parts);
    return made;
  }
  const ageOf = (at) => say(words.minutes, { n: Math.max(0, Math.round((Date.now() - at) / 60_000)) });
  let sendingId = "";
  async function show() {
    const records = await all(), mine = records.filter((record) => record.clerk === clerk && !record.fresh);
    const foreign = records.filter((record) => record.clerk !== clerk).length;
    queue.hidden = !mine.length && !foreign && !done.length;
    const oldest = mine.length ? Math.min(...mine.map((record) => record.at)) : 0;
    document.getElementById("window-queue-title").textContent = mine.length ? say(words.waiting, { n: mine.length, t: ageOf(oldest) }) : words.sent;
    document.getElementById("window-send").hidden = !mine.length;
    queue.querySelector("ul").replaceChildren(
      ...mine.map((record) => {
        const refused = Boolean(record.errors), buttons = [];
        if (refused && held) buttons.push(button(words.correctThis, () => correct(record)));
        if (refused) buttons.push(button(words.discard, () => discard(record)));
        if (held) buttons.push(button(words.slip, async () => showSlip(record, await unpack(record))));
        const state = refused ? words.refused : record.id === sendingId ? words.sending : words.wait;
        const made = row(record.id, ageOf(record.at) + " · " + state, ...buttons);
        if (refused) made.classList.add("is-refused");
        return made;
      }),
      ...done.map(({ id, number, url }) => {
        const link = document.createElement("a");
        link.href = url; link.className = "btn btn-sm btn-primary"; link.textContent = words.print;
        return row(number, id + " · " + words.sent, link);
      }),
      ...(foreign ? [row("", say(words.foreign, { n: foreign }))] : []),
    );
    const text = line.querySelector("span"), icon = line.querySelector("i");
    line.classList.toggle("is-down", down || out || !crypto.subtle);
    icon.className = "ti ti-plug-connected" + (down ? "-x" : "");
    if (out) {
      const link = document.createElement("a");
      link.href = desk.dataset.login; link.textContent = words.login;
      text.replaceChildren(link);
    } else text.textContent = down ? (pair ? words.down : words.lost) : crypto.subtle ? words.connected : words.unkept;
    return mine;
  }
  function showSlip(record, filled) {
    const set = (name, value) => { slip.querySelector('[data-slip="' + name + '"]').textContent = value; };
    const at = new Date(record.at), moment = at.getFullYear() + "-" + two(at.getMonth() + 1) + "-" + two(at.getDate()) + " " + two(at.getHours()) + ":" + two(at.getMinutes());
    const lines = [];
    for (let place = 0; place < Number(filled.get("matters-TOTAL_FORMS")); place += 1)
      lines.push((filled.get("matters-" + place + "-kind") === "complaint" ? "投诉" : "举报") + "：" + (filled.get("matters-" + place + "-project") || ""));
    set("number", record.id); set("entered", moment); set("received", filled.get("received_at") || moment);
    set("matters", lines.join("；")); set("materials", filled.get("materials") || "无"); set("clerk", desk.dataset.name);
    slip.hidden = false; form.hidden = true;
    slip.scrollIntoView();
    slip.querySelector("[data-print]").focus();
  }
  function nextEntry() { slip.hidden = true; form.hidden = false; form.querySelector('input[name="received_via"]:checked').focus(); }
  document.getElementById("window-next").addEventListener("click", nextEntry);

  /* --- the queue: one tab at a time, the oldest first ------------------------------------------------------------- */
  async function sendAll() {
    if ((down || out) && !(await askForKey())) return show();
    if (!(await key())) return show();
    const work = async () => {
      for (const record of (await all()).filter((item) => item.clerk === clerk && !item.errors && item.id !== busyId).sort((a, b) => a.at - b.at)) {
        sendingId = record.id;
        await show();
        const outcome = await post(record.type, await unseal(record), [record.id, record.at, Date.now()].join(" "));
        sendingId = "";
        down = outcome.is === "lost"; out = outcome.is === "login";
        if (outcome.is === "stored") {
          await wipe(record.id);
          done.unshift({ id: record.id, ...outcome });
          // The receipt takes the place of the provisional slip.
          if (!slip.hidden && slip.querySelector('[data-slip="number"]').textContent === record.id) nextEntry();
        }
        else if (outcome.is === "refused") await put({ ...record, fresh: false, errors: outcome.errors });
        else { if (record.fresh) await put({ ...record, fresh: false }); break; }
      }
      await show();
    };
    return navigator.locks ? navigator.locks.request("wulian-window", { ifAvailable: true }, (lock) => lock && work()) : work();
  }
  async function correct(record) {
    if (page.isTouched() && !confirm(words.replaceSure)) return;
    page.fill(await unpack(record));
    nextEntry();
    editing = record;
    page.showErrors(record.errors);
  }
  async function discard(record) {
    if (!confirm(words.discardSure)) return;
    await wipe(record.id);
    await show();
  }

  /* --- saving ----------------------------------------------------------------------------------------------------------- */
  let busyId = "", editing = null;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busyId) return;
    const errors = page.missing();
    if (errors) return page.showErrors(errors);
    page.clearErrors();
    const at = new Date(editing ? editing.at : Date.now());
    const record = { id: editing ? editing.id : provisional(at), clerk, at: at.getTime(), fresh: true };
    busyId = record.id;
    save.disabled = true;
    try { await saveOne(record); } finally { busyId = ""; save.disabled = false; page.unsent(); await show(); }
  });
  async function saveOne(record) {
    const filled = page.data(), { type, body } = await pack(filled);
    record.type = type;
    let kept = false;
    try { if (await sealer()) { await seal(record, body); kept = true; } } catch { /* full or off: sent without being kept */ }
    const later = editing ? [record.id, record.at, Date.now()].join(" ") : "";
    const outcome = await post(type, body, later);
    down = outcome.is === "lost"; out = outcome.is === "login";
    if (outcome.is === "stored") {
      if (kept) await wipe(record.id);
      page.clear();
      location.assign(outcome.url);
    } else if (outcome.is === "refused") {
      // It is still in the form, under the same key; nothing waits for the line.
      if (kept) await (editing ? put({ ...record, fresh: false, errors: outcome.errors }) : wipe(record.id));
      page.showErrors(outcome.errors);
    } else if (kept) {
      await put({ ...record, fresh: false });
      // So that the browser does not make room at the cost of what waits.
      if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
      editing = null;
      page.clear();
      showSlip(record, filled);
    } else page.alarm(words.lost);
  }

  /* --- without a line also after a reload: the empty page and its static files, put aside while there is one ----- */
  async function putAside() {
    if (!navigator.serviceWorker) return;
    await navigator.serviceWorker.register(desk.dataset.worker);
    await navigator.serviceWorker.ready;
    const page = await fetch(desk.dataset.shell, { cache: "no-store" });
    if (page.redirected || !page.ok) return forgetAside();
    const fresh = performance.getEntriesByType("resource").filter((entry) => ["link", "script", "css", "img"].includes(entry.initiatorType)).map((entry) => entry.name);
    const wanted = new Set([...fresh, new URL(desk.dataset.shell, location.href).href]), store = await caches.open(KEPT);
    await store.put(desk.dataset.shell, page);
    await store.addAll(fresh);
    for (const old of await store.keys()) if (!wanted.has(old.url)) await store.delete(old);
  }
  const forgetAside = () => caches.delete(KEPT);
  if (location.pathname === new URL(form.action).pathname && window.caches)
    window.addEventListener("load", () => putAside().catch(() => { /* no line, or no room: asked again with the next page */ }));

  window.addEventListener("online", sendAll);
  window.addEventListener("offline", () => { down = true; show(); });
  document.getElementById("window-send").addEventListener("click", sendAll);
  window.addEventListener("beforeunload", (event) => { if (down && !out) event.preventDefault(); });
  setInterval(async () => { if (!busyId && (down || (await all()).some((record) => record.clerk === clerk && !record.errors))) sendAll(); else show(); }, RETRY);
  sealer().catch(() => null).then(sendAll);
})();
