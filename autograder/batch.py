"""Many submissions over an executor: who grades what, and what is done about workers that die; one writer."""

import secrets
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from autograder.executors import Executor, Worker
from autograder.executors.local import LocalPool
from autograder.executors.station import Errand, Introduction, Job, versions
from autograder.sandbox import SandboxRefused, probe
from quizgen.bank import installed
from quizgen.errors import OperatorError
from quizgen.exam_file import read_exam
from quizgen.model import Exam, Grading, Reason, Status, Submission, Verdict

MOST_DEATHS = 2
"""A submission that so many workers died of is set aside."""
LOOK_SECONDS = 1.0
"""How often it is looked who has come and gone, where nothing else happens."""
PATIENCE_SECONDS = 60.0
"""How long a run waits where there is no worker."""
GATHER_SECONDS = 0.1
"""Gradings that come within this time are given out together: storing many costs little more than storing one."""
SET_ASIDE = "worker-died"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What grading needs to know; `dask` is the address of a cluster's scheduler, empty for local processes."""

    exam_folder: Path
    program: str
    unsafe: bool = False
    dask: str = ""


def jobs(submissions: Sequence[Submission], seed: int | None = None) -> list[Job]:
    """Give every submission a seed: a secret one, unless a fixed one is asked for."""
    return [Job(submission=s, seed=secrets.randbits(62) if seed is None else seed) for s in submissions]


def now() -> str:
    """Return the time in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def check_sandbox(setting: Setting) -> None:
    """Refuse to run student code where nothing confines it, unless the operator says that it is trusted."""
    try:
        level = probe()
    except SandboxRefused as refusal:
        raise OperatorError(str(refusal)) from None
    if level.number == 0 and not setting.unsafe:
        raise OperatorError(
            "nothing on this machine can confine student code: `autograder doctor` says what is missing; "
            "with --unsafe-no-sandbox it is run all the same, and every result says so"
        )


def grade_all(setting: Setting, todo: Sequence[Job], workers: int) -> Iterator[Grading]:
    """Grade the submissions and yield the gradings one by one."""
    for gathered in grade_together(setting, todo, workers):
        yield from gathered


def grade_together(setting: Setting, todo: Sequence[Job], workers: int) -> Iterator[list[Grading]]:
    """Grade the submissions and yield gradings as soon as they are there; where many come, a few at a time.

    Raises
    ------
    OperatorError
        If a worker has other versions than this process, if nothing confines student code there, or if there is no
        worker; what was yielded before holds.
    """
    if not todo:
        return
    exam = read_exam(setting.exam_folder)
    errand = Errand(exam=msgspec.json.encode(exam), program=setting.program, unsafe=setting.unsafe)
    if not setting.dask:
        check_sandbox(setting)
    executor = _cluster(setting, errand) if setting.dask else LocalPool(errand, min(workers, len(todo)))
    try:
        for gathered in Run(executor, todo).gradings():
            known = [grading or set_aside(exam, job, setting.program) for job, grading in gathered]
            yield [msgspec.structs.replace(grading, graded_at=now()) for grading in known]
    finally:
        executor.close()


def _cluster(setting: Setting, errand: Errand) -> Executor:
    try:
        from autograder.executors.cluster import Cluster  # noqa: PLC0415 - an optional dependency, slow to import
    except ImportError as error:
        raise OperatorError(f"--dask: {error}: pip install 'quizgen-deep-learning[cluster]'") from None
    return Cluster(errand, setting.dask)


def set_aside(exam: Exam, job: Job, program: str) -> Grading:
    """Return the grading of a submission that no worker survives: every item is an error of ours, and costs nothing."""
    paper = exam.paper_of(job.submission.student)
    reason = Reason(phrase=SET_ASIDE)
    numbers = [item.number for item in paper.items] if paper is not None else []
    return Grading(
        student=job.submission.student,
        digest=job.submission.digest,
        verdicts=tuple(Verdict(item=n, status=Status.ERROR, credit=0.0, points=0.0, reason=reason) for n in numbers),
        points=0.0,
        possible=0.0,
        level=None,
        seconds=0.0,
        program=program,
        banks=installed().versions,
        seed=job.seed,
        problems=job.submission.problems,
    )


def was_set_aside(grading: Grading) -> bool:
    """Say whether the submission was given up."""
    return any(v.reason is not None and v.reason.phrase == SET_ASIDE for v in grading.verdicts)


class Run:
    """One run over an executor: a worker grades one submission at a time, and is first asked who it is."""

    def __init__(self, executor: Executor, todo: Sequence[Job]) -> None:
        self._executor = executor
        self._wanted = versions()
        self._waiting = deque(todo)
        self._deaths: Counter[tuple[str, str]] = Counter()
        self._known: set[Worker] = set()
        self._idle: list[Worker] = []
        self._busy: dict[Future[Any], tuple[Worker, Job | None]] = {}
        self._alone_since = time.monotonic()
        self._looked = 0.0

    def gradings(self) -> Iterator[list[tuple[Job, Grading | None]]]:
        """Yield jobs, each with its grading, or with None where it was given up."""
        finished: list[tuple[Job, Grading | None]] = []
        given = 0.0
        while self._waiting or any(job for _, job in self._busy.values()):
            self._look()
            self._hand_out()
            if not self._busy:
                time.sleep(LOOK_SECONDS)
            patience = GATHER_SECONDS if finished else LOOK_SECONDS
            done, _ = wait(self._busy, timeout=patience, return_when=FIRST_COMPLETED)
            finished += [f for future in done if (f := self._finish(future)) is not None]
            self._hand_out()  # before what is done is stored: nobody waits for that
            if finished and time.monotonic() - given > GATHER_SECONDS:
                yield finished
                finished, given = [], time.monotonic()
        if finished:
            yield finished

    def _look(self) -> None:
        """Greet the workers that have come, forget those that have gone."""
        if time.monotonic() - self._looked < LOOK_SECONDS:
            return
        present = self._executor.workers()
        self._idle = [w for w in self._idle if w in present]
        for worker in present:
            if worker not in self._known:
                self._known.add(worker)
                self._send(worker, None)
        self._looked = time.monotonic()
        if self._idle or any(job for _, job in self._busy.values()):
            self._alone_since = self._looked
        elif self._looked - self._alone_since > PATIENCE_SECONDS:
            raise OperatorError(
                f"there was no worker for {PATIENCE_SECONDS:g} seconds: {self._executor.remedy}; "
                "what was graded is stored: run again to do the rest"
            )

    def _hand_out(self) -> None:
        while self._waiting and self._idle:
            self._send(self._idle.pop(), self._waiting.popleft())

    def _send(self, worker: Worker, job: Job | None) -> None:
        """Give a worker a submission, or ask it who it is."""
        try:
            future = worker.introduce() if job is None else worker.grade(job)
        except worker.losses:  # it died while it had nothing to do: nobody's fault
            self._lose(worker)
            if job is not None:
                self._waiting.appendleft(job)
            return
        self._busy[future] = worker, job

    def _finish(self, future: Future[Any]) -> tuple[Job, Grading | None] | None:
        worker, job = self._busy.pop(future)
        try:
            answer = future.result()
        except worker.losses:
            if job is None:
                worker.dismiss()  # the next one may die at once as well: it comes with the next look
                return None
            self._lose(worker)
            return self._blame(job)
        self._idle.append(worker)
        if job is None:
            check(worker.name, answer, self._wanted)
            return None
        return job, answer

    def _lose(self, worker: Worker) -> None:
        """Have another worker take its place now."""
        worker.dismiss()
        self._looked = 0.0

    def _blame(self, job: Job) -> tuple[Job, None] | None:
        """Put the submission that a dead worker had at the end of the queue; the second time, give it up."""
        who = (job.submission.student, job.submission.digest)
        self._deaths[who] += 1
        if self._deaths[who] >= MOST_DEATHS:
            return job, None
        self._waiting.append(job)
        return None


def check(name: str, introduction: Introduction, wanted: Mapping[str, str]) -> None:
    """Refuse a worker that would mark otherwise than this process, or that cannot mark."""
    got = introduction.versions
    for what in sorted({*got, *wanted}) if got else ():
        if got.get(what) != wanted.get(what):
            raise OperatorError(
                f"{name} has {what} {got.get(what, 'not installed')}, wanted {wanted.get(what, 'none, as here')}: "
                "gradings must not depend on who graded"
            )
    if introduction.fault:
        raise OperatorError(f"{name} cannot grade: {introduction.fault}")
