"""Any sequence of hand-ins, gradings, regrades and undoings leaves what a straightforward recomputation gives."""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import event

from autograder.ledger import Place
from autograder.regrade import drop_item, full_marks, new_key, undo
from autograder.scores import final_scores
from autograder.store import open_store
from quizgen.errors import InstructorError
from quizgen.model import Submission
from quizgen.policy import Attempts, Policy
from tests.autograder.small_exam import NOON, POINTS, entry, exam_of, grading_of

STUDENTS = ("ada", "bo")
ITEMS = range(1, len(POINTS) + 1)
APPENDED_ONLY = ("submission", "hand_in", "grading", "verdict", "entry")


def recomputed(policy, hand_ins, entries):
    """Work a student's points and possible points out from letters and a list of what was asked for."""
    undone, holding = set(), []
    for number, asked in sorted(entries.items(), reverse=True):
        if number in undone:
            continue
        if asked[0] == "undo":
            undone.add(asked[1])
        else:
            holding.insert(0, asked)
    found = [one_attempt(policy, letters, days, holding) for letters, days in hand_ins]
    match policy.attempts:
        case "first":
            return found[0]
        case "last":
            return found[-1]
        case "best":
            return max(found, key=lambda f: f[0] / f[1] if f[1] else 0)
        case _:
            return tuple(sum(part) / len(found) for part in zip(*found, strict=True))


def one_attempt(policy, letters, days, holding):
    credit = {i: float(letters[i - 1] == "B") for i in ITEMS}
    out = set(policy.dropped)
    for kind, item, letter, never_lower in holding:
        if kind == "drop":
            if not never_lower or share(policy, credit, out | {item}) >= share(policy, credit, out):
                out = out | {item}
            continue
        blank = letters[item - 1] == "-"
        new = 1.0 if kind == "full" else credit[item] if blank else float(letters[item - 1] == letter)
        credit[item] = max(new, credit[item]) if never_lower else new
    points, possible = sums(policy, credit, out)
    return points * max(0, 1 - days * policy.late_per_day / 100), possible


def sums(policy, credit, out):
    counted = [i for i in ITEMS if i not in out]
    return sum(POINTS[i - 1] * credit[i] for i in counted), sum(POINTS[i - 1] for i in counted if i not in policy.bonus)


def share(policy, credit, out):
    points, possible = sums(policy, credit, out)
    return points / possible if possible else 0.0


class Ledger(RuleBasedStateMachine):
    empty: Path

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.now = NOON
        self.handed_in = {s: [] for s in STUDENTS}
        self.entries = {}
        self.graded = set()
        self.statements = []

    @initialize(
        which=st.sampled_from(Attempts),
        late=st.sampled_from([0.0, 25.0, 60.0]),
        dropped=st.sampled_from([(), (1,)]),
        bonus=st.sampled_from([(), (2,)]),
    )
    def open(self, which, late, dropped, bonus):
        self.policy = Policy(attempts=which, deadline=NOON, late_per_day=late, dropped=dropped, bonus=bonus)
        self.exam = exam_of(*STUDENTS, policy=self.policy)
        shutil.copy(self.empty, self.folder / "grades.db")
        self.store = open_store(self.folder / "grades.db", create=False, clock=lambda: self.now)
        self.store.add_exam(self.exam)
        event.listen(self.store._engine, "before_cursor_execute", lambda _c, _r, text, *_: self.statements.append(text))

    def teardown(self):
        if hasattr(self, "store"):
            self.store.close()
        shutil.rmtree(self.folder)

    @rule(
        student=st.sampled_from(STUDENTS),
        letters=st.text("ABC-", min_size=4, max_size=4),
        days=st.integers(0, 3),
        graded=st.booleans(),
    )
    def submit(self, student, letters, days, graded):
        submission = Submission(student=student, digest=letters.encode().hex().ljust(64, "0"), answers=letters.encode())
        mine = self.handed_in[student]
        if not mine or mine[-1][0] != letters:
            mine.append((letters, days))
        self.store.save_submission(submission, NOON + timedelta(days=days))
        if graded:
            self.grade(student)

    @rule(student=st.sampled_from(STUDENTS))
    def grade(self, student):
        for letters, _ in self.handed_in[student]:
            self.graded.add((student, letters))
            digest = letters.encode().hex().ljust(64, "0")
            self.store.save_grading(grading_of(self.exam, student, letters, digest))

    @rule(
        kind=st.sampled_from(["key", "full", "drop"]),
        item=st.sampled_from(ITEMS),
        letter=st.sampled_from("ABC"),
        never_lower=st.booleans(),
    )
    def regrade(self, kind, item, letter, never_lower):
        place = Place(item=item)
        change = {
            "key": lambda: new_key(self.exam, place, letter),
            "full": lambda: full_marks(self.exam, place),
            "drop": lambda: drop_item(self.exam, item),
        }[kind]()
        self.append(change, (kind, item, letter, never_lower), never_lower=never_lower)

    @precondition(lambda self: self.entries)
    @rule(data=st.data())
    def undo(self, data):
        number = data.draw(st.sampled_from(sorted(self.entries)))
        try:
            change = undo(self.store.entries(), number)
        except InstructorError:
            return
        self.append(change, ("undo", number))

    def append(self, change, asked, *, never_lower=False):
        made = entry(len(self.entries) + 1, change, never_lower=never_lower)
        stored = self.store.add_entry(made)
        assert msgspec.structs.replace(stored, at=made.at) == made
        self.entries[made.number] = asked

    @invariant()
    def totals_are_those_of_a_straightforward_recomputation(self):
        if not hasattr(self, "store"):
            return
        scores = final_scores(self.exam, self.store.attempts(), self.store.entries())
        for student in STUDENTS:
            hand_ins = self.handed_in[student]
            counted = {"first": hand_ins[:1], "last": hand_ins[-1:]}.get(self.policy.attempts, hand_ins)
            if not counted or any((student, letters) not in self.graded for letters, _ in counted):
                assert student not in scores
            else:
                found = scores[student]
                assert (found.points, found.possible) == pytest.approx(
                    recomputed(self.policy, hand_ins, self.entries), abs=1e-9
                )

    @invariant()
    def nothing_is_updated_in_place(self):
        for statement in self.statements:
            assert not statement.startswith("DELETE")
            assert not statement.startswith(tuple(f"UPDATE {table} " for table in APPENDED_ONLY))


def test_any_sequence(tmp_path):
    open_store(tmp_path / "empty.db", create=True).close()
    Ledger.empty = tmp_path / "empty.db"
    machine = Ledger.TestCase()
    machine.settings = settings(
        max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
    )
    machine.runTest()
