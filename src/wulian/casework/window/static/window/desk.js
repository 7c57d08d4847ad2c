/* Every entry is first kept in this browser, sealed with a key that only the memory of this page holds, then sent; it is wiped
   once the server has confirmed it. While the line is down the entries wait; the server stores each submission once. */
(function () {
  "use strict";
  const { form, words, say, ...page } = window.wulianWindow;
  const desk = document.getElementById("window-desk"), line = document.getElementById("window-line"), queue = document.getElementById("window-queue");
  const slip = document.getElementById("window-provisional"), bar = document.getElementById("window-progress");
  const save = form.querySelector("button[type=submit]");
  const clerk = desk.dataset.clerk, RETRY = 15_000, PATIENCE = 120_000, STORE = "entries";

  /* --- the key: given by the server to whoever is logged in, gone with the page ----------------------------------- */
  let held = null;
  async function key() {
    if (held || !crypto.subtle) return held;
    try {
      const answer = await fetch(desk.dataset.key, { cache: "no-store" });
      if (answer.redirected || !answer.ok) return null;
      const bytes = Uint8Array.from(atob((await answer.json()).key), (sign) => sign.charCodeAt(0));
      held = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    } catch { /* no line: asked again later */ }
    return held;
  }
  const bound = (record) => new TextEncoder().encode(record.clerk + " " + record.id + " " + record.type);

  /* --- the store ------------------------------------------------------------------------------------------------------ */
  let opened;
  const database = () => opened = opened || new Promise((resolve, reject) => {
    const asked = indexedDB.open("wulian-window", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  async function inStore(mode, work) {
    const deal = (await database()).transaction(STORE, mode, { durability: "strict" }), asked = work(deal.objectStore(STORE));
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
    record.iv = crypto.getRandomValues(new Uint8Array(12));
    record.sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: record.iv, additionalData: bound(record) }, await key(), body);
    await put(record);
  }
  const unseal = async (record) => crypto.subtle.decrypt({ name: "AES-GCM", iv: record.iv, additionalData: bound(record) }, await key(), record.sealed);
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
  let down = false, out = false;
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
        if (refused) buttons.push(button(words.correctThis, () => correct(record)), button(words.discard, () => discard(record)));
        buttons.push(button(words.slip, () => showSlip(record)));
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
    } else text.textContent = down ? (held ? words.down : words.lost) : crypto.subtle ? words.connected : words.unkept;
    return mine;
  }
  async function showSlip(record) {
    const filled = await unpack(record), set = (name, value) => { slip.querySelector('[data-slip="' + name + '"]').textContent = value; };
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
    if (down || out) {
      try {
        const answer = await fetch(desk.dataset.key, { cache: "no-store" });
        down = false;
        out = answer.redirected || !answer.ok;
      } catch { return show(); }
    }
    if (out || !(await key())) return show();
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
    const { type, body } = await pack(page.data());
    record.type = type;
    let kept = false;
    try { if (await key()) { await seal(record, body); kept = true; } } catch { /* full or off: sent without being kept */ }
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
      await showSlip(record);
    } else page.alarm(words.lost);
  }

  window.addEventListener("online", sendAll);
  window.addEventListener("offline", () => { down = true; show(); });
  document.getElementById("window-send").addEventListener("click", sendAll);
  window.addEventListener("beforeunload", (event) => { if (down && !out) event.preventDefault(); });
  setInterval(async () => { if (!busyId && (down || (await all()).some((record) => record.clerk === clerk && !record.errors))) sendAll(); else show(); }, RETRY);
  sendAll();
})();
