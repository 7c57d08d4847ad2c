/* Live rooms and their board: ask once a second what is new after what is shown. Nothing is lost while the line is down,
   because the next answer holds everything after the last position that this page has. */
(function () {
  "use strict";
  const EVERY = 1000, SLOWEST = 8000, PATIENCE = 8000;
  const place = document.getElementById("sv-room") || document.getElementById("sv-board");
  if (!place) return;
  const text = place.dataset;
  const link = document.querySelector("[data-link]");
  const source = document.getElementById("sv-live");
  const first = source ? JSON.parse(source.textContent) : null;
  const state = { after: 0, phase: "", alerts: "", mark: text.mark || "" };
  let ahead = 0, delay = EVERY, active = true, ended = false, chart;

  /* --- clocks: the server's time runs on here ----------------------------------------------------------------- */
  const setClock = (now) => { ahead = Date.parse(now) - Date.now(); };
  const now = () => Date.now() + ahead;
  const two = (number) => String(number).padStart(2, "0");
  const span = (seconds) => { const s = Math.max(0, Math.floor(seconds)); return (s >= 3600 ? two(Math.floor(s / 3600)) + ":" : "") + two(Math.floor(s / 60) % 60) + ":" + two(s % 60); };
  const clock = document.querySelector("[data-clock]");
  const format = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  function tick() {
    if (clock) clock.textContent = format.format(now());
    for (const spot of document.querySelectorAll("[data-deadline]")) {
      const left = (Date.parse(spot.dataset.deadline) - now()) / 1000;
      spot.textContent = left > 0 ? span(left) + " " + text.left : text.passed;
    }
    for (const spot of document.querySelectorAll("[data-since]")) spot.textContent = span((now() - Date.parse(spot.dataset.since)) / 1000);
  }

  /* --- prices draw themselves ---------------------------------------------------------------------------------- */
  let library;
  const echarts = () => library = library || new Promise((resolve, reject) => {
    if (window.echarts) return resolve(window.echarts);
    const script = document.createElement("script");
    script.src = text.echarts;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  });
  function draw(prices) {
    const box = document.querySelector("[data-chart-box]");
    if (!box || !prices) return;
    box.hidden = !prices.names.length;
    if (box.hidden) return;
    const shown = prices.prices.concat(prices.ceiling === null ? [] : [prices.ceiling]);
    const low = Math.min(...shown), high = Math.max(...shown), room = (high - low) || high * 0.1;
    const options = {
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      grid: { left: 8, right: 96, top: 28, bottom: 8, containLabel: true },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: prices.names, axisLabel: { interval: 0, width: 92, overflow: "truncate" } },
      yAxis: { type: "value", name: text.unit, min: Math.max(0, Math.floor(low - room * 0.4)), max: Math.ceil(high + room * 0.15) },
      series: [{
        type: "bar", name: text.price, barMaxWidth: 40,
        data: prices.prices.map((value, index) => ({ value, itemStyle: { color: prices.out[index] ? "#868e96" : "#1d4f91" } })),
        label: { show: prices.names.length <= 12, position: "top", fontSize: 11 },
        markLine: prices.ceiling === null ? undefined : { symbol: "none", lineStyle: { color: "#b3261e" }, data: [{ yAxis: prices.ceiling }], label: { formatter: text.ceiling + "\n" + prices.ceiling, color: "#b3261e" } },
      }],
    };
    echarts().then((found) => {
      const spot = document.getElementById("sv-prices");
      if (!chart) { chart = found.init(spot, null, { renderer: "svg" }); new ResizeObserver(() => chart.resize()).observe(spot); }
      chart.setOption(options);
    });
  }

  /* --- what an answer changes ---------------------------------------------------------------------------------- */
  const timeline = document.querySelector("[data-timeline]");
  function addLines(lines, fresh) {
    for (const line of lines) {
      if (timeline.querySelector('[data-position="' + line.position + '"]')) continue;
      const holder = document.createElement("template");
      holder.innerHTML = line.html.trim();
      const item = holder.content.firstElementChild;
      if (fresh) item.classList.add("sv-new");
      timeline.prepend(item);
    }
  }
  function replace(name, html) {
    const part = document.querySelector('[data-part="' + name + '"]');
    if (part && part.wulianHtml !== html) { part.innerHTML = html; part.wulianHtml = html; }
  }
  function showRoom(answer, fresh) {
    state.after = answer.position; state.phase = answer.phase; state.alerts = answer.alerts;
    for (const name of Object.keys(answer.parts || {})) replace(name, answer.parts[name]);
    for (const name of Object.keys(answer.own || {})) replace(name, answer.own[name]);
    addLines(answer.lines, fresh);
    draw(answer.prices);
  }
  function showBoard(answer) {
    state.mark = answer.mark;
    place.querySelector("[data-rows]").innerHTML = answer.html;
  }

  /* --- asking -------------------------------------------------------------------------------------------------- */
  const say = (words, off) => { if (link && link.textContent !== words) { link.textContent = words; link.classList.toggle("sv-off", off); } };
  for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, () => { active = true; });
  async function ask() {
    const address = new URL(text.live, location.href);
    for (const [name, value] of Object.entries(state)) address.searchParams.set(name, value);
    if (active) { address.searchParams.set("active", "1"); active = false; }
    const response = await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE), cache: "no-store" });
    if (response.redirected || response.status === 403 || response.status === 404) { ended = true; say(text.ended, true); return; }
    if (!response.ok) throw new Error(String(response.status));
    if (response.status !== 204) {
      const answer = await response.json();
      if (answer.now) setClock(answer.now);
      if (answer.parts) showRoom(answer, true); else showBoard(answer);
      tick();
    }
    say(text.back, false);
  }
  async function run() {
    try { await ask(); delay = EVERY; } catch { delay = Math.min(delay * 2, SLOWEST); say(text.lost, true); }
    if (!ended) setTimeout(run, delay);
  }
  window.addEventListener("online", () => { delay = EVERY; });

  setClock(first ? first.now : text.now);
  if (first) showRoom(first, false);
  tick();
  setInterval(tick, 500);
  setTimeout(run, EVERY);
})();
