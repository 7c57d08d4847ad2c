/* The page of the window: channels, typed dates, Enter, shortcuts, lists that ask the server, matters, materials, scans.
   Runs before the house's helper puts kept text back, so that the fields to put it into exist. */
window.wulianWindow = (function () {
  "use strict";
  const form = document.getElementById("window-form");
  const words = JSON.parse(document.getElementById("window-words").textContent);
  const matters = document.getElementById("window-matters");
  const total = form.elements["matters-TOTAL_FORMS"];
  const AT_MOST = Number(form.elements["matters-MAX_NUM_FORMS"].value);
  const objectionTopics = form.dataset.objection.split(" ");
  form.classList.add("is-scripted");
  const say = (text, values) => text.replace(/%([nst])/g, (all, key) => values[key] ?? all);
  const fields = () => [...form.elements].filter((field) => field.name || field.closest(".w-materials"));
  const open = (field) => !field.disabled && field.type !== "hidden" && field.offsetParent !== null;

  /* --- only what this channel and this kind need is open -------------------------------------------------------- */
  const via = () => form.elements["received_via"].value;
  function kindOf(box) {
    const chosen = box.querySelector('input[name$="-kind"]:checked');
    return chosen ? chosen.value : "";
  }
  const boxes = () => [...matters.querySelectorAll("[data-matter]")];
  function arrange() {
    const phone = via() === "phone";
    for (const box of boxes()) {
      for (const radio of box.querySelectorAll('input[name$="-kind"]')) {
        radio.disabled = phone && radio.value === "complaint";
        if (phone) radio.checked = radio.value === "tip_off";
      }
      const kind = kindOf(box), topic = box.querySelector('select[name$="-topic"]').value;
      for (const part of box.querySelectorAll("[data-kind]"))
        part.hidden = kind !== part.dataset.kind || (part.dataset.topic === "objection" && !objectionTopics.includes(topic));
    }
    const complaint = boxes().some((box) => kindOf(box) === "complaint");
    for (const part of form.querySelectorAll("[data-via]")) part.hidden = part.dataset.via !== via();
    const anonymous = form.elements["anonymous"];
    anonymous.closest("[data-named]").hidden = complaint;
    form.querySelector('[data-named=""]').hidden = !complaint && anonymous.checked;
    form.querySelector("[data-unit]").hidden = form.elements["reporter_kind"].value !== "unit";
    form.querySelector("[data-complaint]").hidden = !complaint;
    form.querySelector("[data-agent]").hidden = !form.elements["by_agent"].checked;
    form.querySelector("[data-electronic]").hidden = !form.elements["electronic_service"].checked;
    for (const field of fields())
      if (!field.name.endsWith("-kind")) field.disabled = Boolean(field.parentElement.closest("#window-form [hidden]"));
    for (const field of form.querySelectorAll("[data-needed]")) {
      const label = form.querySelector('label[for="' + CSS.escape(field.id) + '"]');
      if (label) label.classList.toggle("required", isNeeded(field, complaint));
    }
  }
  function isNeeded(field, complaint = boxes().some((box) => kindOf(box) === "complaint")) {
    const when = field.dataset.needed, box = field.closest("[data-matter]");
    if (field.disabled || when === undefined) return false;
    if (when === "letter") return via() === "letter";
    if (when === "complaint") return box ? kindOf(box) === "complaint" : complaint;
    return true;
  }

  /* --- digits become dates --------------------------------------------------------------------------------------- */
  const two = (number) => String(number).padStart(2, "0");
  const iso = (date) => date.getFullYear() + "-" + two(date.getMonth() + 1) + "-" + two(date.getDate());
  function toDay(text, today = new Date()) {
    const plain = text.normalize("NFKC").trim();
    let found = /^(\d{4})\D(\d{1,2})\D(\d{1,2})\D?$/.exec(plain) || /^(\d{4})(\d\d)(\d\d)$/.exec(plain);
    let [year, month, day] = found ? found.slice(1).map(Number) : [];
    if (!found && (found = /^(\d\d)(\d\d)(\d\d)$/.exec(plain))) [year, month, day] = [2000 + Number(found[1]), Number(found[2]), Number(found[3])];
    if (!found && (found = /^(\d\d?)\D(\d\d?)\D?$/.exec(plain) || /^(\d\d?)(\d\d)$/.exec(plain))) {
      [month, day] = found.slice(1).map(Number);
      year = today.getFullYear();
      if (new Date(year, month - 1, day) > today) year -= 1;
    }
    const date = found && new Date(year, month - 1, day);
    return date && date.getMonth() === month - 1 && date.getDate() === day ? iso(date) : "";
  }
  function toMoment(text, today = new Date()) {
    const plain = text.normalize("NFKC").trim();
    const found = /^(?:(.*?)\s+)?(\d{1,2}):?(\d\d)$/.exec(plain);
    if (found && (found[1] || plain.includes(":")) && Number(found[2]) < 24 && Number(found[3]) < 60) {
      const day = found[1] ? toDay(found[1], today) : iso(today);
      return day && day + " " + two(found[2]) + ":" + found[3];
    }
    return toDay(plain, today);
  }
  function settleDates() {
    for (const field of form.querySelectorAll("[data-day], [data-moment]")) settleDate(field);
  }
  function settleDate(field) {
    const value = field.value && (field.hasAttribute("data-day") ? toDay : toMoment)(field.value);
    if (value) field.value = value;
    return !field.value || Boolean(value);
  }

  /* --- errors ------------------------------------------------------------------------------------------------------ */
  function clearErrors() {
    document.getElementById("window-errors").replaceChildren();
    form.querySelectorAll("[data-error]").forEach((note) => note.remove());
    form.querySelectorAll(".wl-wrong").forEach((field) => field.classList.remove("wl-wrong"));
    form.querySelectorAll(".wl-field > .invalid-feedback").forEach((note) => note.remove());
  }
  function alarm(text) {
    const note = document.createElement("div");
    note.className = "alert alert-danger";
    note.setAttribute("role", "alert");
    note.textContent = text;
    document.getElementById("window-errors").append(note);
  }
  function showErrors(errors) {
    clearErrors();
    alarm(words.correct);
    let first = null;
    for (const [name, texts] of Object.entries(errors)) {
      const control = name && form.elements[name], one = control && (control.tagName ? control : control[0]);
      const place = one && one.closest(".wl-field, .w-drop");
      if (!place || place.closest("[hidden]")) { texts.forEach(alarm); continue; }
      place.classList.add("wl-wrong");
      for (const text of texts) {
        const note = document.createElement("div");
        note.className = "invalid-feedback d-block";
        note.dataset.error = "";
        note.textContent = text;
        place.append(note);
      }
      if (!first || one.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING) first = one;
    }
    if (first) first.focus(); else document.getElementById("window-errors").scrollIntoView();
  }
  /* What the server would refuse for certain: while the line is down nobody would hear of it before the person has left. */
  function missing() {
    const errors = {};
    settleDates();
    for (const field of form.querySelectorAll("[data-needed]"))
      if (isNeeded(field) && !field.value.trim()) errors[field.name] = [words.needed];
    for (const box of boxes()) {
      const facts = box.querySelector('textarea[name$="-facts"]');
      if (facts.value.trim().length < 10) errors[facts.name] = [words.facts];
      if (!kindOf(box)) errors[box.querySelector('input[name$="-kind"]').name] = [words.needed];
    }
    for (const field of form.querySelectorAll("[data-day], [data-moment]"))
      if (!field.disabled && !settleDate(field)) errors[field.name] = [words.day];
    return Object.keys(errors).length ? errors : null;
  }

  /* --- matters ------------------------------------------------------------------------------------------------------ */
  function addMatter() {
    const place = boxes().length;
    if (place >= AT_MOST) return null;
    const last = boxes()[place - 1];
    const source = document.getElementById("window-matter").innerHTML.replaceAll("__prefix__", String(place));
    matters.insertAdjacentHTML("beforeend", source);
    const box = boxes()[place];
    box.querySelector("[data-place]").textContent = place + 1;
    total.value = place + 1;
    for (const name of ["project", "respondent_name", "relation"])
      if (last) box.querySelector('[name$="-' + name + '"]').value = last.querySelector('[name$="-' + name + '"]').value;
    lastCanGo();
    arrange();
    return box;
  }
  function lastCanGo() {
    boxes().forEach((box, place, all) => { box.querySelector("[data-remove]").hidden = place === 0 || place < all.length - 1; });
  }
  function setMatters(count) {
    while (boxes().length < count && addMatter());
    while (boxes().length > Math.max(count, 1)) boxes().pop().remove();
    total.value = boxes().length;
    lastCanGo();
    arrange();
  }

  /* --- materials: rows for the eye, one line each for the receipt ------------------------------------------------ */
  const list = document.getElementById("window-materials"), plain = form.elements["materials"];
  function addMaterial(title = "", count = 1, original = "原件") {
    list.append(document.getElementById("window-material").content.cloneNode(true));
    const row = list.lastElementChild;
    row.querySelector("[data-material]").value = title;
    row.querySelector("[data-count]").value = count;
    row.querySelector("[data-original]").value = original;
    return row;
  }
  function writeMaterials() {
    const lines = [...list.children].map((row) => [row.querySelector("[data-material]").value.trim(), row.querySelector("[data-count]").value || 1, row.querySelector("[data-original]").value]);
    plain.value = lines.filter(([title]) => title).map(([title, count, original]) => title + " " + count + "份 " + original).join("\n");
    if (!list.children.length || lines.at(-1)[0]) addMaterial();
  }
  function readMaterials() {
    list.replaceChildren();
    for (const line of plain.value.split("\n").filter((text) => text.trim())) {
      const found = /^(.*?)\s+(\d+)份\s+(原件|复印件)$/.exec(line.trim());
      if (found) addMaterial(found[1], found[2], found[3]); else addMaterial(line.trim());
    }
    addMaterial();
  }
  list.addEventListener("input", writeMaterials);
  list.addEventListener("change", () => { writeMaterials(); plain.dispatchEvent(new Event("change", { bubbles: true })); });

  /* --- scans -------------------------------------------------------------------------------------------------------- */
  const input = form.elements["files"], drop = document.getElementById("window-drop"), names = document.getElementById("window-files");
  const MIB = 1048576, sizes = { one: Number(form.dataset.fileMib), count: Number(form.dataset.fileCount) };
  let chosen = [];
  function setFiles(files) {
    const notes = [];
    chosen = files.filter((file) => file.size <= sizes.one * MIB || !notes.push(say(words.tooLarge, { s: file.name, n: sizes.one })));
    if (chosen.length > sizes.count) { chosen = chosen.slice(0, sizes.count); notes.push(say(words.tooMany, { n: sizes.count })); }
    const carrier = new DataTransfer();
    chosen.forEach((file) => carrier.items.add(file));
    input.files = carrier.files;
    names.replaceChildren(...chosen.map((file, place) => {
      const row = document.createElement("li"), out = document.createElement("button");
      row.textContent = file.name + "（" + Math.max(1, Math.round(file.size / 1024)).toLocaleString() + " KB）";
      out.type = "button"; out.className = "btn btn-sm btn-ghost-secondary"; out.textContent = words.remove;
      out.addEventListener("click", () => setFiles(chosen.filter((_other, other) => other !== place)));
      row.append(out);
      return row;
    }));
    drop.querySelectorAll("[data-error]").forEach((note) => note.remove());
    for (const text of notes) {
      const note = document.createElement("div");
      note.className = "invalid-feedback d-block"; note.dataset.error = ""; note.textContent = text;
      drop.append(note);
    }
  }
  input.addEventListener("change", () => setFiles([...chosen, ...input.files]));
  form.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) { event.preventDefault(); drop.classList.add("is-over"); } });
  form.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    drop.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    setFiles([...chosen, ...event.dataTransfer.files]);
  });
  form.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    setFiles([...chosen, ...event.clipboardData.files]);
  });

  /* --- lists under a field ask the server, quietly when it does not answer ---------------------------------------- */
  let timer;
  form.addEventListener("input", (event) => {
    const field = event.target, address = { "window-projects": form.dataset.projects, "window-parties": form.dataset.parties }[field.getAttribute("list")];
    if (!address || event.isComposing) return;
    clearTimeout(timer);
    const text = field.value.trim(), offers = document.getElementById(field.getAttribute("list"));
    if (text.length < 2 || [...offers.options].some((option) => option.value === text)) return;
    timer = setTimeout(async () => {
      try {
        const answer = await fetch(address + "?q=" + encodeURIComponent(text));
        const { found } = await answer.json();
        offers.replaceChildren(...found.map((value) => Object.assign(document.createElement("option"), { value })));
      } catch { /* what is typed is enough */ }
    }, 200);
  });

  /* --- keyboard ----------------------------------------------------------------------------------------------------- */
  function next(from) {
    const all = [...form.querySelectorAll("input, select, textarea, button[type=submit]")].filter((field) => open(field) && field.tabIndex >= 0);
    const on = all.slice(all.indexOf(from) + 1).find((field) => field.type !== "radio" || field.name !== from.name);
    if (!on) return;
    const group = on.type === "radio" && form.querySelector('input[name="' + CSS.escape(on.name) + '"]:checked');
    (group || on).focus();
    if (on.select && on.type !== "file") on.select();
  }
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.key !== "Enter") return;
    if (event.ctrlKey || event.metaKey) { event.preventDefault(); form.requestSubmit(); return; }
    if (!event.target.matches("input:not([type=file]), select") || event.altKey || event.shiftKey) return;
    event.preventDefault();
    next(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || form.hidden) return;
    const channel = /^Digit([1-9])$/.exec(event.code), radio = channel && form.elements["received_via"][Number(channel[1]) - 1];
    if (radio) { radio.checked = true; radio.focus(); radio.dispatchEvent(new Event("change", { bubbles: true })); }
    else if (event.code === "KeyM") { const box = addMatter(); if (box) box.querySelector("input:not(:disabled)").focus(); }
    else return;
    event.preventDefault();
  });
  form.addEventListener("focusout", (event) => { if (event.target.matches("[data-day], [data-moment]")) settleDate(event.target); });
  form.addEventListener("change", arrange);
  form.addEventListener("wulian:restored", () => { readMaterials(); arrange(); });
  document.getElementById("window-add").addEventListener("click", () => { const box = addMatter(); if (box) box.querySelector("input:not(:disabled)").focus(); });
  matters.addEventListener("click", (event) => { if (event.target.closest("[data-remove]")) setMatters(boxes().length - 1); });

  /* --- the form as a whole ------------------------------------------------------------------------------------------ */
  const keptName = "wulian-typed:" + document.body.dataset.user + ":" + form.dataset.keep;
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  function data() {
    settleDates();
    writeMaterials();
    const filled = new FormData(form);
    // The token of this page may be stale when it is sent; the one of the day goes into a header.
    filled.delete("csrfmiddlewaretoken");
    if (!chosen.length) filled.delete("files");
    return filled;
  }
  function clear() {
    form.reset();
    for (const field of form.querySelectorAll("textarea, input:not([type=hidden]):not([type=radio]):not([type=checkbox]):not([type=file])")) field.value = "";
    for (const select of form.querySelectorAll("select")) select.selectedIndex = 0;
    boxes()[0].querySelectorAll("input[type=radio]").forEach((radio) => { radio.checked = false; });
    form.elements["submission"].value = newKey();
    setMatters(1);
    setFiles([]);
    readMaterials();
    clearErrors();
    sessionStorage.removeItem(keptName);
    arrange();
  }
  function fill(filled) {
    clear();
    setMatters(Number(filled.get("matters-TOTAL_FORMS")));
    for (const [name, value] of filled) {
      const control = form.elements[name];
      if (!control || typeof value !== "string" || name.startsWith("matters-TOTAL")) continue;
      if (control.type === "checkbox") control.checked = true; else control.value = value;
    }
    // Fields that the kind or the channel opens exist all the time; what is closed was not sent.
    readMaterials();
    setFiles(filled.getAll("files").filter((file) => file instanceof File && file.size));
    arrange();
  }
  /* The house's helper takes a form that was sent for taken once the next page is there; here the answer says so. */
  const unsent = () => sessionStorage.removeItem("wulian-typed:sent");
  const isTouched = () => [...form.querySelectorAll("textarea, input[type=text]")].some((field) => field.value.trim()) || chosen.length > 0;

  try {
    const typed = (JSON.parse(sessionStorage.getItem(keptName) || "null") || {}).typed || {};
    const places = Object.keys(typed).map((name) => /^matters-(\d+)-facts$/.exec(name)).filter(Boolean).map((found) => Number(found[1]) + 1);
    if (places.length) setMatters(Math.max(boxes().length, ...places));
  } catch { /* storage is off */ }
  lastCanGo();
  readMaterials();
  arrange();
  const wrong = form.querySelector(".wl-wrong :is(input, select, textarea)");
  (wrong || form.querySelector('input[name="received_via"]:checked')).focus({ preventScroll: !wrong });
  return { form, words, say, data, clear, fill, missing, showErrors, clearErrors, alarm, unsent, isTouched, boxes, kindOf, toDay, toMoment };
})();
