// A question to practice: boxes and editor as on a paper; htmx sends the form and puts the feedback in its place.

import { Grids } from "./grids.js";

const form = document.getElementById("exercise");
const feedback = document.getElementById("feedback");
const check = document.getElementById("check");
const words = document.getElementById("words");
const said = document.getElementById("said");
const area = form.querySelector("textarea[data-editor]");

function word(name, values = {}) {
  return words.getAttribute(`data-${name}`).replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

function hear(text) {
  const line = document.createElement("p");
  line.textContent = text;
  said.append(line);
  setTimeout(() => line.remove(), 10_000);
}

function note(name) {
  const line = document.createElement("p");
  line.className = "run-note";
  line.textContent = word(name);
  feedback.replaceChildren(line);
  hear(line.textContent);
}

// Whoever is typing stays there and is told; others are taken to what was found.
function arrived() {
  const heading = feedback.querySelector("[data-arrived]");
  if (!heading) return hear(feedback.textContent.trim());
  heading.removeAttribute("data-arrived");
  const typing = document.activeElement.closest("input, select, textarea, .cm-editor");
  if (typing) hear(heading.textContent);
  else heading.focus({ preventScroll: true });
  heading.scrollIntoView({ block: typing ? "center" : "start" });
}

// What is wider than a telephone scrolls by itself: let the keyboard get there.
function reach() {
  for (const wide of document.querySelectorAll("main :is(p, ul, ol, pre, table, .formula, .wide, .answer-label, .picture)")) {
    const scrolls = wide.scrollWidth > wide.clientWidth && getComputedStyle(wide).overflowX === "auto";
    if (scrolls && !wide.querySelector("a, button, input, select, textarea, [tabindex]")) wide.tabIndex = 0;
  }
}

new Grids(form, { say: (name, values) => hear(word(name, values)) });
for (const hint of document.querySelectorAll(".with-scripts")) hint.hidden = false;

form.addEventListener("htmx:beforeRequest", () => {
  feedback.setAttribute("aria-busy", "true");
  if (area) hear(word("page-running"));
});
form.addEventListener("htmx:afterRequest", () => feedback.removeAttribute("aria-busy"));
document.body.addEventListener("htmx:afterSettle", () => (reach(), arrived()));
document.body.addEventListener("htmx:sendError", () => note("page-run-failed"));
document.body.addEventListener("htmx:responseError", () => note("practice-failed"));
reach();
feedback.querySelector("[data-arrived]")?.focus(); // sent without htmx

if (area) {
  const { edit } = await import("./editor.js");
  edit(area, { run: () => form.requestSubmit(check) });
}
