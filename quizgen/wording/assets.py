"""What every page carries inside itself: the math font and the style sheet."""

from base64 import b64encode
from functools import cache
from importlib.resources import files

FONT = "latinmodern-math.woff2"
FAMILY = "Latin Modern Math"


def math_font() -> bytes:
    """Return the math font: without one, brackets, bars and roots do not stretch."""
    return files(__package__).joinpath("assets", FONT).read_bytes()


@cache
def math_font_css() -> str:
    """Return style rules that hold the math font whole, so that a page needs no other file."""
    data = b64encode(math_font()).decode("ascii")
    return (
        f'@font-face {{ font-family: "{FAMILY}"; src: url("data:font/woff2;base64,{data}") format("woff2"); }}\n'
        f'math {{ font-family: "{FAMILY}", math, var(--serif, serif); }}\n'  # the last for Chinese inside \\text
    )


@cache
def sheet_css() -> str:
    """Return the style sheet of papers, answer books, feedback and reports; its head lists the classes."""
    return files(__package__).joinpath("assets", "sheet.css").read_text(encoding="utf-8")
