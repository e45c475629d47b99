// Running the visible cases of one function: the answer is HTML, and may itself ask for its place in the queue.

import { OVER } from "./saving.js";

export class Runs {
  constructor(form, { word }) {
    Object.assign(this, { form, word });
    this.running = new Set();
  }

  async run(item) {
    if (this.running.has(item)) return;
    const result = document.getElementById(`item${item}-result`);
    this.running.add(item);
    result.setAttribute("aria-busy", "true");
    this.say(result, "page-running");
    try {
      await this.ask(item, result);
    } catch {
      this.say(result, "page-run-failed");
    }
    result.removeAttribute("aria-busy");
    this.running.delete(item);
  }

  async ask(item, result) {
    const source = this.form.elements.namedItem(`item${item}:source`).value;
    const body = new URLSearchParams({ csrf: this.form.elements.csrf.value, item, source });
    const response = await fetch(this.form.dataset.run, { method: "POST", body, headers: { "HX-Request": "true" } });
    if (response.ok) {
      result.innerHTML = await response.text(); // our own server's, which escapes what students wrote
      globalThis.htmx?.process(result);
    } else {
      this.say(result, this.why(response.status));
    }
  }

  why(status) {
    if (status === 429) return "page-run-busy";
    return status < 500 ? (OVER[status] ?? "page-refused") : "page-run-failed";
  }

  say(result, name) {
    const line = document.createElement("p");
    line.className = "run-note";
    line.textContent = this.word(name);
    result.replaceChildren(line);
  }
}
