from dataclasses import replace
from itertools import combinations, pairwise, product

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reports import page as report_page
from autograder.reports.estimates import Estimate
from autograder.reports.item_analysis import ItemAnalysis, MistakeCount, analyze
from autograder.reports.page import MOST_MISTAKES, report_html
from autograder.reports.plots import MAP_HEIGHT, MAP_WIDTH, PLOT_HEIGHT, histogram, item_map
from autograder.reports.time_spent import Save
from tests.autograder.small_exam import NOON

NONE = Estimate(students=3, needed=10)


def item(number, p, r):
    estimates = [NONE if v is None else Estimate(students=50, needed=10, value=v, low=v, high=v) for v in (p, r)]
    return ItemAnalysis(
        number=number,
        question="q",
        title="t",
        students=50,
        correct=1,
        difficulty=estimates[0],
        discrimination=estimates[1],
        mistakes=(),
        choices=(),
        funnel=(),
    )


@given(st.lists(st.floats(0, 1), max_size=200))
def test_lines_across_the_histogram_are_evenly_spaced_counts_that_enclose_the_bars(shares):
    found = histogram(shares)
    counts = [n for _, n in found.lines]
    assert counts[0] == 0
    assert len({b - a for a, b in pairwise(counts)}) == 1
    assert max(b.count for b in found.bars) <= counts[-1]
    assert sum(b.count for b in found.bars) == len(shares)
    for bar in found.bars:
        assert bar.height * counts[-1] == pytest.approx(PLOT_HEIGHT * bar.count)
    assert (found.mean is None) == (not shares)


def test_items_stand_where_their_numbers_say():
    found = item_map([item(1, 0.25, 0.5), item(2, 1.0, -0.3), item(3, None, 0.1), item(4, 0.5, None)])
    assert [d.number for d in found.dots] == [1, 2]
    first, second = found.dots
    assert (first.x, second.x) == (MAP_WIDTH / 4, MAP_WIDTH)
    assert [label for _, label in found.lines] == ["-0.4", "-0.2", "0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    heights = {label: y for y, label in found.lines}
    assert heights["1.0"] == 0
    assert heights["-0.4"] == pytest.approx(MAP_HEIGHT)
    assert first.y == pytest.approx((heights["0.4"] + heights["0.6"]) / 2)
    assert heights["-0.2"] < second.y < heights["-0.4"]
    assert found.weak == pytest.approx(heights["0.2"])
    assert first.words == "1: 25%, 0.50"


def test_numbers_of_items_that_stand_close_cover_neither_dots_nor_numbers():
    """Digits are seven pixels wide and ten high, dots have a radius of four."""
    dots = item_map([item(n, 0.5 + 0.05 * (n % 3), 0.4 + 0.1 * (n // 3)) for n in range(9)]).dots
    centers = [(d.text_x + {"start": 3.5, "end": -3.5, "middle": 0}[d.anchor], d.text_y - 5) for d in dots]
    for (x, y), (other_x, other_y) in combinations(centers, 2):
        assert abs(x - other_x) >= 7 or abs(y - other_y) >= 10
    for (x, y), dot in product(centers, dots):
        assert abs(x - dot.x) >= 7 or abs(y - dot.y) >= 8


def page_of(book, language="en"):
    return lxml.html.fromstring(report_html(book, language))


@pytest.mark.parametrize(
    ("language", "none", "few", "longer"),
    [
        ("en", "No times were recorded", "too few students (0 of 10)", "longer than estimated"),
        ("zh", "没有时间记录", "人数太少（0 人，需 10 人）", "比预计长"),
    ],
)
def test_the_page_tells_times_or_that_there_are_none(classroom, language, none, few, longer):
    book = classroom([[1.0, 0.0]] * 12)
    assert none in page_of(book, language).text_content()
    saves = [Save(student=p.student, item=1, at=NOON.replace(minute=m)) for p in book.exam.papers for m in (0, 4, 8)]
    text = page_of(replace(book, saves=tuple(saves)), language).text_content()
    assert none not in text
    assert few in text
    assert longer in text


def test_shares_of_topics_are_colored_by_tenths(classroom):
    page = page_of(classroom([[1.0, 0.26]] * 3))
    cells = page.xpath("//table[@class='heat']//tr[th='s000']/td")
    assert [c.get("class").split()[-1] for c in cells] == ["heat-10", "heat-3"]
    assert [c.text for c in cells] == ["100 %", "26 %"]


def test_every_comparison_unfolds_with_its_interval(classroom):
    book = classroom([[float(s % 4 < 2)] * 2 for s in range(40)], givens=lambda s: {"k": s % 2})
    (details,) = page_of(book).xpath("//details[contains(summary, 'comparison')]")
    titles = [t.text for t in details.xpath(".//svg/title")]
    assert titles == ["0: 50 % [30 %, 70 %]", "1: 50 % [30 %, 70 %]"]


def test_rare_mistakes_unfold(classroom, monkeypatch):
    share = Estimate(students=40, needed=10, value=0.1, low=0.05, high=0.2)
    book = classroom([[1.0, 0.0]] * 12)
    found = analyze(book, "en")
    mistakes = tuple(MistakeCount(name=f"slip_{n}", count=4, share=share, text="") for n in range(MOST_MISTAKES + 2))
    many = replace(found, items=(replace(found.items[0], mistakes=mistakes), *found.items[1:]))
    monkeypatch.setattr(report_page, "analyze", lambda *_: many)
    page = page_of(book)
    (details,) = page.xpath("//details[summary='2 more']")
    assert [t.text for t in details.xpath(".//svg/title")] == [f"slip {n}: 10 % [5 %, 20 %]" for n in (6, 7)]
    assert len(page.xpath("//svg[@class='mistake']")) == MOST_MISTAKES + 2
