import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.marking.reading import read

FINITE = st.floats(-1e6, 1e6).map(lambda x: round(x, 6))


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1/3", 1 / 3),
        ("-1 / 4", -0.25),
        ("2e-3", 0.002),
        ("2E+3", 2000.0),
        ("−0.25", -0.25),
        ("- 0.5", -0.5),
        ("+.5", 0.5),
        ("0.5*0.2", 0.1),
        ("0.5 × 0.2", 0.1),
        ("2×10^-3", 0.002),
        ("2 * 10^(-3)", 0.002),
        ("10^3", 1000.0),
        ("4.27e-5", 4.27e-5),
        ("4.27 x 10^-5", 4.27e-5),
        ("4.27X10^(−5)", 4.27e-5),
        ("4.27*10^-5", 4.27e-5),
        ("4.27*10**-5", 4.27e-5),
        ("4.27 × 10^{-5}", 4.27e-5),
        ("4.27  ×  10 ^  - 5", 4.27e-5),
        ("4.27 × 10⁻⁵", 4.27e-5),
        ("-4.27·10⁺¹²", -4.27e12),
        ("10⁵", 1e5),
        ("2³", 8.0),
        ("４．２７×１０＾－５", 4.27e-5),
        ("４．２７ｅ－５", 4.27e-5),
        ("４．２７ｘ１０⁻⁵", 4.27e-5),
        ("4,27 × 10⁻⁵", 4.27e-5),
        ("4,27e-5", 4.27e-5),
        ("１２．５", 12.5),
        ("0,25", 0.25),
        (",5", 0.5),
        ("-1,5", -1.5),
        ("12,50", 12.5),
        ("50%", 0.5),
        ("[0.5]", 0.5),
        (3, 3.0),
        (0.125, 0.125),
    ],
)
def test_one_number(raw, value):
    array = read(raw).array
    assert array is not None
    assert array.ravel() == pytest.approx([value])


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("0.1, -0.2", [0.1, -0.2]),
        ("0.1 -0.2 3", [0.1, -0.2, 3]),
        ("4.27 × 10⁻⁵, 1.2 × 10²", [4.27e-5, 120]),
        ("4.27 x 10^-5 1.2 x 10^2", [4.27e-5, 120]),
        ("[4.27e-5; 1.2 × 10^(2)]", [[4.27e-5], [120]]),
        ("(0.5, 1)", [0.5, 1]),
        ("0,5; 0,25", [0.5, 0.25]),
        (["1/2", "-3"], [0.5, -3]),
        ("1 2; 3 4", [[1, 2], [3, 4]]),
        ("1, 2\n3, 4", [[1, 2], [3, 4]]),
        ("[[1. 2.]\n [3. 4.]]", [[1, 2], [3, 4]]),
        ("[[0,0],[1,0]]", [[0, 0], [1, 0]]),
        ("[1 2; 3 4]", [[1, 2], [3, 4]]),
        ("array([[1., 2.],\n       [3., 4.]])", [[1, 2], [3, 4]]),
        ("np.array([1, 2], dtype=float32)", [1, 2]),
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
        ("【1，2】", [1, 2]),
    ],
)
def test_several_numbers(raw, value):
    array = read(raw).array
    assert array is not None
    assert array.tolist() == value


@pytest.mark.parametrize(
    ("raw", "phrase"),
    [
        ("abc", "not-a-number"),
        ("x = 0.3", "not-a-number"),
        ("--3", "not-a-number"),
        ("nan", "not-a-number"),
        ("inf", "not-a-number"),
        (True, "not-a-number"),
        (float("nan"), "not-finite"),
        (float("inf"), "not-finite"),
        ("1e400", "not-finite"),
        ("10⁹⁹⁹", "not-finite"),
        ("2^3)", "brackets"),
        ("2^(3", "not-a-number"),
        ("5×10⁻", "not-a-number"),
        ("x10^3", "not-a-number"),
        ("1/0", "divides-by-zero"),
        ("1,234", "ambiguous-comma"),
        ("0,5 0,25", "ambiguous-comma"),
        ("[1, 2,, 3]", "empty-cell"),
        ("[[1, 2], [3]]", "ragged"),
        ("1 2; 3", "ragged"),
        ("[1, 2", "brackets"),
        ("1, 2]", "brackets"),
        ("9" * 30_000, "too-long"),
        ("10^999", "not-finite"),
    ],
)
def test_what_cannot_be_read_says_why(raw, phrase):
    reading = read(raw)
    assert reading.array is None
    assert reading.reason is not None
    assert reading.reason.phrase == phrase


@pytest.mark.parametrize("raw", ["", "  ", None, [], ["", ""], [["", None]], "[]", "　"])
def test_blank_is_neither_read_nor_unreadable(raw):
    assert read(raw).blank


def test_a_blank_cell_is_kept_as_a_hole():
    array = read([["", 1], [2, 3]]).array
    assert array is not None
    assert np.isnan(array[0, 0])
    assert array[1, 1] == 3


@given(FINITE)
def test_every_printed_float_is_read_back(value):
    array = read(repr(value)).array
    assert array is not None
    assert float(array.ravel()[0]) == value


@given(st.lists(st.lists(FINITE, min_size=3, max_size=3), min_size=2, max_size=4))
def test_what_numpy_prints_is_read_back(rows):
    printed = np.array2string(np.array(rows), floatmode="unique", max_line_width=200)
    array = read(printed).array
    assert array is not None
    assert array.tolist() == rows


@given(st.text(max_size=60))
def test_no_text_raises(text):
    reading = read(text)
    assert (reading.array is None) or np.all(np.isfinite(reading.array))


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8), st.lists))
def test_no_value_raises(value):
    read(value)


@pytest.mark.parametrize("raw", ["5%%", "5" + "%" * 15_000, "%"])
def test_one_percent_sign_is_all_that_a_number_has(raw):
    reading = read(raw)
    assert reading.reason is not None
    assert reading.reason.phrase == "not-a-number"


@pytest.mark.parametrize(("raw", "blank"), [("3", False), ("0", False), ("much", False), ("", True), ([" ", ""], True)])
def test_only_nothing_is_blank(raw, blank):
    assert read(raw).blank is blank


def test_what_a_message_quotes_is_short():
    reading = read("x" * 61)
    assert reading.raw == reading.reason.values["text"] == "x" * 57 + "..."
    assert read("x" * 60).raw == "x" * 60
