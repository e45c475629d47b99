import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from quizgen.wording import format_number, format_value, latex_number, mathml
from quizgen.wording.numbers import fixed, plain, significant, times10

finite = st.floats(allow_nan=False, allow_infinity=False)
usual = st.floats(min_value=-1e9, max_value=1e9)


def from_latex(text: str) -> float:
    text = text.replace(r" \times 10^{", "e")
    if "10^{" in text:
        text = text.replace("10^{", "1e")
    return float(text.rstrip("}"))


@given(finite)
def test_plain_numbers_read_back_to_ten_significant_digits(x):
    assert float(format_number(x)) == float(f"{x:.10g}")


@given(finite)
def test_latex_numbers_read_back_to_ten_significant_digits(x):
    assert from_latex(latex_number(x)) == float(f"{x:.10g}")


@given(st.integers(min_value=-(10**9), max_value=10**9), st.integers(min_value=0, max_value=3))
def test_numbers_with_few_decimals_are_printed_exactly(n, places):
    x = n / 10**places
    assert float(format_number(x)) == round(x, 10)


@given(st.integers())
def test_integers_are_printed_whole(n):
    assert format_number(n) == str(n)


@given(finite)
def test_minus_zero_is_never_printed(x):
    for text in (format_number(x), fixed(x, 3), format_value(x, significant=3)):
        assert not (text.startswith("-") and float(text) == 0)


@given(usual, st.integers(min_value=0, max_value=8))
def test_fixed_has_its_decimals_and_is_nearest(x, decimals):
    text = fixed(x, decimals)
    assert len(text.partition(".")[2]) == decimals
    assert abs(float(text) - x) <= 0.5 * 10**-decimals * (1 + 1e-4) + abs(x) * 1e-13


@given(usual.filter(bool), st.integers(min_value=1, max_value=8))
def test_significant_digits_are_nearest(x, digits):
    found = float(format_value(x, significant=digits))
    assert abs(found - x) <= 0.5000001 * 10 ** (math.floor(math.log10(abs(x))) - digits + 1) + abs(x) * 1e-13


@given(finite, st.integers(min_value=0, max_value=6))
def test_mantissas_lie_between_one_and_ten(x, decimals):
    text = times10(x, decimals).partition(r" \times")[0]
    if not text.startswith(("10^", "-10^")):
        assert 1 <= abs(float(text)) < 10 or float(text) == 0
    assert mathml(times10(x, decimals), display=False)


@given(arrays(np.float64, array_shapes(min_dims=0, max_dims=4, max_side=3), elements=st.integers(-999, 999)))
def test_fixed_and_plain_keep_every_rank(x):
    assert np.array_equal(np.array(fixed(x, 2), dtype=float), x)
    assert plain(x).count("[") == plain(x).count("]")


@pytest.mark.parametrize(
    ("value", "decimals", "wanted"),
    [
        (0.0625, 3, "0.063"),
        (-0.0625, 3, "-0.063"),
        (2.675, 2, "2.68"),
        (1.0004999999999999, 3, "1.001"),
        (-0.0004, 3, "0.000"),
        (-0.0004, 0, "0"),
        (1e30, 1, "1" + "0" * 30 + ".0"),
        (5, 1, "5.0"),
        (math.inf, 2, "inf"),
        ("?", 2, "?"),
    ],
)
def test_halves_round_up_as_people_do(value, decimals, wanted):
    assert fixed(value, decimals) == wanted


@pytest.mark.parametrize(
    ("value", "digits", "wanted"),
    [
        (0.5, 3, "0.500"),
        (999.96, 3, "1000"),
        (12345, 3, "12300"),
        (0.00099996, 3, r"1.00 \times 10^{-3}"),
        (-math.inf, 3, r"-\infty"),
        (0, 3, "0.00"),
    ],
)
def test_significant(value, digits, wanted):
    assert significant(value, digits) == wanted


@pytest.mark.parametrize(
    ("rounding", "wanted"),
    [
        ({}, "[0.25, -1]"),
        ({"decimals": 3}, "[0.250, -1.000]"),
        ({"significant": 2}, "[0.25, -1.0]"),
        ({"decimals": None, "significant": None}, "[0.25, -1]"),
    ],
)
def test_format_value(rounding, wanted):
    assert format_value([0.25, -1], **rounding) == wanted


@pytest.mark.parametrize("show", [format_number, latex_number, lambda x: fixed(x, 2), times10])
def test_nan_is_not_printed(show):
    with pytest.raises(ValueError, match="not a number"):
        show(math.nan)


def test_infinity_has_a_sign_of_its_own():
    assert (format_number(-math.inf), latex_number(-math.inf)) == ("-inf", r"-\infty")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (0.001, "0.001"),
        (0.000999, "9.99e-4"),
        (-0.001, "-0.001"),
        (9999999999.0, "9999999999"),
        (1e10, "1e10"),
        (-0.0, "0"),
    ],
)
def test_powers_of_ten_begin_where_plain_digits_get_hard_to_read(value, plain):
    assert format_number(value) == plain
