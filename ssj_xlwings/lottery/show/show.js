"use strict";
// Reveals what was drawn and recorded before this page was written. Chance here only picks which name flashes by.
const D = JSON.parse(document.getElementById("data").textContent), S = D.say;
const at = id => document.getElementById(id);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
// Beside the stage; then, on the whole screen, the first grid that takes all of them, else the last, page by page.
const BESIDE = { columns: 2, rows: 5, sizes: [4.2, 3.4, 2.8, 2.3, 1.9, 1.5] };
const WHOLE = [BESIDE, { ...BESIDE, rows: 9 }, { columns: 3, rows: 8, sizes: [3.2, 2.7, 2.2, 1.8, 1.5, 1.2] }];
const STAGE = [11, 9, 7.5, 6, 5, 4.2, 3.4, 2.7, 2];
const BEAT = 70;
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
let shown = 0, page = 0, timer = 0, done = false; // done: the list has the whole screen

const grid = () => done ? WHOLE.find(one => one.columns * one.rows >= D.winners.length) || WHOLE[2] : BESIDE;
const pages = () => Math.max(1, Math.ceil(shown / (grid().columns * grid().rows)));

// The largest of the sizes at which the text fits its box.
function fit(box, text, sizes) {
  box.textContent = text;
  for (const size of sizes) {
    box.style.fontSize = `calc(${size} * var(--u))`;
    if (box.scrollHeight <= box.clientHeight + 1 && box.scrollWidth <= box.clientWidth + 1) return;
  }
}

function drawList() {
  const { columns, rows, sizes } = grid(), room = columns * rows, list = at("list");
  page = Math.min(Math.max(page, 0), pages() - 1);
  list.style.gridTemplate = `repeat(${rows}, minmax(0, 1fr)) / repeat(${columns}, minmax(0, 1fr))`;
  list.replaceChildren();
  D.winners.slice(0, shown).slice(page * room, (page + 1) * room).forEach((name, index) => {
    const line = document.createElement("li"), number = document.createElement("b"), text = document.createElement("span");
    number.textContent = page * room + index + 1;
    line.append(number, text);
    list.append(line);
    text.textContent = name;
    for (const size of sizes) {
      text.style.fontSize = `calc(${size} * var(--u))`;
      if (text.scrollHeight <= line.clientHeight && text.scrollWidth <= text.clientWidth + 1) break;
    }
  });
  at("progress").textContent = shown === D.winners.length ? S.ALL_SHOWN : fill(S.PROGRESS, { shown, drawn: D.winners.length });
  at("page").textContent = pages() > 1 ? fill(S.PAGE, { page: page + 1, pages: pages() }) : "";
}

function stage(state, place, text) {
  document.body.className = state;
  at("place").textContent = place;
  fit(at("now"), text, STAGE);
}

function place(number) { return fill(S.PLACE, { number, unit: D.unit }); }

function again() {
  stop();
  shown = page = 0;
  done = false;
  stage("", "", S.START);
  drawList();
}

function stop() { clearInterval(timer); timer = 0; }

function roll() {
  const flash = () => stage("rolling", place(shown + 1), D.roll[Math.floor(Math.random() * D.roll.length)]);
  flash();
  timer = setInterval(flash, BEAT);
}

function hit() {
  stop();
  stage("hit", place(shown + 1), D.winners[shown]);
  shown += 1;
  page = Infinity;
  drawList();
}

function end() {
  stop();
  done = true;
  shown = D.winners.length;
  page = 0;
  document.body.className = "over";
  drawList();
}

function turn(by) { page += by; drawList(); }

function onward() {
  if (done) turn(1);
  else if (timer) hit();
  else if (shown === D.winners.length) end();
  else if (still) hit();
  else roll();
}

function back() { if (!timer) turn(-1); }

function full() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => at("keys").textContent = "F11");
}

const KEYS = { " ": onward, Enter: onward, PageDown: onward, ArrowRight: onward, ArrowLeft: back, PageUp: back, a: end, r: again, f: full };
addEventListener("keydown", event => {
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  event.preventDefault();
  act();
});
addEventListener("click", onward);
addEventListener("resize", () => { fit(at("now"), at("now").textContent, STAGE); drawList(); });

for (const [id, text] of [["head", D.head], ["title", D.title], ["counts", D.counts], ["recorded", D.recorded], ["keys", S.KEYS]]) at(id).textContent = text;
for (const [name, value] of D.facts) {
  const pair = document.createElement("div"), term = document.createElement("dt"), said = document.createElement("dd");
  term.textContent = name;
  said.textContent = value;
  pair.append(term, said);
  at("facts").append(pair);
}
again();
