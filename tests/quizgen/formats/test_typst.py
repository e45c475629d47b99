"""Words and formulas in Typst: every formula of the golden set is set, and no text becomes markup."""

from pathlib import Path

import pytest

from quizgen.errors import InstructorError, OperatorError
from quizgen.formats.typst.compiler import to_pdf
from quizgen.formats.typst.document import inline_typst, to_typst
from quizgen.formats.typst.formula import formula
from quizgen.formats.typst.text import literal, shown
from quizgen.wording import parse

FORMULAS = (Path(__file__).parents[1] / "wording" / "formulas.txt").read_text(encoding="utf-8").splitlines()
HEAD = '#import "sheet.typ": *\n#show: sheet.with(title: "T", language: "LANGUAGE")\n= T\n== U\n'


def compiled(body, language="en"):
    return to_pdf(HEAD.replace("LANGUAGE", language) + body)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("display", [True, False])
def test_the_golden_formulas_are_set(language, display):
    assert len(FORMULAS) >= 60
    assert compiled("\n\n".join(formula(f, display=display) for f in FORMULAS), language)[:5] == b"%PDF-"


@pytest.mark.parametrize(
    ("latex", "wanted"),
    [
        ("x_i^2", "attach(x, b: i, t: 2)"),
        (r"\frac{1}{2}", "frac(1, 2)"),
        (r"f'(x)", r"attach(f, tr: primes(#1))\(x\)"),
        (r"\mathbf{w}", "𝐰"),
        (r"\max_k z_k", r'attach(limits(op("max")), b: k)attach(z, b: k)'),
        (r"\text{a < b}", '"a\u00a0<\u00a0b"'),
        (r"\left\lvert x \right\rvert", r"lr(\|x\|)"),
        ("-0.5 - 1", r"\−0.5\−1"),
        (r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}", r"lr(\[display(mat(1, 2; 3, 4))\])"),
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", r"a & \=b \  & \=c"),
        (r"\hat x", 'accent(x, "\u0302")'),
        (r"\overline{a}", "overline(a)"),
        (r"\underbrace{x}_{n}", "attach(limits(underbrace(x)), b: n)"),
        (r"\binom{n}{k}", r"lr(\(mat(n; k)\))"),
        ("a, b", r"a\,b"),
    ],
)
def test_a_formula_is_written_with_characters(latex, wanted):
    assert f", $ {wanted} $);" in formula(latex, display=True)


def test_a_table_with_rules_has_them_where_latex_puts_them():
    written = formula(r"\begin{array}{|c|c} \hline 1 & 2 \\ 3 & 4 \end{array}", display=True)
    assert "ruled-cell((left: rule, right: rule, top: rule, ), $1$)" in written
    assert "ruled-cell((top: rule, ), $2$)" in written
    assert "ruled-cell((:), $4$)" in written


def test_a_formula_too_wide_for_a_line_stands_on_its_own_and_is_made_smaller():
    row = r"\begin{bmatrix} " + " & ".join(["-1.25"] * 12) + r" \end{bmatrix}"
    assert formula(row, display=False).startswith("#formula-block(")
    assert formula("a + b + " * 12 + "c", display=False).startswith("#formula(")


def test_a_formula_carries_its_latex_for_those_who_listen():
    assert formula(r"\alpha", display=False).startswith(r'#formula("\\alpha", ')


@pytest.mark.parametrize("text", ['"', "\\", '#panic("x")', "$x$", "*b* _i_ `c` <l> @r // x /* y */ [z]", "a\n\tb\x07"])
def test_text_is_never_markup(text):
    assert compiled(shown(text))
    assert compiled(f"#raw({literal(text)})")


def test_every_kind_of_markdown_is_set():
    text = (
        "## Head\n\nA **bold** and *soft* word, `code`, [link](https://example.org), $x$ and  \n$$y$$\n\n"
        "- one\n- two\n  - three\n\n3. c\n4. d\n\n> said\n\n```python\nx = 1\n```\n\n---\n\n"
        "| a | b |\n|---|--:|\n| 1 | $2$ |\n| 3 | 4 |\n\n$$\nz\n$$\n"
    )
    assert compiled(to_typst(parse(text)))
    assert compiled(to_typst(parse("**注意** 结果 *强调*")), "zh")


def test_a_single_paragraph_stands_inside_a_line():
    assert inline_typst(parse("a $x$")) == '#"a ";#formula("x", $ x $);'


def test_a_missing_glyph_is_an_error_that_names_the_character():
    with pytest.raises(InstructorError, match=r"no font has the character '\U0001f600' \(U\+1F600\)"):
        compiled(shown("a\U0001f600b"))


def test_what_typst_refuses_is_ours():
    with pytest.raises(OperatorError, match="unknown variable: nothing"):
        compiled("#nothing")


def test_what_typst_warns_of_is_an_error():
    with pytest.raises(OperatorError, match="unknown font family"):
        compiled('#text(font: "No Such Face")[x]')
