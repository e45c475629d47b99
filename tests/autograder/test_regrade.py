"""Regrades of a small exam, worked out by hand: items of 1, 2, 4 and 8 points, B is right."""

import msgspec
import pytest

from autograder.amendment import accept, amended_exam, rejudge
from autograder.ledger import AcceptMistake, DropItem, FullMarks, ItemKey, NewKey, Place, Undo, in_force
from autograder.regrade import drop_item, full_marks, new_key, plan, read_keys, undo
from autograder.scores import final_scores
from quizgen.errors import InstructorError
from quizgen.marking.concept import mark_concept
from quizgen.model import CodeDetail, ConceptBody, ConceptKey, NumericKey, Select, Status, StepKey, Verdict
from quizgen.policy import Attempts, Policy
from quizgen.wording.phrases import in_words
from tests.autograder.small_exam import NOON, attempt, entry, exam_of

EXAM = exam_of("ada", "bo", "cy")
CLASS = [attempt(EXAM, "ada", "BBBB"), attempt(EXAM, "bo", "BBAC"), attempt(EXAM, "cy", "----")]  # 15, 3, 0


def points(*entries, exam=EXAM, attempts=CLASS):
    return {s: (f.points, f.possible) for s, f in final_scores(exam, attempts, entries).items()}


def moves(change, *before, never_lower=False):
    found = plan(EXAM, CLASS, before, entry(len(before) + 1, change, never_lower=never_lower))
    return {m.student: (m.before.points, m.after.points) for m in found.moves}


def test_another_key_lowers_whom_it_must_unless_it_may_not():
    change = new_key(EXAM, Place(item=3), "A")
    assert moves(change) == {"ada": (15, 11), "bo": (3, 7)}
    assert moves(change, never_lower=True) == {"bo": (3, 7)}


def test_a_key_of_two_letters_allows_either():
    assert moves(new_key(EXAM, Place(item=3), "A, B")) == {"bo": (3, 7)}


def test_a_key_for_one_student():
    assert moves(new_key(EXAM, Place(item=4), {"bo": "C"})) == {"bo": (3, 11)}


def test_full_marks_are_also_for_who_left_it_blank():
    assert moves(full_marks(EXAM, Place(item=4))) == {"bo": (3, 11), "cy": (0, 8)}


def test_a_dropped_item_counts_for_nobody():
    assert points(entry(1, drop_item(EXAM, 4))) == {"ada": (7, 7), "bo": (3, 7), "cy": (0, 7)}


def test_with_never_lower_an_item_stays_for_whom_it_helps():
    found = points(entry(1, drop_item(EXAM, 2), never_lower=True))
    assert found == {"ada": (13, 13), "bo": (3, 15), "cy": (0, 13)}


def test_entries_count_in_their_order():
    drop, full = entry(1, full_marks(EXAM, Place(item=3))), entry(2, new_key(EXAM, Place(item=3), "C"))
    assert points(drop, full)["bo"] == (3, 15)
    assert points(msgspec.structs.replace(full, number=1), msgspec.structs.replace(drop, number=2))["bo"] == (7, 15)


def test_undoing_and_undoing_the_undoing():
    ledger = [entry(1, full_marks(EXAM, Place(item=3))), entry(2, Undo(entry=1)), entry(3, Undo(entry=2))]
    assert [points(*ledger[:n])["bo"] for n in (0, 1, 2, 3)] == [(3, 15), (7, 15), (3, 15), (7, 15)]
    assert in_force(ledger) == (ledger[0],)
    with pytest.raises(InstructorError, match="entry 2 is undone already"):
        undo(ledger, 2)
    with pytest.raises(InstructorError, match="no entry 9"):
        undo(ledger, 9)
    assert undo(ledger, 3) == Undo(entry=3)


def test_an_entry_also_holds_for_what_is_graded_later():
    change = entry(1, new_key(EXAM, Place(item=1), "A"))
    later = attempt(EXAM, "cy", "ABBB", 2)
    assert points(change, attempts=[*CLASS, later])["cy"] == (15, 15)


def test_the_dry_run_says_why():
    found = plan(EXAM, CLASS, (), entry(1, new_key(EXAM, Place(item=3), "A")))
    (ada, _) = found.moves
    assert [(item, in_words(r, "en")) for item, r in ada.why] == [
        (3, "Regraded with a corrected key: 0 points instead of 4 (entry 1).")
    ]
    assert (found.raised, found.lowered, found.scored) == (1, 1, 3)
    assert (found.mean_before, found.mean_after) == (pytest.approx(18 / 45), pytest.approx(18 / 45))
    dropped = plan(EXAM, CLASS, (), entry(1, drop_item(EXAM, 1)))
    assert [[(i, r.phrase) for i, r in m.why] for m in dropped.moves] == [[(1, "counts-no-more")]] * 3
    back = plan(EXAM, CLASS, (dropped.entry,), entry(2, Undo(entry=1)))
    assert [[(i, r.phrase) for i, r in m.why] for m in back.moves] == [[(1, "counts-again")]] * 3


def test_the_dry_run_tells_when_another_attempt_becomes_the_best():
    exam = exam_of("ada", policy=Policy(attempts=Attempts.BEST))
    attempts = [attempt(exam, "ada", "B---"), attempt(exam, "ada", "-A--", 2)]
    (move,) = plan(exam, attempts, (), entry(1, new_key(exam, Place(item=2), "A"))).moves
    assert (move.before.points, move.after.points) == (1, 2)
    assert [r.phrase for _, r in move.why] == ["other-attempt"]


def test_what_changed_stands_on_the_verdict_once_for_each_entry():
    ledger = (entry(1, full_marks(EXAM, Place(item=3))), entry(2, full_marks(EXAM, Place(item=3))))
    verdict = final_scores(EXAM, CLASS, ledger)["bo"].grading.verdicts[2]
    assert [n.values["entry"] for n in verdict.notes] == ["1"]


def test_feedback_gets_the_keys_that_are_in_force():
    change = entry(1, new_key(EXAM, Place(item=3), {"bo": "A"}))
    keys = amended_exam(EXAM, (change,)).keys
    assert keys["bo"][2] == ConceptKey(right=(0,))
    assert keys["ada"] == EXAM.keys["ada"]
    assert amended_exam(EXAM, (change, entry(2, Undo(entry=1)))).keys == EXAM.keys


def test_what_cannot_be_done_is_refused_by_name(tmp_path):
    with pytest.raises(InstructorError, match=r"no item 9 in this exam: items are 1 to 4"):
        drop_item(EXAM, 9)
    with pytest.raises(InstructorError, match="--full-marks needs --item or --question"):
        full_marks(EXAM, Place())
    with pytest.raises(InstructorError, match="--key needs --item or --question"):
        new_key(EXAM, Place(), "A")
    with pytest.raises(InstructorError, match="there is no option X"):
        new_key(EXAM, Place(item=1), "X")
    with pytest.raises(InstructorError, match="student 'eve' has no such item"):
        new_key(EXAM, Place(item=1), {"eve": "A"})
    path = tmp_path / "keys.csv"
    path.write_text("student,answer\n")
    with pytest.raises(InstructorError, match=r"keys\.csv:1: no column 'key'"):
        read_keys(path)
    path.write_text("student,key\nbo,C\n")
    assert new_key(EXAM, Place(item=4), read_keys(path)).keys.keys() == {"bo"}


def test_one_key_for_papers_that_differ_names_options_by_number_or_is_refused():
    other = msgspec.structs.replace(EXAM.papers[1].items[0])
    body = ConceptBody(select=other.variant.body.select, options=(2, 1, 0))
    turned = msgspec.structs.replace(other, variant=msgspec.structs.replace(other.variant, body=body))
    paper = msgspec.structs.replace(EXAM.papers[1], items=(turned, *EXAM.papers[1].items[1:]))
    exam = msgspec.structs.replace(EXAM, papers=(EXAM.papers[0], paper, EXAM.papers[2]))
    with pytest.raises(InstructorError, match="the papers differ here"):
        new_key(exam, Place(item=1), "C")
    change = new_key(exam, Place(item=1), "3")
    assert [change.keys[s][0].key.right for s in ("ada", "bo")] == [(2,), (0,)]


@pytest.mark.parametrize(
    "change",
    [
        NewKey(place=Place(item=1), keys={}),
        AcceptMistake(place=Place(), mistake="m"),
        DropItem(place=Place(item=2)),
        FullMarks(place=Place(question="q/1")),
        Undo(entry=3),
    ],
)
def test_every_change_survives_json(change):
    made = entry(1, change, never_lower=True)
    assert msgspec.json.decode(msgspec.json.encode(made), type=type(made)) == made
    assert made.at == NOON


@pytest.mark.parametrize(
    ("text", "told"), [("key,student\nB\n", "student '' has no such item"), ('student,key\nbo,"B\n', r"keys\.csv:2: ")]
)
def test_broken_files_of_keys_are_refused(tmp_path, text, told):
    path = tmp_path / "keys.csv"
    path.write_text(text)
    with pytest.raises(InstructorError, match=told):
        new_key(EXAM, Place(item=4), read_keys(path))


@pytest.mark.parametrize("text", ["-", "", ", "])
def test_a_key_without_a_letter_is_refused(text):
    with pytest.raises(InstructorError, match="leaves a place without a letter"):
        new_key(EXAM, Place(item=4), text)


def test_another_key_gives_no_shares_of_what_is_all_or_nothing():
    (item, *_), key = EXAM.papers[0].items, ConceptKey(right=(0, 1))
    body = ConceptBody(select=Select.SEVERAL, options=(0, 1, 2), all_or_nothing=True)
    strict = msgspec.structs.replace(item, variant=msgspec.structs.replace(item.variant, body=body))
    verdict = mark_concept(strict, ConceptKey(right=(1,)), {"answer": "B"})
    assert (verdict.credit, rejudge(strict, verdict, key).credit) == (1, 0)
    assert rejudge(strict, rejudge(strict, verdict, key), ConceptKey(right=(1,))) == verdict


def test_code_that_makes_an_accepted_mistake_earns_all_its_points():
    item = EXAM.papers[0].items[2]
    detail = CodeDetail(groups=(), mistakes=("doubled", "halved"))
    verdict = Verdict(item=3, status=Status.PARTIAL, credit=0.25, points=1.0, detail=detail)
    right = accept(item, verdict, {"halved"})
    assert (right.status, right.credit, right.points) == (Status.CORRECT, 1, 4)
    assert accept(item, verdict, {"tripled"}) == verdict


def test_a_new_key_of_some_steps_leaves_the_others_in_the_feedback():
    old = NumericKey(steps=tuple(StepKey(name=n, value=1.0, radius=0.1) for n in "ab"))
    new = NumericKey(steps=(StepKey(name="b", value=2.0, radius=0.1),))
    exam = msgspec.structs.replace(EXAM, keys={**EXAM.keys, "bo": (old, *EXAM.keys["bo"][1:])})
    change = NewKey(place=Place(item=1), keys={"bo": (ItemKey(item=1, key=new),)})
    key = amended_exam(exam, (entry(1, change),)).keys["bo"][0]
    assert key.steps == (old.steps[0], new.steps[0])
