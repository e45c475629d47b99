"""Documents in a terminal: wrapped, hanging, with formulas on the line of text they belong to."""

import re

import pytest
from wcwidth import wcswidth

from quizgen.bank import installed
from quizgen.formats.markdown import MARKDOWN
from quizgen.formats.plaintext import block_text
from quizgen.formats.sheet import item_sheet
from quizgen.model import Ask, Item
from quizgen.solution import solution_values
from quizgen.wording import parse, render


def written(text, width=40):
    return block_text(parse(text), width)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("one two three", "one two\nthree"),
        ("one *two* **three**", "one *two*\n*three*"),
        ("a\n\nb", "a\n\nb"),
        ("# Head\n\ntext", "Head\n\ntext"),
        ("- one two three four five\n- six", "- one two three\n  four five\n- six"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("```\nx = 1\n  y\n```", "    x = 1\n      y"),
        ("| a | b |\n|---|---|\n| 1 | 学 |", "a  b\n─────\n1  学"),
        (r"a $\frac{b}{c}$ d", "  b\na ─ d\n  c"),
        (r"- $\frac{b}{c}$ d", "  b\n- ─ d\n  c"),
        (r"is $x$, and", "is x, and"),
        ("$$x$$", "    x"),
    ],
)
def test_layout(text, wanted):
    assert written(text, 9) == wanted


def test_chinese_breaks_anywhere_but_at_punctuation():
    text = "窗口一个挨着一个，特征图被分成四块。（每块只取最大的数）"
    for width in range(16, 40):
        lines = written(text, width).split("\n")
        assert "".join(lines) == text
        assert max(wcswidth(line) for line in lines) <= width
        assert not any(line[0] in "，。）" or line[-1] == "（" for line in lines)


def test_a_display_too_wide_is_divided():
    latex = r"\begin{bmatrix} 1.25 & 2.25 & 3.25 & 4.25 \\ 5.25 & 6.25 & 7.25 & 8.25 \end{bmatrix} x"
    assert written(f"$${latex}$$", 60).startswith("    ⎡1.25")
    assert written(f"$${latex}$$", 24) == "    [1.25, 2.25, 3.25,\n    4.25; 5.25, 6.25,\n    7.25, 8.25]x"


def test_no_words_of_the_bank_are_shown_as_latex_or_wider_than_asked():
    for question in list(installed())[::3]:
        variant, key = question.draw(1)
        item = Item(number=1, points=1.0, ask=Ask.STEPS, variant=variant)
        for language, width in (("en", 90), ("zh", 60)):
            sheet = item_sheet(item, question.record(), language, MARKDOWN)
            solution = render(question.words[language].sections["solution"], solution_values(variant, key))
            for text in (sheet.stem, *(c.text for c in sheet.choices), solution):
                shown = re.sub(r"(?m)`[^`]*`|^ {4,}.*$", "", written(text, width))
                assert not re.search(r"\$|\\[a-z]|<<|>>", shown), (question.id, shown)
                assert max(wcswidth(line) for line in shown.split("\n")) <= width, (question.id, shown)
