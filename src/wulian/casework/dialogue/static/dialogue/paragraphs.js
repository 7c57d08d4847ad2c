/* A ready paragraph is put where the cursor stands; the officer still reads and sends it. */
(function () {
  "use strict";
  if (window.wulianParagraphs) return;
  window.wulianParagraphs = true;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    const field = button && document.getElementById(button.dataset.insert);
    if (!field) return;
    const before = field.value.slice(0, field.selectionStart);
    field.setRangeText((before && !before.endsWith("\n") ? "\n" : "") + button.dataset.text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
})();
