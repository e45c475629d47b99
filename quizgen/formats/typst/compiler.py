"""Typst markup as PDF: the only module that knows the typst package, which is young and therefore pinned."""

import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import typst

from quizgen.errors import InstructorError, OperatorError
from quizgen.wording.assets import FONTS

ROOT = Path(str(files(__package__)))
"""Where `sheet.typ` lies, which sources import."""
STANDARD: Literal["ua-1"] = "ua-1"
"""PDF/UA-1: tagged, every formula and picture with words, no character without a glyph."""
RARE = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Serif CJK SC")
"""Fonts of the system that hold the characters of rare names."""
MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')


def to_pdf(source: str) -> bytes:
    """Make a tagged PDF, the same bytes each time; what Typst only warns of is an error here."""
    try:
        return _compiled(_compiler(), source)
    except typst.TypstError as error:
        if not MISSING.search(error.message):
            raise _fault(error.message) from error
    try:
        return _compiled(_compiler_for_rare_characters(), source)
    except typst.TypstError as error:
        raise _unprintable(error.message) from error


def _compiled(compiler: typst.Compiler, source: str) -> bytes:
    pdf, warnings = compiler.compile_with_warnings(source.encode(), format="pdf", timestamp=0, pdf_standards=[STANDARD])
    if warnings:
        raise _fault(str(warnings[0].message))
    if not isinstance(pdf, bytes):
        raise _fault("no PDF came back")
    return pdf


@cache
def _compiler() -> typst.Compiler:
    """Return the one compiler, which sees our own fonts only."""
    return typst.Compiler(root=str(ROOT), font_paths=[str(FONTS)], ignore_system_fonts=True)


@cache
def _compiler_for_rare_characters() -> typst.Compiler:
    """Return a compiler that also sees a large Chinese font, where the system has one."""
    known = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False).fonts()
    places = {font.family: str(Path(font.path).parent) for font in known if font.path and font.family in RARE}
    family = next((name for name in RARE if name in places), "")
    paths = [str(FONTS), places[family]] if family else [str(FONTS)]
    return typst.Compiler(root=str(ROOT), font_paths=paths, ignore_system_fonts=True, sys_inputs={"rare": family})


def _fault(message: str) -> OperatorError:
    return OperatorError(f"Typst could not make the PDF: {message}")


def _unprintable(message: str) -> Exception:
    found = MISSING.search(message)
    if not found:
        return _fault(message)
    character = found[1]
    return InstructorError(
        f"no font has the character {character!r} (U+{ord(character[0]):04X}); "
        f"for rare Chinese characters, install the system's package fonts-noto-cjk"
    )
