"""A class that is alive, for newcomers: simulated students who start, type, go wrong in known ways and hand in."""

import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import msgspec
import numpy as np
from msgspec.structs import replace

from autograder.sitting import Save
from autograder.web.demo_answers import answer
from autograder.web.form import SOURCE
from autograder.web.handing import hand_in
from autograder.web.site import Site
from quizgen.bank import Shelf
from quizgen.errors import QuizgenError
from quizgen.exam_file import read_exam
from quizgen.model import Exam, Paper
from quizgen.policy import Release

SEED = 8
ARRIVE_SECONDS = 45.0
"""Within how long everybody has started."""
THINK_SECONDS = (1.5, 7.0)
"""Before each item."""
TYPE_SECONDS = (0.4, 2.0)
"""For each box."""
UNDECIDED = 5
"""One student of so many is left writing, for a page shows those as well."""
log = logging.getLogger("autograder.web")


class Doing(StrEnum):
    """What a simulated student does."""

    START = "start"
    TYPE = "type"
    HAND_IN = "hand-in"


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing that a student does so many seconds after the beginning; `texts` are what is typed into an item."""

    at: float
    student: str
    doing: Doing
    item: int = 0
    texts: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def copied(exam: Path) -> Iterator[Path]:
    """Copy an exam into a temporary folder, open now and without a deadline, with feedback at once."""
    frozen = read_exam(exam)
    policy = replace(frozen.policy, opens=None, deadline=None, release=Release.AT_ONCE)
    with TemporaryDirectory(prefix="quizgen-demo-") as place:
        folder = Path(place)
        (folder / "exam.json").write_bytes(msgspec.json.encode(replace(frozen, policy=policy)))
        yield folder


def script(exam: Exam, shelf: Shelf, seed: int = SEED) -> tuple[Act, ...]:
    """Write down what everybody but the first student will do; the same exam and seed give the same script."""
    acts = [act for n, paper in enumerate(exam.papers[1:], 1) for act in _part(exam, paper, shelf, n, seed)]
    return tuple(sorted(acts, key=lambda a: a.at))


def _part(exam: Exam, paper: Paper, shelf: Shelf, place: int, seed: int) -> Iterator[Act]:
    rng = np.random.default_rng([seed, place])
    student, skill = paper.student, rng.uniform(0.45, 0.95)
    at = rng.uniform(0, ARRIVE_SECONDS)
    yield Act(at=at, student=student, doing=Doing.START)
    for item, key in zip(paper.items, exam.keys[student], strict=True):
        at += rng.uniform(*THINK_SECONDS)
        for text in _typed(answer(item, key, shelf, rng, skill)):
            at += rng.uniform(*TYPE_SECONDS)
            yield Act(at=at, student=student, doing=Doing.TYPE, item=item.number, texts=text)
    if place % UNDECIDED:
        yield Act(at=at + rng.uniform(2, 12), student=student, doing=Doing.HAND_IN)


def _typed(texts: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Fill one box after the other; of a function, the first half stands there for a while."""
    for name, text in texts.items():
        if name == SOURCE:
            lines = text.splitlines(keepends=True)
            yield {name: "".join(lines[: len(lines) // 2])}
        yield {name: text}


class Classroom:
    """Lets a script happen at a site, in a thread of its own."""

    def __init__(self, site: Site, acts: Sequence[Act]) -> None:
        self._site = site
        self._acts = acts
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._work, name="classroom", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._end.set()
        self._thread.join()

    def _work(self) -> None:
        begin = time.monotonic()
        for act in self._acts:
            if self._end.wait(max(0.0, begin + act.at - time.monotonic())):
                return
            try:
                perform(self._site, act)
            except QuizgenError as error:
                log.warning("%s: %s", act.student, error)


def perform(site: Site, act: Act) -> None:
    """Do what the page would do for a student."""
    match act.doing:
        case Doing.START:
            site.store.page.start(act.student)
        case Doing.TYPE:
            now = site.clock()
            saves = [Save(student=act.student, item=act.item, field=f, text=t, at=now) for f, t in act.texts.items()]
            site.saver.save(saves)
        case Doing.HAND_IN:
            hand_in(site, site.store.page.sitting(site.paper(act.student)), site.clock())
