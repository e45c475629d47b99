// The boxes of the paper: their names and texts, whatever element each of them is.

function differs(box) {
  if (box.type === "checkbox" || box.type === "radio") return box.checked !== box.defaultChecked;
  if (!(box instanceof HTMLSelectElement)) return box.value !== box.defaultValue;
  const first = [...box.options].find((option) => option.defaultSelected) ?? box.options[0];
  return box.value !== first.value;
}

export class Fields {
  constructor(form) {
    this.form = form;
  }

  isBox(element) {
    return element.form === this.form && /^item\d+:/.test(element.name ?? "");
  }

  has(name) {
    return /^item\d+:/.test(name) && this.form.elements.namedItem(name) !== null;
  }

  all() {
    return [...new Set([...this.form.elements].filter((e) => this.isBox(e)).map((e) => e.name))];
  }

  // Boxes that are not as the page came: somebody was faster than the scripts.
  changed() {
    return this.all().filter((name) => {
      const found = this.form.elements.namedItem(name);
      return found instanceof RadioNodeList ? [...found].some(differs) : differs(found);
    });
  }

  read(name) {
    const found = this.form.elements.namedItem(name);
    return found.type === "checkbox" ? (found.checked ? found.value : "") : found.value;
  }

  // Tell the editor that shows a text area, if there is one, by an event.
  write(name, text) {
    const found = this.form.elements.namedItem(name);
    if (found instanceof RadioNodeList) {
      for (const radio of found) radio.checked = radio.value === text;
    } else if (found.type === "checkbox" || found.type === "radio") {
      found.checked = found.value === text;
    } else {
      found.value = text;
      found.dispatchEvent(new CustomEvent("written"));
    }
  }

  isFocused(name) {
    const active = document.activeElement;
    return active?.name === name || active?.closest("[data-shows]")?.dataset.shows === name;
  }

  // How many boxes of an item are filled, and of how many; ticks count as one box.
  filled(item) {
    const prefix = `item${item}:`;
    const names = this.all().filter((name) => name.startsWith(prefix));
    const full = names.filter((name) => this.isFull(name)).length;
    const ticked = this.form.elements.namedItem(names[0]).type === "checkbox";
    return ticked ? [Math.min(full, 1), 1] : [full, names.length];
  }

  isFull(name) {
    const text = this.read(name).trim();
    const stub = this.form.elements.namedItem(name).dataset?.stub;
    return text !== "" && text !== stub?.trim();
  }
}
