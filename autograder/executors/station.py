"""What is sent to a worker, and what stands there: one warm grader, whichever executor the worker belongs to."""

import platform
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version

import msgspec
import numpy as np

from autograder.grading import Grader
from autograder.sandbox import Sandbox, SandboxRefused
from quizgen.bank import installed
from quizgen.errors import QuizgenError
from quizgen.model import Exam, Grading, Submission


@dataclass(frozen=True, kw_only=True)
class Job:
    """One submission to grade, with the secret seed of its cases."""

    submission: Submission
    seed: int


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What every worker is sent: the exam as bytes, since hosts share no file system, and never the database."""

    exam: bytes
    program: str
    unsafe: bool = False


@dataclass(frozen=True, kw_only=True)
class Introduction:
    """What a worker tells before it is given work; with a `fault` it cannot be."""

    versions: Mapping[str, str]
    fault: str = ""


def versions() -> dict[str, str]:
    """Return what marking depends on: NumPy's generator may draw other cases in another version."""
    return {
        "program": version("quizgen-deep-learning"),
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "NumPy": np.__version__,
        **{f"bank {name}": digest for name, digest in installed().versions.items()},
    }


class Station:
    """A worker's grader, made once and kept warm from one submission to the next."""

    def __init__(self, errand: Errand) -> None:
        self._turn = threading.Lock()
        self._grader: Grader | None = None
        found: dict[str, str] = {}
        fault = ""
        try:
            found = versions()
            exam = msgspec.json.decode(errand.exam, type=Exam)
            self._grader = Grader(exam, installed(), Sandbox(unsafe=errand.unsafe), errand.program)
        except (QuizgenError, SandboxRefused, msgspec.DecodeError) as error:
            fault = str(error)
        self.introduction = Introduction(versions=found, fault=fault)

    def grade(self, job: Job) -> Grading:
        """Grade one submission; when is for the one who stores it to say, as hosts' clocks differ."""
        with self._turn:
            if self._grader is None:
                raise RuntimeError("this grader was closed")
            return self._grader.grade(job.submission, job.seed, "")

    def close(self) -> None:
        """End the sandbox, after the submission in it."""
        with self._turn:
            if self._grader is not None:
                self._grader.sandbox.close()
                self._grader = None
