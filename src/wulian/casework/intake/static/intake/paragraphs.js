// Puts the picked paragraph into the text area below it, where the cursor stands.
(() => {
  if (window.wulianParagraphs) return;
  window.wulianParagraphs = true;
  document.addEventListener("change", (event) => {
    const picker = event.target.closest("select[data-paragraphs]");
    if (!picker || !picker.value) return;
    const area = document.getElementById(picker.dataset.paragraphs);
    const before = area.selectionStart ?? area.value.length;
    const lead = before > 0 && area.value[before - 1] !== "\n" ? "\n" : "";
    area.setRangeText(lead + picker.value, before, area.selectionEnd ?? before, "end");
    picker.value = "";
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  });
})();
