"""Play a QTI 3.0 export in @citolab/qti-components in Chromium: every response must score as `expected.json` says.

    npm install @citolab/qti-components
    quizgen export midterm --to qti30 --out midterm.zip
    python bench/qti_player.py midterm.zip --player node_modules/@citolab/qti-components/cdn/index.global.js

It needs playwright and a Chromium, neither of which the project's own tests ask for.
"""

import argparse
import json
import time
import zipfile
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
    parser.add_argument("--picture", type=Path, help="save a picture of the first numeric item")
    options = parser.parse_args()
    expected = json.loads(options.package.with_name(f"{options.package.name}.expected.json").read_text("utf-8"))
    start, wrong, right = time.perf_counter(), [], 0
    with zipfile.ZipFile(options.package) as archive, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content('<!DOCTYPE html><html><body><div id="holder"></div></body></html>')
        page.add_script_tag(path=str(options.player))
        for item in expected["items"]:
            if not item["responses"]:
                continue
            declared = page.evaluate(LOAD, archive.read(f"items/{item['id']}.xml").decode())
            if options.picture and "neuron-update" in item["id"] and not options.picture.exists():
                page.screenshot(path=str(options.picture))
            for response in item["responses"]:
                score = page.evaluate(PLAY, values(declared, response["entered"]))
                if abs(score - response["fraction"]) > CLOSE:
                    wrong.append((item["id"], response["kind"], response["fraction"], score))
                else:
                    right += 1
        browser.close()
    print(f"{right} responses score as expected, {len(wrong)} do not, in {time.perf_counter() - start:.1f} s")
    for found in wrong[:20]:
        print("  ", *found)
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
