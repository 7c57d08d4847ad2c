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
    worker.onerror = () => { if (note) note.textContent = note.dataset.failed; };
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
