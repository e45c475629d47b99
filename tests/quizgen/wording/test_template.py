import numpy as np
import pytest

from quizgen.wording import WordsError, mathml, render

LATEX_LEFT_ALONE = [
    r"\text{#1}",
    r"x^{%}",
    r"\mathbf{{x}}",
    r"\frac{{{a}}}{b}",
    r"\frac{1}{{2}} {% not a block %} {# nor a comment #} {{ nor a value }}",
    r"a < b > c, a \ll b",
    "# {x}\n## y",
]


@pytest.mark.parametrize("text", LATEX_LEFT_ALONE)
def test_latex_keeps_its_braces(text):
    assert render(text, {}) == text


def test_values_stand_beside_braces():
    assert render(r"\frac{<< a >>}{{<< a >>}}", {"a": 3}) == r"\frac{3}{{3}}"


def test_text_after_a_hash_survives():
    assert render(r"$\text{\#1}$ and << a >> remain", {"a": 1}) == r"$\text{\#1}$ and 1 remain"


def test_blocks_leave_no_empty_lines():
    text = "| a |\n|---|\n<% for x in xs %>\n| << x >> |\n<% endfor %>\nend"
    assert render(text, {"xs": [1, 2]}) == "| a |\n|---|\n| 1 |\n| 2 |\nend"


def test_nothing_is_escaped_here():
    assert render("<< a >>", {"a": "<b> & 'c'"}) == "<b> & 'c'"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ok\n\n<< eta >>", "line 3: 'eta' is undefined; known names: alpha, w"),
        ("<< eta | num >>", "line 1: 'eta' is undefined; known names: alpha, w"),
        ("<< eta | fixed(3) | vec >>", "line 1: 'eta' is undefined"),
        ("<< w.eta >>", "line 1: 'list object' has no attribute 'eta'"),
        ("a << b", "line 1: the template cannot be read"),
        ("1\n<% if %>", "line 2: the template cannot be read"),
        ("1\n<< w | num >>", "line 2: the template fails: a number is wanted here, not [1, -0.5]"),
        ("<< alpha | vec >>", "line 1: the template fails: a vector is wanted here, not rank 0"),
        ("<< w | mat >>", "line 1: the template fails: a matrix or a list of matrices"),
        ("<< [[1], [1, 2]] | mat >>", "line 1: the template fails: the rows of a matrix have different lengths"),
        ("<< [] | vec >>", "line 1: the template fails: an empty list"),
        ("<< true | num >>", "line 1: the template fails: a number is wanted here, not True"),
        ("<< w[7] >>", "line 1: list object has no element 7"),
        ("<< alpha / (alpha - alpha) >>", "line 1: the template fails: float division by zero"),
        ("<< w.__class__.__mro__ >>", "line 1: the template fails: access to attribute '__class__'"),
        ("<< w.append(1) >>", "line 1: the template fails"),
        ("<< 2 * alpha | num >>", "line 1: the template fails: * has a text beside it; write (a * b) | filter"),
        ("<< alpha | num + alpha | num >>", "line 1: the template fails: + has a text beside it"),
        ("<< alpha | nonsense >>", "line 1: the template cannot be read: No filter named 'nonsense'"),
    ],
)
def test_errors_name_line_and_cause(text, message):
    with pytest.raises(WordsError) as caught:
        render(text, {"w": [1, -0.5], "alpha": 0.2})
    assert str(caught.value).startswith(message)


VALUES = {
    "x": 0.1 + 0.2,
    "minus": -0.5,
    "zero": -0.0,
    "tiny": 0.00012,
    "w": (0.1, -0.25),
    "A": [[1, -2], [0.5, 3]],
    "T": np.arange(8.0).reshape(2, 2, 2),
    "v": np.array([0.0, -1e-9, 0.30000000000000004]),
    "s": np.float64(2.5),
    "n": np.int64(7),
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<< x | num >>", "0.3"),
        ("<< zero | num >>", "0"),
        ("<< s | num >> << n | num >>", "2.5 7"),
        ("<< tiny | num >>", r"1.2 \times 10^{-4}"),
        ("<< 0.00001 | num >>", "10^{-5}"),
        ("<< (-1000 * 1e9) | num >>", "-10^{12}"),
        ("a << x | signed >> << minus | signed >> << zero | signed >>", "a + 0.3 - 0.5 + 0"),
        ("<< x | paren >> << minus | paren >>", "0.3 (-0.5)"),
        ("<< minus | fixed(2) | signed >> << minus | fixed(2) | paren >>", "- 0.50 (-0.50)"),
        ("<< x | fixed(3) >>", "0.300"),
        ("<< w | plain >> << A | plain >>", "[0.1, -0.25] [[1, -2], [0.5, 3]]"),
        ("<< v | plain >>", "[0, -1e-9, 0.3]"),
        ("<< v | fixed(1) | plain >>", "[0.0, 0.0, 0.3]"),
        ("<< w | vec >>", r"\begin{bmatrix} 0.1 \\ -0.25 \end{bmatrix}"),
        ("<< w | row >>", r"\begin{bmatrix} 0.1 & -0.25 \end{bmatrix}"),
        ("<< w | fixed(2) | vec >>", r"\begin{bmatrix} 0.10 \\ -0.25 \end{bmatrix}"),
        ("<< A | mat >>", r"\begin{bmatrix} 1 & -2 \\ 0.5 & 3 \end{bmatrix}"),
        ("<< A | fixed(1) | mat >>", r"\begin{bmatrix} 1.0 & -2.0 \\ 0.5 & 3.0 \end{bmatrix}"),
        (
            "<< T | mat >>",
            r"\begin{bmatrix} 0 & 1 \\ 2 & 3 \end{bmatrix},\quad \begin{bmatrix} 4 & 5 \\ 6 & 7 \end{bmatrix}",
        ),
        ("<< A | grid >>", r"\begin{array}{|c|c|} \hline 1 & -2 \\ \hline 0.5 & 3 \\ \hline \end{array}"),
        ("<< tiny | times10 >> << 250 | times10(2) >>", r"1.2 \times 10^{-4} 2.50 \times 10^{2}"),
        ("<< 0.5 | significant(3) >> << tiny | significant(3) >>", r"0.500 1.20 \times 10^{-4}"),
        ('<< [["?", 1]] | mat >>', r"\begin{bmatrix} ? & 1 \end{bmatrix}"),
    ],
)
def test_filters(text, wanted):
    found = render(text, VALUES)
    assert found == wanted
    assert mathml(found, display=True)
