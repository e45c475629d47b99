"""Items that count as a whole with us earn shares on platforms that know no other way: `expected.json` must say so."""

import pytest

from quizgen.formats.lms import moodle
from quizgen.formats.lms.entries import Entry
from quizgen.formats.lms.limits import credit, our_credit
from quizgen.formats.lms.responses import Response
from quizgen.model import Ask, ConceptBody, ConceptKey, Item, Kind, QuestionRecord, Select, Variant

RECORD = QuestionRecord(
    id="t/q", version="1", kind=Kind.CONCEPT, source="", level=1, minutes=1.0, conventions=(), titles={}, words={}
)


def entry(body, right):
    variant = Variant(question="t/q", version="1", seed=1, givens={}, body=body)
    item = Item(number=1, points=4.0, ask=Ask.STEPS, variant=variant)
    return Entry(item=item, key=ConceptKey(right=right), record=RECORD, language="en")


@pytest.mark.parametrize(
    ("body", "right", "entered", "earned"),
    [
        (ConceptBody(select=Select.SEVERAL, options=(0, 1, 2, 3), all_or_nothing=True), (0, 1), ("A",), 0.5),
        (
            ConceptBody(select=Select.MATCH, options=(0, 1), targets=(0, 1), all_or_nothing=True),
            (0, 1),
            ("A", "A"),
            0.5,
        ),
        (
            ConceptBody(select=Select.ORDER, options=(0, 1, 2), all_or_nothing=True),
            (0, 1, 2),
            ("A", "C", "B"),
            2 / 3,
        ),
    ],
)
def test_moodle_gives_a_share_where_we_give_nothing(body, right, entered, earned):
    found, response = entry(body, right), Response(kind="half right", entered=entered)
    assert our_credit(found, response) == 0
    assert credit(found, response, moodle.LIMITS) == pytest.approx(earned)
