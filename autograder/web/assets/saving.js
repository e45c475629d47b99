// Every change goes to the server at once. Until the server has it, it is kept in this browser and tried again.

const TYPING = 300; // milliseconds without a key before what was typed is sent
const PATIENCE = 10_000; // milliseconds that one request may take
const PAUSES = [1000, 2000, 4000, 8000, 15_000]; // milliseconds between tries
export const OVER = { 409: "page-closed", 413: "page-too-large" };

export class Saving {
  // `show(state, word)` tells the student how things stand; `heard(answer)` gets what the server says of time.
  constructor(form, fields, { show, heard }) {
    Object.assign(this, { form, fields, show, heard });
    this.key = `paper:${form.dataset.code}`;
    this.dirty = new Map();
    this.refused = new Map();
    this.later = new Map();
    this.touched = new Map();
    this.seen = Number(form.dataset.serial);
    this.tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
    this.failures = 0;
    this.over = false;
    this.oneByOne = false;
  }

  start() {
    this.adopt(this.kept());
    addEventListener("storage", (event) => event.key === this.key && this.adoptElsewhere(event));
    addEventListener("online", () => this.flush());
    addEventListener("offline", () => this.tell());
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.leave() : this.catchUp()));
    addEventListener("focus", () => this.catchUp());
    this.catchUp();
  }

  get settled() {
    return this.dirty.size === 0;
  }

  // A change of one box; `atOnce` where nobody is in the middle of a word.
  changed(name, { atOnce = false } = {}) {
    const text = this.fields.read(name);
    this.refused.delete(name);
    this.later.delete(name);
    this.touched.set(name, performance.now());
    this.dirty.set(name, text);
    this.keep((kept) => (kept[name] = text));
    this.schedule(atOnce ? 0 : TYPING);
    this.tell();
  }

  left(name) {
    if (this.later.has(name) && !this.dirty.has(name)) this.fields.write(name, this.later.get(name));
    this.later.delete(name);
    if (!this.settled) this.flush();
  }

  schedule(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), milliseconds);
  }

  // Send what is not saved yet; resolves when it is, or when it has to be tried again later.
  async flush() {
    clearTimeout(this.timer);
    while (this.sending) await this.sending;
    while (!this.settled && !this.over) {
      this.sending = this.send(new Map([...this.dirty].slice(0, this.oneByOne ? 1 : undefined)));
      this.tell();
      const sent = await this.sending;
      this.sending = null;
      this.tell();
      if (!sent) break;
    }
  }

  async send(batch) {
    let response;
    try {
      response = await this.post(batch, { signal: AbortSignal.timeout(PATIENCE) });
    } catch {
      return this.tryAgain("page-offline");
    }
    if (response.status === 413) return this.tooLarge(batch);
    if (response.status === 429 || response.status >= 500) return this.tryAgain("page-unsaved");
    const answer = response.ok ? await response.json().catch(() => null) : null;
    if (answer === null) return this.stop(OVER[response.status] ?? "page-refused");
    this.acknowledge(batch);
    this.heard(answer);
    return true;
  }

  post(batch, options) {
    const body = new URLSearchParams({ csrf: this.form.elements.csrf.value, tab: this.tab });
    for (const [name, text] of batch) body.append(name, text);
    return fetch(this.form.dataset.save, { method: "POST", body, ...options });
  }

  acknowledge(batch) {
    this.failures = 0;
    for (const name of batch.keys()) this.touched.set(name, performance.now());
    this.forget(batch);
  }

  forget(batch) {
    for (const [name, text] of batch) if (this.dirty.get(name) === text) this.dirty.delete(name);
    this.keep((kept) => {
      for (const [name, text] of batch) if (kept[name] === text) delete kept[name];
    });
  }

  tryAgain(word) {
    this.trouble = word;
    this.schedule(PAUSES[Math.min(this.failures, PAUSES.length - 1)]);
    this.failures += 1;
    return false;
  }

  // One text that is too long must not hold up the others: look for it, and set it aside until it changes.
  tooLarge(batch) {
    if (batch.size > 1) {
      this.oneByOne = true;
      return true;
    }
    for (const [name, text] of batch) {
      this.refused.set(name, text);
      this.dirty.delete(name);
    }
    this.oneByOne = false;
    return true;
  }

  stop(word) {
    this.over = true;
    this.trouble = word;
    return false;
  }

  // The page may be closed for good: a last request outlives it.
  leave() {
    if (!this.settled && !this.over) this.post(this.dirty, { keepalive: true }).catch(() => {});
  }

  tell() {
    if (this.over) this.show("trouble", this.trouble);
    else if (this.refused.size) this.show("trouble", "page-too-large", this.refused);
    else if (this.settled) this.show("saved", "page-saved");
    else if (!navigator.onLine) this.show("trouble", "page-offline");
    else if (this.failures) this.show("trouble", this.trouble);
    else this.show("saving", "page-saving");
  }

  // What other windows saved since, and how time stands.
  async catchUp() {
    const now = performance.now();
    if (document.hidden || this.over || now - (this.asked ?? -Infinity) < 1000) return;
    this.asked = now;
    try {
      const response = await fetch(`${this.form.dataset.state}?since=${this.seen}`, { cache: "no-store" });
      if (response.ok) this.take(await response.json(), now);
    } catch {
      // Without a connection there is nothing to catch up with: saving says so as soon as it matters.
    }
  }

  // Of boxes that were changed or saved here after the question was asked, the answer may be out of date.
  take(answer, asked) {
    this.seen = Math.max(this.seen, answer.serial);
    let count = 0;
    for (const [name, text] of Object.entries(answer.fields)) {
      const ours = this.dirty.has(name) || this.touched.get(name) >= asked;
      if (ours || !this.fields.has(name) || this.fields.read(name) === text) continue;
      if (this.fields.isFocused(name)) this.later.set(name, text);
      else {
        this.fields.write(name, text);
        count += 1;
      }
    }
    this.heard(answer, count);
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? {};
    } catch {
      return {};
    }
  }

  keep(change) {
    const kept = this.kept();
    change(kept);
    try {
      if (Object.keys(kept).length) localStorage.setItem(this.key, JSON.stringify(kept));
      else localStorage.removeItem(this.key);
    } catch {
      // A browser that keeps nothing still sends everything.
    }
  }

  // Go on with what an earlier page could not save.
  adopt(kept) {
    for (const [name, text] of Object.entries(kept)) {
      if (!this.fields.has(name)) continue;
      this.dirty.set(name, text);
      if (this.fields.read(name) === text) this.forget([[name, text]]);
      else this.fields.write(name, text);
    }
    this.tell();
    this.flush();
  }

  // Another window of this browser holds newer texts, or has saved ours.
  adoptElsewhere(event) {
    const kept = JSON.parse(event.newValue ?? "{}");
    for (const [name, text] of [...this.dirty]) {
      if (!(name in kept)) this.dirty.delete(name);
      else if (kept[name] !== text && !this.fields.isFocused(name)) {
        this.fields.write(name, kept[name]);
        this.dirty.set(name, kept[name]);
      }
    }
    this.tell();
  }
}
