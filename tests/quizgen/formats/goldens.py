"""Stored results that formats are compared with: texts, and small gray pictures of pages.

After a change that is wanted, `QUIZGEN_GOLDEN=renew python -m pytest tests/quizgen/formats/test_golden.py` writes them
anew; look at what `git diff` shows before it is committed. `golden/exam.json` holds every kind of item; it is frozen,
so that a change of the bank changes no golden file. Only for a new format of exam.json it is made again:
`quizgen make golden/exam.toml --roster golden/roster.csv --out FOLDER`, and exam.json copied from there.
"""

import difflib
import os
from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = Path(__file__).parent / "golden"
RENEW = os.environ.get("QUIZGEN_GOLDEN") == "renew"
SCALE = 0.8
"""Pixels per point: small text is gray but has its shape."""
LEVELS = 17
"""Grays are stored in steps of this many of 255."""
FAR = 60
"""Grays that differ by more are different; less is how edges are smoothed."""
FEW = 25
"""So many pixels of a page may be different; another letter makes about forty."""
SHOWN = 40


def same_text(name, text):
    """Compare a text with its golden file, or renew that."""
    path = FOLDER / "texts" / name
    if RENEW:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    wanted = golden_text(name)
    if text != wanted:
        lines = difflib.unified_diff(wanted.splitlines(), text.splitlines(), "golden", "now", lineterm="", n=1)
        told = "\n".join(line[:300] for line, _ in zip(lines, range(SHOWN), strict=False))
        raise AssertionError(f"{path.name} differs from its golden file (QUIZGEN_GOLDEN=renew renews it):\n{told}")


def golden_text(name):
    """Return a stored text."""
    return (FOLDER / "texts" / name).read_text(encoding="utf-8")


def drawn(page):
    """Render a page as the goldens are: gray, few levels."""
    gray = page.render(scale=SCALE, grayscale=True).to_numpy().squeeze()
    return (np.round(gray / LEVELS) * LEVELS).astype(np.uint8)


def different(one, other):
    """Count the pixels that differ; pages of another size differ everywhere."""
    if one.shape != other.shape:
        return max(one.size, other.size)
    return int((np.abs(one.astype(int) - other) > FAR).sum())


def same_pages(name, document, folder):
    """Compare every page with its golden picture; what differs is put into a folder, beside the difference."""
    pages = [drawn(page) for page in document]
    if RENEW:
        _store(name, pages)
    stored = sorted((FOLDER / "pages").glob(f"{name}-*.png"))
    found = [_page(path, page, folder) for path, page in zip(stored, pages, strict=False)]
    told = [line for line in found if line]
    if len(stored) != len(pages):
        told.append(f"{len(pages)} pages, but {len(stored)} golden pictures")
    if told:
        raise AssertionError(f"{name}: " + "; ".join(told) + f" (see {folder}; QUIZGEN_GOLDEN=renew renews them)")


def _store(name, pages):
    folder = FOLDER / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{name}-*.png"):
        old.unlink()
    for number, page in enumerate(pages, start=1):
        Image.fromarray(page).quantize(16).save(folder / f"{name}-{number}.png", optimize=True)


def _page(path, page, folder):
    """Say how a page differs from its picture, or nothing."""
    wanted = np.asarray(Image.open(path).convert("L"))
    count = different(wanted, page)
    if count <= FEW:
        return ""
    for kind, picture in (("golden", wanted), ("now", page), ("difference", _difference(wanted, page))):
        Image.fromarray(picture).save(folder / f"{path.stem}-{kind}.png")
    return f"page {path.stem.rpartition('-')[2]} differs in {count} pixels"


def _difference(one, other):
    """Return white where two pages agree, and what is on only one of them dark."""
    height, width = (max(sizes) for sizes in zip(one.shape, other.shape, strict=True))
    sheets = [np.pad(p, [(0, height - p.shape[0]), (0, width - p.shape[1])], constant_values=255) for p in (one, other)]
    return (255 - np.abs(sheets[0].astype(int) - sheets[1])).astype(np.uint8)
