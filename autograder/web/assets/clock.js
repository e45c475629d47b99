// Time left by the server's clock; this device's clock may be wrong, and may be set while the page is open.
// What is handed in at zero comes a moment after it: the server takes that as in time.

const TOLD = [10, 5, 1]; // minutes left that are announced

export class Clock {
  // `say(word, values)` announces politely; `up()` is called once, when the time runs out while the page is open.
  constructor(element, { now, deadline, say, up }) {
    Object.assign(this, { element, say, up });
    this.running = false;
    this.hear({ now, deadline });
    setInterval(() => this.tick(), 250);
  }

  // What the server says of time, with any of its answers; the deadline may have moved.
  hear({ now, deadline }) {
    if (now) this.offset = Date.parse(now) - performance.now();
    this.deadline = deadline ? Date.parse(deadline) : null;
    if (this.deadline !== null && this.left > 0) this.running = true;
    this.tick();
  }

  get left() {
    return Math.ceil((this.deadline - performance.now() - this.offset) / 1000);
  }

  tick() {
    if (this.deadline === null || this.element === null) return;
    const left = Math.max(this.left, 0);
    this.draw(left);
    this.announce(left);
    if (left === 0 && this.running) {
      this.running = false;
      this.up();
    }
  }

  draw(left) {
    const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
    const two = (n) => String(n).padStart(2, "0");
    const text = hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
    if (this.element.textContent === text) return;
    this.element.textContent = text;
    this.element.dataset.left = left <= 60 ? "minute" : left <= 300 ? "minutes" : "";
  }

  announce(left) {
    const reached = TOLD.filter((minutes) => left <= minutes * 60 && this.before > minutes * 60).at(-1);
    this.before = left;
    if (reached) this.say(reached === 1 ? "page-minute-left" : "page-minutes-left", { count: reached });
  }
}
