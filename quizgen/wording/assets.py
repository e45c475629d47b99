"""What every page carries inside itself: the math font and the style sheet."""

from base64 import b64encode
from functools import cache
from importlib.resources import files
from pathlib import Path

FONT = "latinmodern-math.woff2"
FONTS = Path(str(files(__package__).joinpath("assets", "fonts")))
"""Where the font of printed Chinese lies: Noto Sans SC, cut down to GB 2312 as `docs/fonts.md` says."""
FONT_RULES = """\
@font-face { font-family: "Latin Modern Math"; src: url("data:font/woff2;base64,DATA") format("woff2"); }
math { font-family: "Latin Modern Math", math, var(--serif, serif); }
mo.line { font-size: 0; }
mover:has(> mo.line) > :first-child { border-top: 0.05em solid; padding-top: 0.12em; }
munder:has(> mo.line) > :first-child { border-bottom: 0.05em solid; padding-bottom: 0.12em; }
mo.vector { font-size: 65%; }
"""


def math_font() -> bytes:
    """Return the math font: without one, brackets, bars and roots do not stretch."""
    return files(__package__).joinpath("assets", FONT).read_bytes()


@cache
def math_font_css() -> str:
    """Return style rules that hold the math font whole, so that a page needs no other file."""
    data = b64encode(math_font()).decode("ascii")
    return FONT_RULES.replace("DATA", data)


@cache
def sheet_css() -> str:
    """Return the style sheet of papers, answer books, feedback and reports; its head lists the classes."""
    return files(__package__).joinpath("assets", "sheet.css").read_text(encoding="utf-8")
