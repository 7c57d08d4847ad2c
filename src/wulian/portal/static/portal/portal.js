/* The public pages: proof of work, the way back by QR code, copying the code. Everything else works without script. */
(function () {
  "use strict";

  /* --- proof of work: begins when the page of answers opens; sending waits for it --------------------------- */
  const form = document.querySelector("form[data-proof]");
  if (form && window.Worker) {
    const field = form.querySelector("[name=proof]");
    const note = document.getElementById("proof-note");
    const button = form.querySelector("button[type=submit]");
    let waiting = false;
    const worker = new Worker(form.dataset.worker);
    worker.onmessage = (event) => {
      field.value = event.data;
      worker.terminate();
      if (note) note.textContent = note.dataset.done;
      if (waiting) form.requestSubmit(button);
    };
    worker.onerror = () => { if (note) note.textContent = note.dataset.broken; };
    worker.postMessage(JSON.parse(document.getElementById(form.dataset.proof).textContent));
    form.addEventListener("submit", (event) => {
      if (field.value) return;
      event.preventDefault();
      waiting = true;
      if (note) { note.textContent = note.dataset.waiting; note.focus(); }
    });
  }

  /* --- sent once: a second press does nothing --------------------------------------------------------------- */
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const own = event.target;
    if (own.dataset.sent) { event.preventDefault(); return; }
    own.dataset.sent = "1";
    setTimeout(() => delete own.dataset.sent, 4000);
  });

  /* --- the QR code carries number and code behind #, which never reaches a server --------------------------- */
  const number = document.querySelector("[data-from-hash] [name=number]");
  if (number && location.hash.length > 5) {
    const [first, second] = decodeURIComponent(location.hash.slice(1)).split(".");
    number.value = first || "";
    document.querySelector("[data-from-hash] [name=code]").value = second || "";
    history.replaceState(null, "", location.pathname);
  }

  /* --- copy ------------------------------------------------------------------------------------------------- */
  document.querySelectorAll("[data-copy]").forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", () => navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim())
      .then(() => { button.textContent = button.dataset.done; }));
  });

  /* --- files dropped on a place, or pasted while one is near it ------------------------------------------------ */
  document.querySelectorAll("[data-with-script]").forEach((item) => (item.hidden = false));
  function catchFiles(drop, near, take) {
    for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("p-over"); });
    for (const name of ["dragleave", "drop"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.remove("p-over"); });
    drop.addEventListener("drop", (event) => take([...event.dataTransfer.files]));
    near.addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      take([...event.clipboardData.files]);
    });
  }
  document.querySelectorAll("[data-takes-files]").forEach((own) => {
    const field = own.querySelector("[type=file]");
    catchFiles(own.querySelector("[data-drop]"), own, (files) => {
      const carrier = new DataTransfer();
      [...field.files, ...files].forEach((file) => carrier.items.add(file));
      field.files = carrier.files;
    });
  });

  /* --- files: each is sent by itself, with its progress; what is refused says so beside it ------------------- */
  const filesForm = document.querySelector("[data-files]");
  if (filesForm) {
    const words = filesForm.dataset, field = filesForm.querySelector("[type=file]"), list = filesForm.querySelector("[data-list]");
    const token = filesForm.querySelector("[name=csrfmiddlewaretoken]").value;
    const drop = filesForm.querySelector("[data-drop]"), proceed = filesForm.querySelector("button:not([name])");
    document.querySelectorAll("[data-without-script]").forEach((item) => item.remove());
    let queue = Promise.resolve(), waiting = 0;
    const post = (data, onProgress) => new Promise((resolve) => {
      const request = new XMLHttpRequest();
      data.append("csrfmiddlewaretoken", token);
      request.open("POST", filesForm.action);
      request.setRequestHeader("Accept", "application/json");
      if (onProgress) request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
      request.addEventListener("loadend", () => {
        try { resolve(JSON.parse(request.responseText)); } catch { resolve({ taken: [], refused: [words.broken] }); }
      });
      request.send(data);
    });
    const row = (title) => {
      const item = document.createElement("li"), name = document.createElement("span");
      name.className = "p-file-name";
      name.textContent = title;
      item.append(name, " ");
      list.append(item);
      return item;
    };
    const note = (item, text, kind) => {
      const place = document.createElement("span");
      place.className = kind;
      place.textContent = text;
      item.append(place, " ");
      return place;
    };
    const removable = (item, file) => {
      const button = document.createElement("button");
      button.type = "submit"; button.name = "remove"; button.value = file.token; button.className = "p-link"; button.textContent = words.remove;
      button.setAttribute("aria-label", words.remove + " " + file.title);
      item.append(button);
    };
    const send = async (file) => {
      const item = row(file.name), meter = document.createElement("progress"), state = note(item, words.sending, "p-small");
      meter.max = 1;
      item.append(meter);
      const data = new FormData();
      data.append("files", file);
      const answer = await post(data, (part) => { meter.value = part; state.textContent = words.sending + " " + Math.round(part * 100) + "%"; });
      meter.remove();
      state.remove();
      for (const taken of answer.taken || []) { note(item, taken.size, "p-small"); removable(item, taken); }
      for (const reason of answer.refused || []) { item.classList.add("p-refused"); note(item, reason, "p-error"); }
    };
    const take = (files) => {
      for (const file of files) {
        waiting++;
        proceed.disabled = true;
        queue = queue.then(() => send(file)).finally(() => { if (!--waiting) proceed.disabled = false; });
      }
    };
    field.addEventListener("change", () => { take([...field.files]); field.value = ""; });
    catchFiles(drop, document, take);
    list.addEventListener("click", async (event) => {
      const button = event.target.closest("[name=remove]");
      if (!button) return;
      event.preventDefault();
      const data = new FormData();
      data.append("remove", button.value);
      if ((await post(data)).removed) { button.closest("li").remove(); field.focus(); }
    });
  }

  /* --- the days of an objection are asked only when there was one ------------------------------------------- */
  const group = document.querySelector("[data-only-if]");
  if (group) {
    const [name, value] = group.dataset.onlyIf.split("=");
    const radios = document.querySelectorAll(`[name="${name}"]`);
    const show = () => { group.hidden = ![...radios].some((radio) => radio.checked && radio.value === value); };
    radios.forEach((radio) => radio.addEventListener("change", show));
    show();
  }
  const summary = document.querySelector("[data-failed]");
  if (summary) summary.focus();
})();
