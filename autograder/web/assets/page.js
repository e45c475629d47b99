// The paper's page: saving, time, boxes, editors and runs put together.

import { Clock } from "./clock.js";
import { Fields } from "./fields.js";
import { Grids } from "./grids.js";
import { Runs } from "./runs.js";
import { Saving } from "./saving.js";

const form = document.getElementById("paper");
const words = document.getElementById("words");
const state = document.getElementById("save-state");
const said = document.getElementById("said");

function word(name, values = {}) {
  return words.getAttribute(`data-${name}`).replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

function say(name, values) {
  const line = document.createElement("p");
  line.textContent = word(name, values);
  said.append(line);
  setTimeout(() => line.remove(), 10_000);
}

function show(kind, name, marked = new Map()) {
  if (state.dataset.state !== kind || state.dataset.word !== name) {
    Object.assign(state.dataset, { state: kind, word: name });
    state.textContent = word(name);
    if (kind === "trouble") say(name); // that all goes well is seen, and not said after every key
  }
  for (const box of form.elements) {
    if (marked.has(box.name)) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
  }
}

function heard(answer, count = 0) {
  clock.hear(answer);
  if (!count) return;
  say("page-changed-elsewhere");
  jumps.forEach(mark);
}

const jumps = [...document.querySelectorAll("[data-jump]")];

function mark(jump) {
  const item = jump.dataset.jump;
  const [filled, of] = fields.filled(item);
  jump.dataset.filled = filled === of ? "all" : filled ? "some" : "none";
  jump.setAttribute("aria-label", word("page-filled", { number: item, filled, of }));
}

function changed(box, atOnce) {
  if (!fields.isBox(box) || (atOnce && !pending.has(box.name))) return;
  if (atOnce) pending.delete(box.name);
  else pending.add(box.name);
  saving.changed(box.name, { atOnce });
  mark(jumps.find((jump) => box.name.startsWith(`item${jump.dataset.jump}:`)));
}

async function timeUp() {
  show("saving", "page-handing-in");
  say("page-handing-in");
  await saving.flush();
  while (!saving.settled && !saving.over) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await saving.flush();
  }
  document.getElementById("time-up").submit();
}

async function submitted(event) {
  event.preventDefault();
  const button = event.submitter;
  if (button?.name === "run") return runs.run(button.value);
  await saving.flush();
  if (button?.name !== "hand_in") return;
  if (saving.refused.size) form.elements.namedItem([...saving.refused.keys()][0]).focus();
  else if (saving.settled) location.assign(form.dataset.handIn);
}

const pending = new Set();
const fields = new Fields(form);
const runs = new Runs(form, { word });
const saving = new Saving(form, fields, { show, heard });
const clock = new Clock(document.getElementById("clock"), { ...form.dataset, say, up: timeUp });
new Grids(form, { say });

form.addEventListener("input", (event) => changed(event.target, false));
form.addEventListener("change", (event) => changed(event.target, true));
form.addEventListener("focusout", (event) => event.target.name && saving.left(event.target.name));
form.addEventListener("submit", submitted);
for (const label of document.querySelectorAll(".clock-label")) label.textContent = word("page-time-left");
for (const hint of document.querySelectorAll(".with-scripts")) hint.hidden = false;
const early = fields.changed().map((name) => [name, fields.read(name)]);
saving.start();
for (const [name, text] of early) {
  fields.write(name, text); // newer than what an earlier page has kept
  saving.changed(name);
}
jumps.forEach(mark);

const areas = [...form.querySelectorAll("textarea[data-editor]")];
if (areas.length) {
  const { edit } = await import("./editor.js");
  for (const area of areas) edit(area, { run: () => runs.run(/\d+/.exec(area.name)[0]) });
}
