"""Formulas as text: what a reader of a terminal sees, in two dimensions and on one line."""

import unicodedata
from pathlib import Path

import pytest
from rich.cells import cell_len

from quizgen.formats.mathtext import formula

FORMULAS = (Path(__file__).parents[1] / "wording" / "formulas.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
ROOMY, NONE = 200, -1


def laid(latex, width=ROOMY):
    return [row.rstrip() for row in formula(latex, display=True, width=width).rows]


@pytest.mark.parametrize("latex", FORMULAS)
def test_every_formula_lays_out(latex):
    whole, line = formula(latex, display=True, width=ROOMY), formula(latex, display=True, width=NONE)
    for found in (whole, line):
        assert {cell_len(row) for row in found.rows} == {found.width}
        text = "".join(found.rows)
        assert text.strip()
        assert not [c for c in text if c in "\\$" or unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn"}]
    assert line.height == 1
    assert 0 <= whole.base < whole.height


@pytest.mark.parametrize("latex", FORMULAS)
def test_both_forms_show_the_same_letters_and_digits(latex):
    def letters(width):
        plain = unicodedata.normalize("NFKD", "".join(formula(latex, display=True, width=width).rows))
        return sorted(c for c in plain if c.isalnum())

    assert letters(ROOMY) == letters(NONE)


@pytest.mark.parametrize(
    ("latex", "wanted"),
    [
        (r"\frac{a+b}{c}", ["a + b", "─────", "  c"]),
        (r"y = \frac{1}{1 + e^{-x}}", ["       1", "y = ───────", "    1 + e⁻ˣ"]),
        (
            r"\frac{\frac{a}{b}}{c}",
            [" a", " ─", " b", "───", " c"],
        ),
        (r"\sqrt{a + b}", [" ┌─────", "√│a + b"]),
        (r"\sum_{i=1}^{N} x_i", [" N", " ∑  xᵢ", "i=1"]),
        (r"\begin{bmatrix} 1 & -0.5 \\ 10 & 2 \end{bmatrix}", ["⎡ 1  −0.5⎤", "⎣10     2⎦"]),
        (r"\begin{bmatrix} 1 \\ 2 \\ 3 \end{bmatrix}^\top", ["⎡1⎤ᵀ", "⎢2⎥", "⎣3⎦"]),
        (
            r"f = \begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
            ["f = ⎧x  if x > 0", "    ⎩0  otherwise"],
        ),
        (r"\left( \frac{a}{b} \right)^2", ["⎛a⎞²", "⎜─⎟", "⎝b⎠"]),
        (r"\begin{cases} a \\ b \\ c \end{cases}", ["⎧a", "⎨b", "⎩c"]),
        (r"x^{a+w_B}", [" a+w", "    B", "x"]),
        (r"\sigma_B^2", [" 2", "σ", " B"]),
        (r"\text{学习率} = \frac{1}{2}", ["         1", "学习率 = ─", "         2"]),
        (r"\begin{array}{|c|} \hline 学 \\ \hline \end{array}", ["┌────┐", "│ 学 │", "└────┘"]),
        (r"\begin{array}{c|c} a & b \\ \hline c & d \end{array}", ["a │ b", "──┼──", "c │ d"]),
        (r"\begin{aligned} a &= b \\ &= -c \end{aligned}", ["a = b", "  = −c"]),
        (r"\underbrace{a + b}_{n}", ["a + b", "└─┬─┘", "  n"]),
        (r"\sqrt[3]{\frac{a}{b}}", ["  ┌─", "  │a", "  │─", "³√│b"]),
        (r"a - b, -c", ["a − b, −c"]),
        (r"\hat{y} = w^\top x + 10^{-4}", ["ŷ = wᵀx + 10⁻⁴"]),
    ],
)
def test_two_dimensions(latex, wanted):
    assert laid(latex) == wanted


@pytest.mark.parametrize(
    ("latex", "wanted"),
    [
        (r"\frac{a+b}{c}", "(a + b)/c"),
        (r"\frac{a}{2} w", "(a/2) w"),
        (r"2 \frac{a}{b}", "2 (a/b)"),
        (r"\frac{a}{b} + \frac{c}{d}", "a/b + c/d"),
        (r"\frac{a}{\frac{b}{c}}", "a/(b/c)"),
        (r"\sqrt{a + b}", "√(a + b)"),
        (r"\sqrt{x} y", "√xy"),
        (r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}", "[1, 2; 3, 4]"),
        (r"\begin{matrix} 1 & 2 \end{matrix}", "[1, 2]"),
        (r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{else} \end{cases}", "{x, if x > 0; 0, else}"),
        (r"\sum_{i=1}^{N} x_B", "∑_(i=1)^N x_B"),
        (r"\nabla_w L", "∇_w L"),
        (r"x^{m \times n}", "x^(m×n)"),
        (r"X^{(q)}", "X^(q)"),
        (r"\binom{n}{k}", "(n; k)"),
        (r"(a+b)^{q}", "(a + b)^q"),
    ],
)
def test_one_line(latex, wanted):
    assert laid(latex, NONE) == [wanted]


def test_the_width_decides():
    assert len(laid(r"\frac{aaaa}{b}", 4)) == 3
    assert len(laid(r"\frac{aaaa}{b}", 3)) == 1
