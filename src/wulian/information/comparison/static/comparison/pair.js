// Two texts side by side: a mark brings both sides to its passage; scrolling one side brings the other along.
(() => {
  const panes = [...document.querySelectorAll(".cp-pane")];
  if (panes.length !== 2) return;
  // A mark belongs to all the passages that overlap there; the first mark of a passage is its place.
  const marks = panes.map((pane) => {
    const found = new Map();
    pane.querySelectorAll("mark[data-n]").forEach((mark) => mark.dataset.n.split(" ").forEach((n) => {
      if (!found.has(n)) found.set(n, mark);
    }));
    return found;
  });
  const numbers = [...marks[0].keys()].filter((n) => marks[1].has(n)).sort((a, b) => a - b);
  const top = (pane, mark) => mark.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop;
  let chosen = "";
  // Until when the scrolling of a pane is our own doing and moves nothing.
  const quiet = new Map();
  const move = (pane, to) => {
    quiet.set(pane, performance.now() + 150);
    pane.scrollTop = to;
  };
  const show = (n, clicked) => {
    chosen = n;
    document.querySelectorAll("mark.cp-on").forEach((mark) => mark.classList.remove("cp-on"));
    panes.forEach((pane, i) => {
      const mark = marks[i].get(n);
      if (!mark) return;
      pane.querySelectorAll(`mark[data-n~="${n}"]`).forEach((part) => part.classList.add("cp-on"));
      if (!clicked || !pane.contains(clicked)) move(pane, top(pane, mark) - pane.clientHeight / 3);
    });
  };
  panes.forEach((pane, i) => {
    pane.querySelectorAll("mark[data-n]").forEach((mark) => {
      const choose = () => show(mark.dataset.n.split(" ")[0], mark);
      mark.addEventListener("click", choose);
      mark.addEventListener("keydown", (event) => { if (event.key === "Enter") choose(); });
    });
    pane.addEventListener("scroll", () => {
      if (performance.now() < (quiet.get(pane) ?? 0)) return;
      const other = panes[1 - i];
      const places = [[0, 0], ...numbers.map((n) => [top(pane, marks[i].get(n)), top(other, marks[1 - i].get(n))]).sort((a, b) => a[0] - b[0]),
        [pane.scrollHeight, other.scrollHeight]];
      const eye = pane.clientHeight / 3;
      const line = pane.scrollTop + eye;
      const after = places.findIndex(([own], index) => index > 0 && own > line);
      const next = after < 0 ? places.length - 1 : after;
      const [[from, fromThere], [to, toThere]] = [places[next - 1], places[next]];
      const share = to > from ? (line - from) / (to - from) : 0;
      move(other, fromThere + share * (toThere - fromThere) - eye);
    }, { passive: true });
  });
  document.querySelectorAll("[data-go]").forEach((link) => link.addEventListener("click", () => show(link.dataset.go)));
  document.querySelectorAll("[data-step]").forEach((button) => button.addEventListener("click", () => {
    const at = numbers.indexOf(chosen) + Number(button.dataset.step);
    if (numbers.length) show(numbers[Math.max(0, Math.min(numbers.length - 1, at))]);
  }));
  if (numbers.length) show(numbers[0]);
})();
