import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.marking.concept import credit_of, mark_concept
from quizgen.model import Ask, ConceptBody, ConceptKey, Item, Select, Status, Variant


def item(body):
    return Item(
        number=3,
        points=4.0,
        ask=Ask.STEPS,
        variant=Variant(question="t/q", version="v", seed=0, givens={}, body=body),
    )


ONE = ConceptBody(select=Select.ONE, options=(2, 0, 1))
SEVERAL = ConceptBody(select=Select.SEVERAL, options=(0, 1, 2, 3, 4))
MATCH = ConceptBody(select=Select.MATCH, options=(0, 1, 2), targets=(2, 0))
ORDER = ConceptBody(select=Select.ORDER, options=(2, 0, 1, 3))


@pytest.mark.parametrize("raw", ["B", "b", " B ", "(b)", "Ｂ", ["B"], "1-B", "1. B"])
def test_one_letter_however_it_is_written(raw):
    assert mark_concept(item(ONE), ConceptKey(right=(1,)), {"answer": raw}).status is Status.CORRECT


def test_a_wrong_letter_earns_nothing():
    verdict = mark_concept(item(ONE), ConceptKey(right=(1,)), {"answer": "A"})
    assert (verdict.status, verdict.points) == (Status.INCORRECT, 0.0)


@pytest.mark.parametrize(("ticks", "credit"), [("A B", 1), ("A", 0.5), ("A C", 0), ("A B C", 0.5), ("A B C D E", 0)])
def test_wrong_ticks_are_subtracted(ticks, credit):
    verdict = mark_concept(item(SEVERAL), ConceptKey(right=(0, 1)), {"answer": ticks})
    assert verdict.credit == credit
    assert verdict.status is {0: Status.INCORRECT, 1: Status.CORRECT}.get(credit, Status.PARTIAL)


@given(st.sets(st.integers(0, 4), min_size=1, max_size=4))
def test_ticking_everything_earns_nothing(right):
    assert credit_of(SEVERAL, ConceptKey(right=tuple(right)), (0, 1, 2, 3, 4)) == 0


@pytest.mark.parametrize(
    ("ticks", "credit"),
    [("A B C", 1), ("A B", 2 / 3), ("A B C D", 1 / 2), ("A B D", 1 / 6), ("A D", 0), ("A C D E", 0)],
)
def test_where_few_options_are_wrong_a_wrong_tick_costs_its_share_of_these(ticks, credit):
    verdict = mark_concept(item(SEVERAL), ConceptKey(right=(0, 1, 2)), {"answer": ticks})
    assert verdict.credit == pytest.approx(credit)


def test_where_a_corrected_key_makes_all_options_right_ticking_them_earns_all():
    assert credit_of(SEVERAL, ConceptKey(right=(0, 1, 2, 3, 4)), (0, 1, 2, 3, 4)) == 1


@pytest.mark.parametrize(("raw", "credit"), [("B A B", 1), ("1-B, 2-A, 3-B", 1), (["B", "A", "A"], 2 / 3), ("BAB", 1)])
def test_matches_earn_per_pair(raw, credit):
    assert mark_concept(item(MATCH), ConceptKey(right=(1, 0, 1)), {"answer": raw}).credit == pytest.approx(credit)


@pytest.mark.parametrize(
    ("raw", "credit"), [("B C A D", 1), ("C B A D", 2 / 3), ("D A C B", 0), ("B -> C -> A -> D", 1)]
)
def test_orders_earn_their_longest_right_run(raw, credit):
    assert mark_concept(item(ORDER), ConceptKey(right=(1, 2, 0, 3)), {"answer": raw}).credit == pytest.approx(credit)


@pytest.mark.parametrize(
    ("body", "right", "raw", "phrase"),
    [
        (ONE, (1,), "D", "no-such-option"),
        (ONE, (1,), "A B", "one-letter"),
        (ONE, (1,), "maybe", "not-a-letter"),
        (ONE, (1,), 2, "not-a-letter"),
        (MATCH, (1, 0, 1), "A B", "one-letter-each"),
        (ORDER, (1, 2, 0, 3), "A A B C", "every-letter-once"),
    ],
)
def test_what_is_not_a_choice_is_unreadable_not_wrong(body, right, raw, phrase):
    verdict = mark_concept(item(body), ConceptKey(right=right), {"answer": raw})
    assert verdict.status is Status.UNREADABLE
    assert verdict.reason is not None
    assert verdict.reason.phrase == phrase


@pytest.mark.parametrize("response", [{}, {"answer": ""}, {"answer": []}])
def test_nothing_is_blank(response):
    assert mark_concept(item(ONE), ConceptKey(right=(1,)), response).status is Status.BLANK


@given(st.text(max_size=30) | st.integers() | st.lists(st.text(max_size=3), max_size=6))
def test_no_answer_raises(raw):
    for body, right in ((ONE, (1,)), (SEVERAL, (0, 1)), (MATCH, (1, 0, 1)), (ORDER, (1, 2, 0, 3))):
        assert 0 <= mark_concept(item(body), ConceptKey(right=right), {"answer": raw}).credit <= 1


@pytest.mark.parametrize(
    ("ticks", "status"), [("A B", Status.CORRECT), ("A", Status.INCORRECT), ("A B C", Status.INCORRECT)]
)
def test_all_or_nothing_knows_no_shares(ticks, status):
    strict = ConceptBody(select=Select.SEVERAL, options=(0, 1, 2, 3, 4), all_or_nothing=True)
    assert mark_concept(item(strict), ConceptKey(right=(0, 1)), {"answer": ticks}).status is status


@pytest.mark.parametrize(("raw", "chosen"), [("- A\n- B", (0, 1)), (["- A", "- B"], (0, 1)), ("- -", (-1,))])
def test_bullets_before_letters_are_no_wrong_ticks(raw, chosen):
    verdict = mark_concept(item(SEVERAL), ConceptKey(right=(0, 1)), {"answer": raw})
    assert verdict.detail.chosen == chosen
    assert verdict.credit == (1 if chosen == (0, 1) else 0)


def test_a_message_names_the_last_letter_that_there_is():
    verdict = mark_concept(item(MATCH), ConceptKey(right=(1, 0, 1)), {"answer": "A B C"})
    assert verdict.reason.values == {"text": "C", "last": "B"}
