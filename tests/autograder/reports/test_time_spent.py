import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from autograder.reports.analysis_table import analysis_csv, analysis_json, print_analysis
from autograder.reports.estimates import FOR_MEDIAN, median
from autograder.reports.gradebook import scored_gradebook
from autograder.reports.time_spent import CAP, Pace, Save, active_minutes, item_times
from quizgen.formats.terminal import console
from tests.autograder.small_exam import exam_of

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
STUDENTS = [f"s{n}" for n in range(12)]


def save(student, item, minutes):
    return Save(student=student, item=item, at=START + timedelta(minutes=minutes))


@st.composite
def sittings(draw):
    """Return saves at times that differ within each student's."""
    saves = []
    for student in "abc":
        seconds = draw(st.lists(st.integers(0, 7200), max_size=12, unique=True))
        saves += [save(student, draw(st.integers(1, 4)), s / 60) for s in seconds]
    return draw(st.permutations(saves))


def test_by_hand():
    saves = [save("a", 1, 0), save("a", 1, 2), save("a", 2, 3.5), save("a", 1, 4), save("a", 2, 30), save("b", 2, 1)]
    assert active_minutes(saves) == {1: {"a": 2.5}, 2: {"a": 1.5 + 5}}
    assert active_minutes(saves, cap=timedelta(minutes=1)) == {1: {"a": 1.5}, 2: {"a": 2}}


def test_the_start_of_a_sitting_tells_of_the_first_item():
    assert active_minutes([save("a", 0, 0), save("a", 1, 3)]) == {1: {"a": 3}}


@given(sittings())
def test_minutes_add_up_to_the_time_between_first_and_last_save_less_long_pauses(saves):
    found = active_minutes(saves)
    uncapped = active_minutes(saves, cap=timedelta(days=1))
    for student in "abc":
        times = sorted(s.at for s in saves if s.student == student)
        whole = (times[-1] - times[0]).total_seconds() / 60 if times else 0
        away = sum(max((b - a - CAP).total_seconds() / 60, 0) for a, b in pairwise(times))
        assert sum(m.get(student, 0) for m in uncapped.values()) == pytest.approx(whole)
        assert sum(m.get(student, 0) for m in found.values()) == pytest.approx(whole - away)


@given(sittings(), st.integers(-500, 500))
def test_neither_order_nor_the_hour_nor_others_matter(saves, hours):
    found = active_minutes(saves)
    moved = [Save(student=s.student, item=s.item, at=s.at + timedelta(hours=hours)) for s in reversed(saves)]
    assert active_minutes(moved) == found
    alone = active_minutes([s for s in saves if s.student == "a"])
    assert alone == {item: {"a": of["a"]} for item, of in found.items() if "a" in of}


@given(sittings(), st.integers(0, 600), st.integers(0, 600))
def test_a_longer_cap_never_takes_time_away(saves, first, second):
    low, high = (active_minutes(saves, cap=timedelta(seconds=c)) for c in sorted((first, second)))
    assert low.keys() == high.keys()
    assert all(minutes <= high[item][student] for item, of in low.items() for student, minutes in of.items())


@given(st.lists(st.floats(0, 1000), min_size=FOR_MEDIAN, max_size=200))
def test_medians_agree_with_scipy(values):
    expected = scipy.stats.quantile_test(values, q=0, p=0.5).confidence_interval(0.95)
    found = median(values)
    assert found.low <= found.value <= found.high
    assert (found.low, found.high) == (expected.low, expected.high)


def test_the_median_of_ten_lies_between_the_second_and_the_ninth():
    """Of ten throws of a coin, at most one is heads with 11/1024 = 1.1 %, at most two with 56/1024 = 5.5 %."""
    found = median([float(v) for v in range(1, 11)])
    assert (found.value, found.low, found.high) == (5.5, 2, 9)
    assert not median([1.0] * (FOR_MEDIAN - 1)).enough


def test_times_of_an_exam():
    """All items are estimated to take one minute."""
    exam = exam_of(*STUDENTS)
    saves = [s for n in STUDENTS for s in (save(n, 0, 0), save(n, 1, 3), save(n, 2, 3.5), save(n, 3, 4.5))]
    found = item_times(exam, [*saves, save("nobody", 4, 0), save("nobody", 4, 3)], "en")
    assert [(t.number, t.spent.value, t.pace) for t in found] == [
        (1, 3, Pace.SLOWER),
        (2, 0.5, Pace.FASTER),
        (3, 1, Pace.AS_ESTIMATED),
        (4, None, Pace.UNKNOWN),
    ]
    assert [t.spent.students for t in found] == [12, 12, 12, 0]
    assert item_times(exam, (), "en") == ()


@pytest.fixture
def book(classroom):
    """Return the gradebook of a class that took three minutes for item 1 and half a minute for item 2."""
    found = classroom([[1.0, 0.0, 1.0]] * 12)
    students = [p.student for p in found.exam.papers]
    saves = [s for n in students for s in (save(n, 0, 0), save(n, 1, 3), save(n, 2, 3.5))]
    assert scored_gradebook(found.exam, (), (), saves).saves == tuple(saves)
    return replace(found, saves=tuple(saves))


def test_every_report_tells_the_times(book, capsys):
    print_analysis(book, "en", console())
    shown = capsys.readouterr().out
    assert "item 1, topic0/q0: 3.0 [3.0, 3.0], estimated 1, slower than estimated" in shown
    assert "item 3, topic0/q2: too few students (0 of 10), estimated 1" in shown
    rows = list(csv.DictReader(io.StringIO(analysis_csv(book))))
    assert [r["minutes"] for r in rows] == ["3.0000", "0.5000", ""]
    found = json.loads(json.dumps(analysis_json(book, "en")))["times"]
    assert [(t["number"], t["spent"]["value"], t["pace"]) for t in found][:2] == [(1, 3, "slower"), (2, 0.5, "faster")]


def test_where_nothing_was_recorded_it_is_said(book, capsys):
    silent = replace(book, saves=())
    print_analysis(silent, "en", console())
    assert "no times were recorded" in capsys.readouterr().out
    assert {r["minutes"] for r in csv.DictReader(io.StringIO(analysis_csv(silent)))} == {""}
    assert analysis_json(silent, "en")["times"] == []
