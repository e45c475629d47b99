"""Every response of `expected.json`, played through each format's own rules: they must give what it says."""

import pytest
from lxml import etree

from quizgen.bank import installed
from quizgen.model import Ask, ConceptKey
from tests.quizgen.formats.lms import canvas_rules, moodle_rules, qti_rules

CASES = (
    ("moodle", Ask.STEPS),
    ("moodle", Ask.FINAL),
    ("qti21", Ask.STEPS),
    ("qti30", Ask.FINAL),
    ("canvas", Ask.STEPS),
)
CLOSE = 2e-5
"""Moodle's fractions have five decimals."""
CHANGES_MARKS = (
    "choosing everything earns something",
    "only all of them",
    "follow-through",
    "constant answer",
    "sequence",
    "longest run",
    "in its right place",
)


def responses(export):
    return [(item, response) for item in export.items for response in item["responses"]]


@pytest.fixture(scope="session")
def played(exported, entry):
    """Return what the format's own rules give for every response of an export."""
    return {"moodle": play_moodle, "qti21": play_qti, "qti30": play_qti, "canvas": play_canvas}


def play_moodle(export, entry, ask):
    questions = moodle_rules.read_questions(export.path)
    for item, response in responses(export):
        _, key = entry(item["question"], item["language"], ask)
        right = key.right if isinstance(key, ConceptKey) else ()
        yield item, response, moodle_rules.earned(questions[item["id"]], response["entered"], right)


def play_qti(export, entry, ask):
    items = {
        name: etree.fromstring(content)
        for name, content in export.files().items()
        if name.startswith("items/") and name.endswith(".xml")
    }
    for item, response in responses(export):
        yield item, response, qti_rules.Session(items[f"items/{item['id']}.xml"], response["entered"]).score


def play_canvas(export, entry, ask):
    quizzes = [c for name, c in export.files().items() if "/" in name and not name.endswith("assessment_meta.xml")]
    questions = [question for content in quizzes for question in canvas_rules.questions(content)]
    own = {item["id"]: [q for q in questions if q.get("ident").startswith(item["id"])] for item in export.items}
    for item, response in responses(export):
        points, possible = canvas_rules.earned(own[item["id"]], response["entered"])
        assert possible == pytest.approx(item["points"], abs=1e-6)
        yield item, response, points / possible


@pytest.mark.parametrize(("form", "ask"), CASES)
def test_every_response_earns_what_is_expected(form, ask, exported, entry, played):
    export = exported(form, ask)
    wrong = [
        (item["id"], response["kind"], response["fraction"], got)
        for item, response, got in played[form](export, entry, ask)
        if abs(got - response["fraction"]) > CLOSE
    ]
    assert not wrong
    assert len(responses(export)) > 500


@pytest.mark.parametrize(("form", "ask"), CASES)
def test_right_rounded_and_blank_earn_all_and_nothing(form, ask, exported):
    seen = {"right": {1.0}, "rounded": {1.0}, "blank": {0.0}}
    for _, response in responses(exported(form, ask)):
        if response["kind"] in seen:
            assert {response["fraction"], response["ours"]} == seen[response["kind"]]


@pytest.mark.parametrize(("form", "ask"), CASES)
def test_marks_differ_from_ours_only_where_the_loss_is_listed(form, ask, exported):
    for item, response in responses(exported(form, ask)):
        if response["fraction"] != response["ours"]:
            assert any(why in loss for loss in item["lost"] for why in CHANGES_MARKS), (item["id"], response)


@pytest.mark.parametrize(("form", "ask"), CASES)
def test_every_loss_of_an_item_is_told(form, ask, exported):
    export = exported(form, ask)
    told = dict(sentence.split(": ", 1) for sentence in export.lost if ": " in sentence)
    for item in export.items:
        assert all(loss in told[item["question"]] for loss in item["lost"])
    assert any("1/3" in sentence for sentence in export.lost)


def test_what_each_form_loses_is_named(exported):
    lost = {form: " ".join(exported(form, ask).lost) for form, ask in CASES}
    assert "no follow-through" in lost["canvas"]
    assert "two mistakes made together are not named" in lost["moodle"]
    assert "beside its frozen cases" in lost["moodle"]
    for form in ("qti21", "qti30", "canvas"):
        assert "mark it by hand" in lost[form]
        assert "mistakes are not named" in lost[form]
    assert "no follow-through" in lost["qti21"]
    assert "constant answer" not in lost["qti21"]
    assert "constant answer" in lost["canvas"]


def test_every_mistake_that_shows_is_among_the_responses(exported):
    kinds = {}
    for item, response in responses(exported("qti30", Ask.FINAL)):
        kinds.setdefault(item["question"], set()).add(response["kind"])
    listed = installed().question("backprop/neuron-update").template.program.mistakes
    assert {f"mistake: {name}" for name in listed} <= kinds["backprop/neuron-update"]
    assert all("half right" in found for question, found in kinds.items() if "rounded" in found)
