// Boxes for numbers: what is pasted spreads over them, arrow keys and Enter move between them.

// Read rows of cells as NumPy prints them, as lists are written, as a spreadsheet copies them; texts stay as they are.
export function cellsOf(text, columns) {
  const bare = text
    .replace(/\r\n?/g, "\n")
    .replace(/,?\s*dtype\s*=\s*[\w.]+/g, "")
    .replace(/\b(?:np\.|numpy\.)?array\s*\(/g, "")
    .trim();
  if (/[[\]]/.test(bare)) return (bare.match(/[^[\]]+/g) ?? []).map(numbers).filter((row) => row.length);
  if (bare.includes("\t")) return bare.split("\n").map((row) => row.split("\t").map((cell) => cell.trim()));
  const lines = bare.split(/[;\n]/).map((line) => line.trim()).filter(Boolean);
  // "0,5" is one number with a decimal comma, unless the rows fill the columns only as two.
  const commas = lines.length > 1 && columns > 1 && lines.every((line) => line.split(",").length === columns);
  return lines.map((line) => (commas ? line.split(",").map((cell) => cell.trim()) : isOne(line) ? [line] : numbers(line)));
}

function isOne(line) {
  return /^[+\-−]?\d*,\d+%?$/.test(line);
}

function numbers(row) {
  return row
    .replace(/\s*([*/^×·÷])\s*/g, "$1")
    .replace(/(^|[\s,])([+\-−])\s+(?=[\d.])/g, "$1$2")
    .split(/\s*[,;]\s*|\s+/)
    .map((cell) => cell.replace(/^\(|\)$/g, ""))
    .filter(Boolean);
}

// Turn rows of cells so that they lie as the boxes do, where only one way fits.
export function laid(cells, { rows, columns }) {
  const flat = cells.flat();
  if (cells.every((row) => row.length === 1) && rows === 1) return [flat];
  if (cells.length === 1 && columns === 1) return flat.map((cell) => [cell]);
  if (cells.length === 1 && rows > 1 && flat.length === rows * columns) return chunks(flat, columns);
  return cells;
}

function chunks(flat, size) {
  return Array.from({ length: flat.length / size }, (_, n) => flat.slice(n * size, (n + 1) * size));
}

export class Grids {
  constructor(form, { say }) {
    Object.assign(this, { form, say });
    form.addEventListener("paste", (event) => this.paste(event));
    form.addEventListener("keydown", (event) => this.key(event));
  }

  // The boxes of the grid around one of them, and where in it that one stands.
  around(box) {
    const grid = box.closest?.("[data-grid]");
    if (!grid || box.tagName !== "INPUT") return null;
    const boxes = [...grid.querySelectorAll(".cells-row")].map((row) => [...row.querySelectorAll("input")]);
    const row = boxes.findIndex((found) => found.includes(box));
    return { boxes, row, column: boxes[row].indexOf(box) };
  }

  paste(event) {
    const place = this.around(event.target);
    if (!place) return;
    const { boxes, row, column } = place;
    const left = { rows: boxes.length - row, columns: boxes[0].length - column };
    const cells = laid(cellsOf(event.clipboardData.getData("text/plain"), left.columns), left);
    if (cells.flat().length < 2) return;
    event.preventDefault();
    this.fill(cells, place);
  }

  fill(cells, { boxes, row, column }) {
    let [filled, left, last] = [0, 0, null];
    for (const [r, line] of cells.entries()) {
      for (const [c, text] of line.entries()) {
        const box = boxes[row + r]?.[column + c];
        if (!box || box.readOnly) {
          left += 1;
          continue;
        }
        box.value = text;
        box.dispatchEvent(new Event("input", { bubbles: true }));
        [filled, last] = [filled + 1, box];
      }
    }
    last?.focus();
    this.say("page-pasted", { count: filled });
    if (left) this.say("page-not-pasted", { count: left });
  }

  key(event) {
    const place = !event.isComposing && !event.altKey && !event.ctrlKey && !event.metaKey && this.around(event.target);
    if (!place) return;
    const next = event.shiftKey ? null : this.next(event, place);
    if (event.key === "Enter") event.preventDefault(); // it would send the form
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select();
  }

  next(event, { boxes, row, column }) {
    const box = event.target;
    const caret = box.selectionStart === box.selectionEnd ? box.selectionStart : null;
    const all = box.value.length > 0 && box.selectionStart === 0 && box.selectionEnd === box.value.length;
    switch (event.key) {
      case "ArrowUp":
        return boxes[row - 1]?.[column];
      case "ArrowDown":
        return boxes[row + 1]?.[column];
      case "ArrowLeft":
        return caret === 0 || all ? boxes[row][column - 1] : null;
      case "ArrowRight":
        return caret === box.value.length || all ? boxes[row][column + 1] : null;
      case "Enter":
        return boxes[row + 1]?.[column] ?? boxes[0][column + 1] ?? this.after(box);
      default:
        return null;
    }
  }

  after(box) {
    const all = [...this.form.querySelectorAll("[data-grid] input")];
    const grid = box.closest("[data-grid]");
    return all.slice(all.indexOf(box) + 1).find((found) => found.closest("[data-grid]") !== grid);
  }
}
