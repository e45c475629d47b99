import numpy as np
import pytest

from quizgen.authoring.numeric import thaw
from quizgen.authoring.tolerance import round_as_asked
from quizgen.marking.numeric import cell_credit, mark_numeric, numeric_verdict, within
from quizgen.model import Ask, Rounding, Status, StepVerdict

DECIMALS = Rounding(decimals=3)
SEEDS = range(40)


def values(question, item, swaps=()):
    """Work the paper out as a student does: round every step and go on with the rounded numbers."""
    known = {}
    for name in question.program.steps:
        exact = question.program.run(thaw(item.variant.givens), swaps=swaps, known=known)[name]
        array = round_as_asked(exact, DECIMALS)
        known[name] = float(array) if array.ndim == 0 else array
    return {name: np.asarray(value).tolist() for name, value in known.items()}


def mistake(question, name):
    return question.program.mistakes[name]


@pytest.mark.parametrize("ask", list(Ask))
def test_honest_rounding_is_right(neuron, sat, ask):
    for seed in SEEDS:
        item, key = sat(seed, ask)
        assert mark_numeric(item, key, values(neuron, item), neuron).status is Status.CORRECT


@pytest.mark.parametrize("name", ["flipped", "input_forgotten", "doubled", "uphill"])
def test_each_mistake_is_wrong_once_and_named(neuron, sat, name):
    for seed in SEEDS:
        item, key = sat(seed)
        verdict = mark_numeric(item, key, values(neuron, item, [mistake(neuron, name)]), neuron)
        assert verdict.status is Status.PARTIAL
        assert verdict.credit == pytest.approx(2 / 3)
        assert verdict.detail.first_wrong == mistake(neuron, name).step
        assert [f.mistakes for f in verdict.detail.findings] == [((name,),)]


@pytest.mark.parametrize("name", ["flipped", "input_forgotten", "doubled", "uphill"])
def test_a_lone_final_answer_is_diagnosed_too(neuron, sat, name):
    for seed in SEEDS:
        item, key = sat(seed, Ask.FINAL)
        handed_in = {"w_next": values(neuron, item, [mistake(neuron, name)])["w_next"]}
        verdict = mark_numeric(item, key, handed_in, neuron)
        assert verdict.status is not Status.CORRECT
        (finding,) = verdict.detail.findings
        # A flipped error and a step uphill always end in the same numbers: they are named together.
        wanted = {"flipped", "uphill"} if name in {"flipped", "uphill"} else {name}
        assert set(finding.mistakes[0]) == wanted


def test_an_answer_under_another_convention_says_so(neuron, sat):
    item, key = sat()
    verdict = mark_numeric(item, key, values(neuron, item, [mistake(neuron, "doubled")]), neuron)
    assert verdict.detail.findings[0].other_convention


def test_two_mistakes_in_a_lone_final_answer_are_both_named(neuron, sat):
    named = 0
    for seed in SEEDS:
        item, key = sat(seed, Ask.FINAL)
        both = [mistake(neuron, "input_forgotten"), mistake(neuron, "uphill")]
        verdict = mark_numeric(item, key, {"w_next": values(neuron, item, both)["w_next"]}, neuron)
        found = {frozenset(n for g in f.mistakes for n in g) for f in verdict.detail.findings}
        named += any({"input_forgotten"} <= names and names & {"uphill", "flipped"} for names in found)
    assert named >= 0.85 * len(SEEDS)


def test_an_own_slip_is_carried_through(neuron, sat):
    item, key = sat()
    slip = round(values(neuron, item)["error"] + 0.3, 3)
    grad = round_as_asked(slip * np.array(item.variant.givens["x"]), DECIMALS)
    w_next = round_as_asked(np.array(item.variant.givens["w"]) - item.variant.givens["eta"] * grad, DECIMALS)
    verdict = mark_numeric(item, key, {"error": slip, "grad": grad.tolist(), "w_next": w_next.tolist()}, neuron)
    assert [s.status for s in verdict.detail.steps] == [Status.INCORRECT, Status.CORRECT, Status.CORRECT]
    assert [s.carried for s in verdict.detail.steps] == [False, True, True]


def test_a_slip_that_makes_the_rest_trivial_earns_nothing(neuron, sat):
    item, key = sat()
    w = item.variant.givens["w"]
    verdict = mark_numeric(item, key, {"error": 0, "grad": [0, 0, 0], "w_next": w}, neuron)
    assert verdict.credit == 0


def test_random_numbers_are_not_called_a_mistake(neuron, sat):
    rng = np.random.default_rng(1)
    named = 0
    for seed in range(300):
        item, key = sat(seed, Ask.FINAL)
        verdict = mark_numeric(item, key, {"w_next": rng.uniform(-3, 3, 3).round(3).tolist()}, neuron)
        named += bool(verdict.detail.findings)
    assert named <= 1


def test_cells_are_marked_one_by_one(neuron, sat):
    item, key = sat()
    handed_in = values(neuron, item)
    handed_in["grad"][1] += 1
    step = mark_numeric(item, key, handed_in, neuron).detail.steps[1]
    assert step.cells == [True, False, True]
    assert step.status is Status.PARTIAL


@pytest.mark.parametrize(
    ("response", "phrase"), [([1, 2], "wrong-shape"), ("abc", "not-a-number"), ("[1, 2,, 3]", "empty-cell")]
)
def test_what_does_not_fit_says_why(neuron, sat, response, phrase):
    item, key = sat()
    verdict = mark_numeric(item, key, {**values(neuron, item), "grad": response}, neuron)
    assert verdict.detail.steps[1].reason.phrase == phrase


def test_a_column_for_a_row_is_forgiven(neuron, sat):
    item, key = sat()
    handed_in = values(neuron, item)
    handed_in["grad"] = [[v] for v in handed_in["grad"]]
    assert mark_numeric(item, key, handed_in, neuron).status is Status.CORRECT


@pytest.mark.parametrize("bad", [float("nan"), [float("nan")] * 3, "nan, nan, nan", ["", "", "1"]])
def test_nan_is_never_right(neuron, sat, bad):
    item, key = sat()
    verdict = mark_numeric(item, key, {**values(neuron, item), "grad": bad}, neuron)
    assert verdict.detail.steps[1].status is not Status.CORRECT


@pytest.mark.parametrize(("change", "look"), [(lambda v: -v, "negated"), (lambda v: 10 * v, "power-of-ten")])
def test_right_numbers_in_another_form_are_recognized(neuron, sat, change, look):
    for seed in SEEDS:
        item, key = sat(seed)
        handed_in = values(neuron, item)
        changed = {"w_next": change(np.array(handed_in["w_next"])).round(4).tolist()}
        verdict = mark_numeric(item, key, {**handed_in, **changed}, neuron)
        assert verdict.detail.findings[0].look.phrase == look


def test_without_the_question_the_stored_key_decides(neuron, sat):
    item, key = sat()
    handed_in = values(neuron, item)
    assert mark_numeric(item, key, handed_in, None).status is Status.CORRECT
    wrong = mark_numeric(item, key, values(neuron, item, [mistake(neuron, "flipped")]), None)
    assert wrong.status is Status.INCORRECT
    assert wrong.detail.findings == ()


def test_a_blank_paper_is_blank_and_a_bad_one_unreadable(neuron, sat):
    item, key = sat()
    assert mark_numeric(item, key, {}, neuron).status is Status.BLANK
    assert mark_numeric(item, key, {"error": "?"}, neuron).status is Status.UNREADABLE


def test_the_best_constant_guess_earns_no_cell_credit():
    right = np.array([0.0, 0.0, 0.0, 5.0])
    assert cell_credit(right == 0, right) == 0
    assert cell_credit(np.array([True, True, True, True]), right) == 1
    assert cell_credit(np.array([True, True, False, True]), right) == 0


def test_steps_count_by_their_weights(sat):
    item, _ = sat(0)
    steps = (
        StepVerdict(name="a", status=Status.CORRECT, credit=1.0, weight=3.0),
        StepVerdict(name="b", status=Status.PARTIAL, credit=0.5, weight=2.0),
        StepVerdict(name="c", status=Status.INCORRECT, credit=0.0, weight=5.0),
    )
    verdict = numeric_verdict(item, steps, ())
    assert (verdict.credit, verdict.points) == pytest.approx((0.4, item.points * 0.4))
    assert (verdict.status, verdict.detail.first_wrong) == (Status.PARTIAL, "b")


def test_the_edge_of_what_is_accepted_is_accepted():
    right, radius = np.array([0.0, 1.0, 1.0, np.inf]), np.array([0.5, 0.25, 0.25, 1.0])
    found = within(np.array([0.5, 1.25, np.nextafter(1.25, 2), np.nan]), right, radius)
    assert found.tolist() == [True, True, False, False]
