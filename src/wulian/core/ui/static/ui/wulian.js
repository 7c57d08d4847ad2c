/* Wulian page helpers: nothing typed is lost, charts, shortcuts. No dependency; works without htmx. */
(function () {
  "use strict";
  const body = document.body;
  const own = document.currentScript;
  const PREFIX = "wulian-typed:";

  /* --- what is typed stays in this tab until the server has taken it ----------------------------------------- */
  const keepable = (field) =>
    field.name && !field.name.startsWith("csrf") && !["password", "file", "hidden", "submit", "button"].includes(field.type) &&
    field.autocomplete !== "one-time-code" && !field.closest("[data-no-keep]");
  const keyOf = (form) => PREFIX + body.dataset.user + ":" + (form.dataset.keep || location.pathname + "#" + (form.id || [...document.forms].indexOf(form)));
  const keptForms = () => [...document.querySelectorAll("form")].filter(
    (form) => (form.method === "post" || form.hasAttribute("data-keep") || form.hasAttribute("hx-post")) && !form.hasAttribute("data-no-keep"));
  const fieldsOf = (form) => [...form.elements].filter(keepable);

  function remember(form) {
    const typed = {};
    for (const field of fieldsOf(form)) {
      const list = (typed[field.name] = typed[field.name] || []);
      if (field.type === "checkbox" || field.type === "radio") { if (field.checked) list.push(field.value); }
      else if (field.multiple && field.options) list.push(...[...field.selectedOptions].map((option) => option.value));
      else list.push(field.value);
    }
    try { sessionStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), typed })); } catch { /* storage is full or off */ }
  }
  const stored = (form) => {
    try { return JSON.parse(sessionStorage.getItem(keyOf(form)) || "null"); } catch { return null; }
  };
  const forget = (form) => sessionStorage.removeItem(keyOf(form));

  function restore(form) {
    const kept = stored(form);
    if (!kept || Date.now() - kept.at > 12 * 3600e3) return false;
    let changed = false;
    const used = {};
    for (const field of fieldsOf(form)) {
      const values = kept.typed[field.name];
      if (!values) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        const on = values.includes(field.value);
        if (field.checked !== on) { field.checked = on; changed = true; }
      } else if (field.multiple && field.options) {
        for (const option of field.options) if (option.selected !== values.includes(option.value)) { option.selected = !option.selected; changed = true; }
      } else {
        const place = (used[field.name] = (used[field.name] || 0) + 1) - 1;
        if (values[place] !== undefined && field.value !== values[place]) { field.value = values[place]; changed = true; }
      }
    }
    if (changed) form.dispatchEvent(new CustomEvent("wulian:restored", { bubbles: true }));
    return changed;
  }

  function watch(form) {
    if (form.wulianWatched) return;
    form.wulianWatched = true;
    if (restore(form)) {
      const note = document.createElement("div");
      note.className = "alert alert-info wl-message";
      note.setAttribute("role", "status");
      note.textContent = body.dataset.keptText;
      form.prepend(note);
    }
    let timer;
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => remember(form), 200); });
    form.addEventListener("change", () => remember(form));
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      remember(form);
      sessionStorage.setItem(PREFIX + "sent", keyOf(form));
    });
  }
  /* What was sent is forgotten once the next page shows that the server took it. It did not when this page asks for a
     login, refuses, marks errors, or comes from going back; and the page after the login must still restore it. */
  function settle() {
    const sent = sessionStorage.getItem(PREFIX + "sent");
    if (body.hasAttribute("data-interrupted")) { if (sent) sessionStorage.setItem(PREFIX + "resume", "1"); return; }
    const resumed = sessionStorage.getItem(PREFIX + "resume");
    sessionStorage.removeItem(PREFIX + "resume");
    sessionStorage.removeItem(PREFIX + "sent");
    const visit = performance.getEntriesByType("navigation")[0];
    const failed = document.querySelector("#messages .alert-danger, [data-failed], form .alert-danger, form .invalid-feedback.d-block");
    if (sent && !resumed && !failed && !(visit && visit.type === "back_forward")) sessionStorage.removeItem(sent);
  }
  const purge = (keep) => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX) && !keep(key)).forEach((key) => sessionStorage.removeItem(key));
  if (body.hasAttribute("data-forget")) {
    purge(() => false);
    // So goes what a room has put aside for the hours without a line.
    if (window.caches) caches.keys().then((names) => names.forEach((name) => caches.delete(name)));
  }
  else if (body.dataset.user) purge((key) => /:(sent|resume)$/.test(key) || key.startsWith(PREFIX + body.dataset.user + ":"));
  settle();
  keptForms().forEach(watch);
  document.addEventListener("htmx:load", () => keptForms().forEach(watch));

  /* --- filter forms leave empty conditions out of the address ------------------------------------------------- */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-skip-empty")) return;
    for (const field of form.elements) if (field.name && !field.value) { field.disabled = true; setTimeout(() => (field.disabled = false)); }
  }, true);
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.hasAttribute || !event.target.hasAttribute("data-skip-empty")) return;
    const data = event.detail.parameters;
    for (const name of Object.keys(data)) if (data[name] === "" || data[name] === null) delete data[name];
  });

  /* On a telephone a long filter shows its first field until it is asked for more. */
  const filter = document.getElementById("filter");
  if (filter && filter.querySelectorAll(".wl-filter-field").length > 2) filter.classList.add("wl-folded");
  document.addEventListener("click", (event) => {
    const more = event.target.closest("[data-unfold]");
    if (more) { more.closest("form").classList.remove("wl-folded"); more.closest("form").querySelectorAll("select, input:not([type=hidden])")[1].focus(); }
  });

  /* --- errors of partial requests are said, not swallowed ------------------------------------------------------ */
  for (const name of ["htmx:responseError", "htmx:sendError"]) document.addEventListener(name, () => {
    const place = document.getElementById("messages");
    if (!place) return;
    const note = document.createElement("div");
    note.className = "alert alert-danger wl-message";
    note.textContent = body.dataset.errorText;
    place.replaceChildren(note);
  });

  /* --- keyboard: only with a modifier, never while an input method composes ------------------------------------ */
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const target = document.querySelector('[data-shortcut="' + CSS.escape(event.key.toLowerCase()) + '"]');
    if (!target) return;
    event.preventDefault();
    if (target.matches("input, select, textarea")) { target.focus(); if (target.select) target.select(); } else target.click();
  });

  /* --- charts: data-chart names the JSON element -------------------------------------------------------------- */
  let library;
  const echarts = () => library = library || new Promise((resolve, reject) => {
    if (window.echarts) return resolve(window.echarts);
    const script = document.createElement("script");
    script.src = own.dataset.echarts;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  });
  const PALETTE = ["#1d4f91", "#2b9a58", "#ee7b11", "#7b5ea7", "#d12b22", "#3aa6b9", "#8592a3", "#e6b800"];
  function draw(place) {
    const source = document.getElementById(place.dataset.chart);
    if (!source || place.wulianChart) return;
    place.wulianChart = true;
    echarts().then((library) => {
      const chart = library.init(place, null, { renderer: "svg" });
      const font = getComputedStyle(body).fontFamily;
      chart.setOption({ color: PALETTE, textStyle: { fontFamily: font }, animation: !matchMedia("(prefers-reduced-motion: reduce)").matches, ...JSON.parse(source.textContent) });
      chart.on("click", (point) => { if (point.data && point.data.url) location.href = point.data.url; });
      new ResizeObserver(() => chart.resize()).observe(place);
    });
  }
  const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
  drawAll();
  document.addEventListener("htmx:load", drawAll);

  /* --- the menu shows where one is, also far down -------------------------------------------------------------- */
  const here = document.querySelector(".wl-nav .wl-link.active");
  const side = here && here.closest(".wl-side");
  if (side && here.offsetTop + here.offsetHeight > side.clientHeight) side.scrollTop = here.offsetTop - side.clientHeight / 2;

  /* --- small manners ------------------------------------------------------------------------------------------- */
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    const all = event.target.closest("[data-tick-all]");
    if (all) document.querySelectorAll('input[name="' + CSS.escape(all.dataset.tickAll) + '"]').forEach((box) => (box.checked = all.checked));
  });
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirm;
    if (question && !window.confirm(question)) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);
})();
