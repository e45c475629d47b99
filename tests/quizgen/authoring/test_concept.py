"""What is shown and what is right, for every way of choosing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.authoring import ConceptQuestion, decimals
from quizgen.authoring.concept import Pool
from quizgen.errors import AuthorError

SEEDS = st.integers(0, 2**32)
MARKS = st.lists(st.booleans(), min_size=2, max_size=8).filter(lambda m: any(m) and not all(m))


def question(select, show=None):
    return ConceptQuestion(source="test", level=1, minutes=1, select=select, show=show)


@given(SEEDS, MARKS, st.integers(2, 8))
def test_one_has_a_single_right_option(seed, marks, show):
    drawn = question("one", show).draw(seed, Pool(length=len(marks), marks=tuple(marks)))
    shown = drawn.body.options
    assert len(set(shown)) == len(shown) == min(show, 1 + marks.count(False))
    (right,) = drawn.key.right
    assert [at for at, i in enumerate(shown) if marks[i]] == [right]


@given(SEEDS, MARKS, st.integers(2, 8))
def test_several_has_right_and_wrong_options(seed, marks, show):
    drawn = question("several", show).draw(seed, Pool(length=len(marks), marks=tuple(marks)))
    shown = drawn.body.options
    assert len(set(shown)) == len(shown) == min(show, len(marks))
    assert list(drawn.key.right) == [at for at, i in enumerate(shown) if marks[i]]
    assert 0 < len(drawn.key.right) < len(shown)


@given(SEEDS, st.lists(st.integers(0, 3), min_size=2, max_size=7), st.integers(2, 7))
def test_match_leads_each_left_side_to_its_right_side(seed, rights, show):
    targets = tuple(rights.index(r) for r in rights)
    drawn = question("match", show).draw(seed, Pool(length=len(rights), targets=targets))
    body, key = drawn.body, drawn.key
    assert len(body.options) == len(key.right) == min(show, len(rights))
    sides = [rights[i] for i in body.targets]
    assert len(set(sides)) == len(sides)
    assert [sides[at] for at in key.right] == [rights[i] for i in body.options]


@given(SEEDS, st.integers(2, 7), st.integers(2, 7))
def test_order_names_the_places_in_the_right_order(seed, length, show):
    drawn = question("order", show).draw(seed, Pool(length=length))
    shown = drawn.body.options
    put_right = [shown[at] for at in drawn.key.right]
    assert put_right == sorted(shown)
    assert len(shown) == min(show, length)
    assert list(shown) != sorted(shown)


@pytest.mark.parametrize(
    ("select", "pool"),
    [
        ("one", Pool(length=5, marks=(True, False, True, False, False))),
        ("several", Pool(length=5, marks=(True, False, True, False, False))),
        ("match", Pool(length=4, targets=(0, 1, 0, 3))),
        ("order", Pool(length=5)),
    ],
)
def test_the_seed_alone_decides(select, pool):
    drawn = [question(select, 3).draw(seed, pool) for seed in range(30)]
    again = [question(select, 3).draw(seed, pool) for seed in range(30)]
    assert drawn == again
    assert len({d.body for d in drawn}) > 5


def test_every_option_comes_up():
    pool = Pool(length=6, marks=(True, True, False, False, False, False))
    shown = {i for seed in range(60) for i in question("one", 3).draw(seed, pool).body.options}
    assert shown == set(range(6))


@pytest.mark.parametrize("marks", [(True, True), (False, False)])
def test_options_that_are_all_alike_cannot_be_asked(marks):
    with pytest.raises(AuthorError, match="the options that can be shown are all right or all wrong"):
        question("one").draw(0, Pool(length=2, marks=marks))


def test_truths_decide_from_givens_and_steps():
    made = question("several")

    @made.given
    def draw(rng):
        return {"x": decimals(rng, low=-3, high=3, nonzero=True)}

    @made.step
    def doubled(x):
        return 2 * x

    @made.truth
    def positive(x):
        return x > 0

    @made.truth
    def large(doubled):
        return doubled > 3

    pool = Pool(length=4, marks=("positive", "large", False, True))
    seen = set()
    for seed in range(40):
        drawn = made.draw(seed, pool)
        x = drawn.givens["x"]
        right = {drawn.body.options[at] for at in drawn.key.right}
        assert right == {3} | ({0} if x > 0 else set()) | ({1} if 2 * x > 3 else set())
        seen.add(frozenset(right))
    assert len(seen) == 3


def test_a_truth_that_is_not_there_is_named():
    made = question("one")
    made.truth(lambda: True)
    with pytest.raises(AuthorError, match=r"option \[\?ripe\] names no @question.truth function"):
        made.draw(0, Pool(length=2, marks=("ripe", False)))


def test_options_may_name_what_each_mistake_ends_in():
    made = question("one")

    @made.step
    def half(x):
        return x / 2

    @made.step
    def end(half):
        return half + 1

    @made.mistake(half)
    def kept(x):
        return x

    context = made.context({"x": 6})
    assert (context["half"], context["end"], context["mistakes"]) == (3, 4, {"kept": 7})


def test_a_way_of_choosing_that_is_not_there():
    with pytest.raises(ValueError, match="'guess' is not a valid Select"):
        question("guess")


@pytest.mark.parametrize("show", [-1, 0, 1])
@pytest.mark.parametrize("select", ["one", "several", "match", "order"])
def test_fewer_than_two_options_are_no_choice(select, show):
    with pytest.raises(AuthorError, match=f"show is {show}, wanted at least 2"):
        question(select, show)


def test_credit_says_whether_shares_count():
    pool = Pool(length=3, marks=(True, False, True))
    for credit, strict in (("all", True), ("share", False)):
        made = ConceptQuestion(source="test", level=1, minutes=1, select="several", credit=credit)
        assert made.draw(0, pool).body.all_or_nothing is strict
    with pytest.raises(AuthorError, match="credit is 'half', wanted 'all' or 'share'"):
        ConceptQuestion(source="test", level=1, minutes=1, credit="half")
