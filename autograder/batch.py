"""Many submissions over an executor: one warm sandbox per worker process, one writer."""

import multiprocessing
import os
import secrets
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.grading import Grader
from autograder.sandbox import Sandbox, SandboxRefused, probe
from quizgen.bank import installed
from quizgen.errors import OperatorError
from quizgen.exam_file import read_exam
from quizgen.model import Grading, Submission

FEW = 4
"""With fewer submissions than this, starting more processes takes longer than it saves."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One submission to grade, with the secret seed of its cases."""

    submission: Submission
    seed: int


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What every worker needs to know."""

    exam_folder: Path
    program: str
    unsafe: bool = False


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
    """Grade the submissions and yield each grading as soon as it is there."""
    if todo:
        check_sandbox(setting)
    if workers == 1 or len(todo) < FEW:
        yield from _grade_here(setting, todo)
        return
    # Spawned, not forked: a worker must not share this process's threads and open files.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(todo)), context, initializer=_start, initargs=(setting,))
    try:
        for future in as_completed([pool.submit(_grade, job) for job in todo]):
            yield future.result()
    except BrokenProcessPool:
        raise OperatorError("a grading process died; what was graded is stored: run again to do the rest") from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def grader(setting: Setting, sandbox: Sandbox) -> Grader:
    """Load the exam and the banks."""
    return Grader(read_exam(setting.exam_folder), installed(), sandbox, setting.program)


def _grade_here(setting: Setting, todo: Sequence[Job]) -> Iterator[Grading]:
    with Sandbox(unsafe=setting.unsafe) as sandbox:
        here = grader(setting, sandbox)
        for job in todo:
            yield here.grade(job.submission, job.seed, now())


_worker: list[Grader] = []
"""The worker process's own grader; made once by `_start`."""


def _start(setting: Setting) -> None:
    # Ctrl-C is for the process that stores results; when that one is gone, however it went, so are we.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    _worker.append(grader(setting, Sandbox(unsafe=setting.unsafe)))


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _grade(job: Job) -> Grading:
    return _worker[0].grade(job.submission, job.seed, now())
