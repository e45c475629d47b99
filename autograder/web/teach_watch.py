"""Following a class: each look reads from the store only what has come since the last one."""

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from autograder.ledger import Attempt, in_force
from autograder.scores import Score, score_of
from autograder.sitting import Mark, Sitting
from autograder.store import Store
from autograder.web.form import filled
from autograder.web.site import Site
from autograder.web.teach_live import Progress, Seat, seat
from quizgen.model import Exam, Item, Paper

OVERLAP = 500
"""Saves that are read twice: of several servers at one database, a lower serial may come to light later."""
MANY = 20
"""Students from which on everybody's hand-ins are read at once."""


@dataclass
class _Boxes:
    """One student's boxes, item -> field -> serial and whether it is filled; `counts` are the filled ones by item."""

    found: defaultdict[int, dict[str, tuple[int, bool]]] = field(default_factory=lambda: defaultdict(dict))
    counts: dict[int, int] = field(default_factory=dict)
    last: Mark | None = None

    def take(self, mark: Mark) -> bool:
        """Let a change count, and say whether it is news: not read before, nor older than another one of its box."""
        if self.last is None or mark.serial > self.last.serial:
            self.last = mark
        if mark.serial <= self.found[mark.item].get(mark.field, (0, False))[0]:
            return False
        self.found[mark.item][mark.field] = (mark.serial, mark.filled)
        return True

    def count(self, item: Item) -> None:
        """Count an item's filled boxes."""
        texts = {name: "x" * is_full for name, (_, is_full) in self.found[item.number].items()}
        self.counts[item.number] = filled(item, texts)[0]


class Watch:
    """What an onlooker knows of a class; any thread may look."""

    def __init__(self) -> None:
        self._exam: Exam | None = None
        self._lock = threading.Lock()
        self._serial = 0
        self._boxes: defaultdict[str, _Boxes] = defaultdict(_Boxes)
        self._of: dict[str, int] = {}
        self._progress: dict[str, Progress] = {}
        self._ledger = 0
        self._stamps: dict[str, tuple[int, int]] = {}
        self._scores: dict[str, Score | None] = {}

    def look(self, site: Site, now: datetime) -> tuple[Seat, ...]:
        """Tell where everyone on the roster is."""
        with self._lock:
            if site.exam is not self._exam:
                self._begin_edition(site.exam)
            sittings = site.store.page.sittings(site.exam.papers)
            self._read_marks(site)
            self._read_scores(site, sittings)
            return tuple(
                seat(site.exam, s, self._of_student(s.paper.student), self._scores.get(s.paper.student), now)
                for s in sittings
            )

    def _begin_edition(self, exam: Exam) -> None:
        """Score everybody again: under other terms the same hand-ins may be worth something else."""
        self._exam = exam
        self._of = {p.student: sum(filled(item, {})[1] for item in p.items) for p in exam.papers}
        self._stamps.clear()

    def _of_student(self, student: str) -> Progress:
        return self._progress.get(student) or Progress(of=self._of[student])

    def _read_marks(self, site: Site) -> None:
        found = site.store.page.marks(max(0, self._serial - OVERLAP))
        news = {(m.student, m.item) for m in found if self._boxes[m.student].take(m)}
        if found:
            self._serial = max(self._serial, found[-1].serial)
        for student, number in news:
            if student in self._of:
                self._count(site.papers[student], number)

    def _count(self, paper: Paper, number: int) -> None:
        boxes = self._boxes[paper.student]
        for item in paper.items:
            if item.number == number:
                boxes.count(item)
        assert boxes.last is not None  # noqa: S101 - a change has been taken
        full = sum(boxes.counts.values())
        self._progress[paper.student] = Progress(
            filled=full, of=self._of[paper.student], item=boxes.last.item, saved_at=boxes.last.at
        )

    def _read_scores(self, site: Site, sittings: Sequence[Sitting]) -> None:
        """Score again whose hand-ins or gradings are new, and everybody when the ledger is."""
        store, papers = site.store, site.papers
        newest, entries = store.newest_gradings(), store.entries()
        if len(entries) != self._ledger:
            self._ledger = len(entries)
            self._stamps.clear()
        stamps = {s.paper.student: (newest.get(s.paper.student, 0), len(s.hand_ins)) for s in sittings if s.hand_ins}
        stale = [student for student, stamp in stamps.items() if self._stamps.get(student) != stamp]
        mine = _attempts(store, stale)
        holding = in_force(entries)
        for student in stale:
            self._scores[student] = score_of(site.exam, papers[student], mine[student], holding)
        self._stamps.update({student: stamps[student] for student in stale})


def _attempts(store: Store, students: Sequence[str]) -> defaultdict[str, list[Attempt]]:
    found = store.attempts() if len(students) > MANY else (a for s in students for a in store.attempts(s))
    mine: defaultdict[str, list[Attempt]] = defaultdict(list)
    for attempt in found:
        mine[attempt.student].append(attempt)
    return mine
