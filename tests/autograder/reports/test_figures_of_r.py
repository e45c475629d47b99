"""Our figures beside those of R: data, code and what R 4.2.2 printed lie in the folder r; R itself is not needed."""

import csv
import json
from pathlib import Path

import pytest

from autograder.reports.item_analysis import analyze
from quizgen.policy import Policy

FOLDER = Path(__file__).parent / "r"
FIGURES = json.loads((FOLDER / "figures.json").read_text(encoding="utf-8"))


def quiz():
    """Return points by student and item, None where the item could not be marked."""
    with (FOLDER / "quiz.csv").open(newline="") as file:
        return [[None if cell == "NA" else float(cell) for cell in row] for row in list(csv.reader(file))[1:]]


def lsat6():
    with (FOLDER / "lsat6.csv").open(newline="") as file:
        rows = [(row["pattern"], int(row["count"])) for row in csv.DictReader(file)]
    return [[float(digit) for digit in pattern] for pattern, count in rows for _ in range(count)]


SETS = {"quiz": quiz, "quiz_without_item3": quiz, "lsat6": lsat6}


@pytest.fixture(params=SETS)
def both(request, classroom):
    """Return our analysis and R's figures of one set."""
    figures = FIGURES[request.param]
    full = figures["full"]
    marks = [[None if p is None else p / f for p, f in zip(row, full, strict=True)] for row in SETS[request.param]()]
    dropped = tuple(set(range(1, len(full) + 1)) - set(figures["counted"]))
    return analyze(classroom(marks, points=full, policy=Policy(dropped=dropped)), "en"), figures


def test_difficulty_and_its_interval(both):
    """Hmisc::binconf(method = "wilson")."""
    ours, of_r = both
    for item, expected in zip(ours.items, of_r["difficulty"], strict=True):
        found = item.difficulty
        assert (item.correct, item.students) == (expected["correct"], expected["students"])
        assert (found.value, found.low, found.high) == pytest.approx(
            (expected["value"], expected["low"], expected["high"])
        )


def test_discrimination_and_its_interval(both):
    """cor.test of an item and the sum of the others, where all were marked; psych::alpha calls it r.drop."""
    ours, of_r = both
    for item, expected in zip(ours.items, of_r["discrimination"], strict=True):
        found = item.discrimination
        assert found.students == expected["students"]
        assert (found.value, found.low, found.high) == pytest.approx(
            (expected["value"], expected["low"], expected["high"])
        )
    counted = [ours.items[number - 1].discrimination.value for number in of_r["counted"]]
    assert counted == pytest.approx(of_r["r_drop"])


def test_alpha_and_the_standard_error(both):
    """psych::alpha and psychometric::SE.Meas; the intervals are R's own bootstrap, with other random numbers."""
    ours, of_r = both
    for found, value, interval in (
        (ours.reliability.alpha, of_r["alpha"], of_r["alpha_bootstrap"]),
        (ours.reliability.error, of_r["error"], of_r["error_bootstrap"]),
    ):
        assert found.students == of_r["students"]
        assert found.value == pytest.approx(value)
        assert (found.low, found.high) == pytest.approx(interval, abs=0.1 * (interval[1] - interval[0]))


def test_alpha_of_lsat6_as_published():
    """0.295: Rizopoulos, Journal of Statistical Software 17(5) (2006), of the same data in ltm."""
    assert FIGURES["lsat6"]["alpha"] == pytest.approx(0.295, abs=5e-4)
