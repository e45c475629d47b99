import io
from importlib.resources import files
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from quizgen.wording import LatexError, WordsError, mathml
from quizgen.wording.assets import math_font

FORMULAS = Path(__file__).with_name("formulas.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("display", [False, True])
@pytest.mark.parametrize("latex", FORMULAS)
def test_every_formula_is_set_as_well_formed_xml(latex, display):
    root = etree.fromstring(mathml(latex, display=display))
    assert root.tag == "math"
    assert root.get("alttext") == latex
    assert root.get("display") == ("block" if display else None)
    assert len(root) > 0


def test_there_are_enough_formulas():
    assert len(set(FORMULAS)) >= 60


def test_the_font_has_every_character_that_the_formulas_print():
    printed = "".join("".join(etree.fromstring(mathml(f, display=True)).itertext()) for f in FORMULAS)
    held = TTFont(io.BytesIO(math_font())).getBestCmap()
    assert {c for c in printed if ord(c) not in held} <= set("学习率\ufe00")


@pytest.mark.parametrize(
    "point", [0x221A, 0x23B7, *range(0x239B, 0x23AE), *range(0x23B2, 0x23B6), *range(0x23DC, 0x23E2)]
)
def test_the_font_keeps_roots_and_pieces_of_brackets(point):
    assert point in TTFont(io.BytesIO(math_font())).getBestCmap()


def test_the_font_keeps_its_math_table_and_its_script_forms():
    font = TTFont(io.BytesIO(math_font()))
    stretched = font["MATH"].table.MathVariants
    upright = {name for name in ("parenleft", "bracketleft", "radical") if name in stretched.VertGlyphCoverage.glyphs}
    assert upright == {"parenleft", "bracketleft", "radical"}
    assert "ssty" in {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}


def test_the_font_is_small_and_has_its_licence_beside_it():
    assert 100 < len(math_font()) / 1024 < 200
    assert "GUST Font License" in files("quizgen.wording").joinpath("assets/GUST-FONT-LICENSE.txt").read_text()


def test_entities_of_html_become_characters():
    found = mathml(r"\sin x", display=False)
    assert "\u2061" in found
    assert "ApplyFunction" not in found
    assert "&lt;" in mathml("a < b", display=False)


def test_the_last_rule_of_an_array_closes_it_without_an_empty_row():
    found = etree.fromstring(mathml(r"\begin{array}{|c|} \hline 1 \\ \hline 2 \\ \hline \end{array}", display=True))
    table = found.find("mtable")
    assert ["".join(row.itertext()) for row in table] == ["1", "2"]
    assert "border-bottom" in table.get("style")


@pytest.mark.parametrize(
    ("latex", "position", "problem"),
    [
        (r"x + \foo", 4, 'Unknown command "\\foo".'),
        (r"\text{中文} \foo", 10, 'Unknown command "\\foo".'),
        ("a & b", 2, "table-like environment"),
        (r"\frac{1}{2", 10, ""),
        (r"\left( x", 8, ""),
        ("x = 50% of y", 6, "hides the rest of the line"),
        (r"\href{javascript:alert(1)}{x}", 0, "Unknown command"),
        (r"\def\a{\a\a}\a", 0, "Too many expansions"),
        (r"\text{#1}", 6, ""),
        ("x\x1b", 1, "a control character"),
    ],
)
def test_errors_name_source_and_position(latex, position, problem):
    with pytest.raises(LatexError) as caught:
        mathml(latex, display=False)
    assert isinstance(caught.value, WordsError)
    assert (caught.value.source, caught.value.position) == (latex, position)
    assert repr(latex) in str(caught.value)
    assert f"at character {position}" in str(caught.value)
    assert problem in str(caught.value)


def test_an_empty_formula_is_refused():
    with pytest.raises(LatexError, match="empty"):
        mathml("  ", display=False)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.text("\\{}^_&%#$ab1<>'\"中", max_size=20))
def test_whatever_is_accepted_is_xml(latex):
    try:
        found = mathml(latex, display=False)
    except LatexError:
        return
    etree.fromstring(found)
