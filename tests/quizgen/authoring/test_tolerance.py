"""Rounding as people do it, and intervals that honest rounding never leaves."""

import math
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quizgen.authoring.steps import Mistake, Program, Step
from quizgen.authoring.tolerance import radii, round_as_asked
from quizgen.model import Rounding

OPERATIONS = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / (1 + y * y),
    "largest": np.maximum,
    "relu": lambda x, y: np.maximum(x, 0) + 0 * y,
    "sigmoid": lambda x, y: 1 / (1 + np.exp(-x)) + 0 * y,
    "tanh": lambda x, y: np.tanh(x - y),
    "mean": lambda x, y: (x + y) / 2,
    "sum": lambda x, y: np.sum(x) + np.sum(y),
    "root": lambda x, y: np.sqrt(1 + x * x + y * y),
}


def half_up(value, rounding):
    """Round one number with Python's decimal, halves away from zero."""
    exact = Decimal(repr(round(float(value), 11)))
    if not exact:
        return 0.0
    places = rounding.decimals if rounding.significant is None else rounding.significant - 1 - exact.adjusted()
    return float(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def rounded(value, rounding):
    array = np.asarray(value, dtype=float)
    done = np.array([half_up(v, rounding) for v in array.ravel()]).reshape(array.shape)
    return float(done) if done.ndim == 0 else done


@given(st.integers(-(10**7), 10**7), st.integers(0, 6), st.integers(0, 5))
def test_decimals_are_rounded_as_people_do(digits, shift, places):
    value, rounding = digits / 10**shift, Rounding(decimals=places)
    assert float(round_as_asked(value, rounding)) == pytest.approx(half_up(value, rounding), rel=1e-12, abs=1e-12)


@given(st.integers(1, 10**6), st.integers(-6, 6), st.sampled_from([1, -1]), st.integers(1, 5))
def test_significant_digits_are_rounded_as_people_do(digits, exponent, sign, count):
    value = sign * float(f"{digits}e{exponent}")
    exact = Decimal(repr(value))
    unit = Decimal(1).scaleb(exact.adjusted() - count + 1)
    wanted = float(exact.quantize(unit, rounding=ROUND_HALF_UP))
    assert float(round_as_asked(value, Rounding(significant=count))) == pytest.approx(wanted, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize(
    ("value", "rounding", "wanted"),
    [
        (0.0005, Rounding(decimals=3), 0.001),
        (-0.0005, Rounding(decimals=3), -0.001),
        (2.675, Rounding(decimals=2), 2.68),
        (1.005, Rounding(decimals=2), 1.01),
        (0.5, Rounding(decimals=0), 1.0),
        (-2.5, Rounding(decimals=0), -3.0),
        (9.996, Rounding(significant=3), 10.0),
        (0.00123456, Rounding(significant=2), 0.0012),
        (0.0, Rounding(significant=3), 0.0),
    ],
)
def test_halves_go_away_from_zero(value, rounding, wanted):
    assert float(round_as_asked(value, rounding)) == wanted


def test_no_negative_zero():
    assert not np.signbit(round_as_asked(-0.0001, Rounding(decimals=3)))


GIVEN = st.integers(-40, 40).map(lambda n: n / 10)
VALUE = GIVEN | st.lists(GIVEN, min_size=2, max_size=2).map(np.array)


@st.composite
def programs(draw):
    """Make a program of two to five steps, each of two earlier values, and its givens."""
    givens = {"a": draw(VALUE), "b": draw(VALUE), "c": draw(GIVEN)}
    places = draw(st.integers(2, 4))
    program, names = Program(), list(givens)
    for number in range(draw(st.integers(2, 5))):
        inputs = tuple(draw(st.lists(st.sampled_from(names), min_size=2, max_size=2)))
        name = f"step{number}"
        function = OPERATIONS[draw(st.sampled_from(sorted(OPERATIONS)))]
        program.add_step(Step(name=name, function=function, inputs=inputs, rounding=Rounding(decimals=places)))
        names.append(name)
    return program, givens, places


def honest(program, givens):
    """Follow a student who rounds every step and goes on with the rounded numbers."""
    values = dict(givens)
    for name, step in program.steps.items():
        values[name] = rounded(step.function(*(values[i] for i in step.inputs)), step.rounding)
    return values


@settings(max_examples=300, deadline=None)
@given(programs())
def test_students_who_round_every_step_are_always_inside(made):
    program, givens, places = made
    values = program.run(givens)
    accepted = radii(program, values)
    # Beyond this the steps amplify so much that what is left out, the product of two errors, would count.
    assume(all(np.all(r <= 0.02) for r in accepted.values()))
    student = honest(program, givens)
    for name in program.steps:
        assert accepted[name].shape == np.shape(values[name])
        assert np.all(accepted[name] >= 0.5 * 10.0**-places)
        assert np.all(np.abs(student[name] - values[name]) <= accepted[name])


@given(programs())
def test_a_first_step_is_accepted_within_half_a_unit_and_little_more(made):
    program, givens, places = made
    first = next(iter(program.steps))
    half = 0.5 * 10.0**-places
    assert np.all(radii(program, program.run(givens))[first] <= 1.05 * half)


def chain(function, rounding):
    """Return a program of a first step and one that follows from it."""
    program = Program()
    program.add_step(Step(name="x", function=lambda a: a, inputs=("a",), rounding=rounding))
    program.add_step(Step(name="y", function=function, inputs=("x",), rounding=rounding))
    return program


def test_errors_grow_by_the_slope():
    program = chain(lambda x: 7 * x, Rounding(decimals=2))
    radius = float(radii(program, program.run({"a": 1 / 3}))["y"])
    assert radius == pytest.approx(7 * 0.005 + 0.005, rel=0.03)


def test_values_without_more_digits_carry_no_error():
    program = chain(lambda x: 7 * x, Rounding(decimals=2))
    radius = float(radii(program, program.run({"a": 0.25}))["y"])
    assert radius == pytest.approx(0.005, rel=0.03)


def test_cells_have_radii_of_their_own():
    program = chain(lambda x: np.array([1.0, 10.0]) * x, Rounding(decimals=2))
    small, large = radii(program, program.run({"a": 1 / 3}))["y"]
    assert small == pytest.approx(0.01, rel=0.03)
    assert large == pytest.approx(0.055, rel=0.03)


@pytest.mark.parametrize(("value", "half"), [(1234.5, 5.0), (0.0012345, 5e-6), (9.999, 0.005), (-50.0, 0.05)])
def test_significant_digits_scale_with_the_value(value, half):
    program = chain(lambda x: x, Rounding(significant=3))
    assert float(radii(program, program.run({"a": value}))["x"]) == pytest.approx(half, rel=0.03)


def test_known_steps_carry_their_own_rounding_only():
    program = chain(lambda x: 7 * x, Rounding(decimals=2))
    program.add_step(Step(name="z", function=lambda y: y, inputs=("y",), rounding=Rounding(decimals=2)))
    values = program.run({"a": 1 / 3})
    assert float(radii(program, values, known=frozenset({"y"}))["z"]) == pytest.approx(0.01, rel=0.03)
    assert float(radii(program, values)["z"]) == pytest.approx(0.045, rel=0.03)


def test_a_mistaken_way_has_its_own_reach():
    program = chain(lambda x: 7 * x, Rounding(decimals=2))
    wrong = Mistake(name="wrong", step="y", function=lambda x: 70 * x, inputs=("x",))
    program.add_mistake(wrong)
    values = program.run({"a": 1 / 3}, swaps=[wrong])
    assert float(radii(program, values, swaps=[wrong])["y"]) == pytest.approx(70 * 0.005 + 0.005, rel=0.03)


def test_a_value_at_the_edge_of_its_domain_does_no_harm():
    program = chain(np.sqrt, Rounding(decimals=1))
    reach = radii(program, program.run({"a": 0.01}))
    assert math.isfinite(float(reach["y"]))


@pytest.mark.parametrize("places", [0, 1])
def test_exact_values_are_not_accepted_halfway_to_the_next(places):
    program = chain(lambda x: 3 * x, Rounding(decimals=places))
    reach = radii(program, program.run({"a": 4.0}))
    assert float(reach["x"]) == float(reach["y"]) == pytest.approx(0.05, rel=0.03)


def test_whole_numbers_that_were_handed_in_are_carried_on_as_they_are():
    program = chain(lambda x: 3 * x, Rounding(decimals=0))
    values = program.run({"a": 4.0})
    assert float(radii(program, values, known=frozenset({"x"}))["y"]) == pytest.approx(0.05, rel=0.03)


def test_zero_has_no_significant_digit_to_be_rounded_to():
    program = chain(lambda x: x, Rounding(significant=3))
    assert float(radii(program, program.run({"a": 0.0}))["x"]) < 1e-8
    assert round_as_asked(np.array([0.0, 1234.5]), Rounding(significant=3)).tolist() == [0.0, 1230.0]
