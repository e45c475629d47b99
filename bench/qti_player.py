"""Play a QTI 3.0 export in @citolab/qti-components in Chromium: every response must score as `expected.json` says.

    npm install @citolab/qti-components
    quizgen export midterm --to qti30 --out midterm.zip
    python bench/qti_player.py midterm.zip --player node_modules/@citolab/qti-components/cdn/index.global.js

Every picture must arrive as well. With `--shots FOLDER` the first numeric item and all items with a picture are
photographed. It needs playwright and a Chromium.
"""

import argparse
import json
import re
import time
import zipfile
from base64 import b64encode
from pathlib import Path

from playwright.sync_api import sync_playwright

CLOSE = 6e-4
"""The player keeps three decimals of a score."""
LOAD = """
(text) => {
  const build = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
    const math = node.namespaceURI === 'http://www.w3.org/1998/Math/MathML';
    const made = math ? document.createElementNS(node.namespaceURI, node.localName)
                      : document.createElement(node.localName);
    for (const a of node.attributes) if (!a.name.startsWith('xmlns')) made.setAttribute(a.name, a.value);
    for (const child of node.childNodes) made.appendChild(build(child));
    return made;
  };
  const root = new DOMParser().parseFromString(text, 'application/xml').documentElement;
  const holder = document.getElementById('holder');
  holder.replaceChildren(build(root));
  return new Promise((done) => setTimeout(() => done(
    [...root.children].filter((e) => e.localName === 'qti-response-declaration')
      .map((e) => [e.getAttribute('identifier'), e.getAttribute('cardinality'), e.getAttribute('base-type')])), 5));
}
"""
PLAY = """
(responses) => {
  const item = document.querySelector('qti-assessment-item');
  for (const [name, value] of responses) item.updateResponseVariable(name, value);
  item.processResponse();
  return Number(item.variables.find((v) => v.identifier === 'SCORE').value);
}
"""
SHOWN = """
async () => {
  const found = [...document.querySelectorAll('qti-item-body img')];
  await Promise.all(found.map((e) => e.decode().catch(() => null)));
  return found.map((e) => e.naturalWidth > 0 && e.getBoundingClientRect().width > 0 && e.alt.length > 0);
}
"""


def with_pictures(archive: zipfile.ZipFile, path: str) -> str:
    """Return an item with its pictures inside, as the page that it is put into has no folder of its own."""

    def inside(found: re.Match[str]) -> str:
        data = archive.read(f"{path.rpartition('/')[0]}/{found[1]}")
        return f'src="data:image/svg+xml;base64,{b64encode(data).decode("ascii")}"'

    return re.sub(r'src="([^":]+\.svg)"', inside, archive.read(path).decode())


def values(declared: list[list[str]], entered: list[str]) -> list[tuple[str, object]]:
    """Give every declared response what was entered, in the form the player keeps it."""
    if declared[0][2] == "float":
        return [(name, text or None) for (name, _, _), text in zip(declared, entered, strict=True)]
    name, cardinality, kind = declared[0]
    chosen = [f"R{at} {e}" for at, e in enumerate(entered, start=1)] if kind == "directedPair" else entered
    return [(name, (chosen[0] if cardinality == "single" else chosen) if chosen else None)]


def main() -> None:
    """Play all items of an export and print how many responses scored as expected."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument("--player", type=Path, required=True)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--shots", type=Path, help="a folder for pictures of the first numeric and all drawn items")
    options = parser.parse_args()
    if options.shots:
        options.shots.mkdir(parents=True, exist_ok=True)
    expected = json.loads(options.package.with_name(f"{options.package.name}.expected.json").read_text("utf-8"))
    start, wrong, right, pictures, numeric = time.perf_counter(), [], 0, 0, 0
    with zipfile.ZipFile(options.package) as archive, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content('<!DOCTYPE html><html><body><div id="holder"></div></body></html>')
        page.add_script_tag(path=str(options.player))
        for item in expected["items"]:
            if not item["responses"]:
                continue
            declared = page.evaluate(LOAD, with_pictures(archive, f"items/{item['id']}.xml"))
            shown = page.evaluate(SHOWN)
            pictures += sum(shown)
            wrong += [(item["id"], "its picture does not arrive")] * (len(shown) - sum(shown))
            numeric += declared[0][2] == "float"
            if options.shots and (shown or (numeric == 1 and declared[0][2] == "float")):
                page.screenshot(path=str(options.shots / f"{item['id']}.png"))
            for response in item["responses"]:
                score = page.evaluate(PLAY, values(declared, response["entered"]))
                if abs(score - response["fraction"]) > CLOSE:
                    wrong.append((item["id"], response["kind"], response["fraction"], score))
                else:
                    right += 1
        browser.close()
    seconds = time.perf_counter() - start
    print(f"{right} responses score as expected, {pictures} pictures arrive, {len(wrong)} faults, in {seconds:.1f} s")
    for found in wrong[:20]:
        print("  ", *found)
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
