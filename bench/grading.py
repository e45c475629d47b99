"""One submission of 6 numeric answers and 3 functions with 60 calls on one core; many over one worker and two."""

import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path

import msgspec
import numpy as np

from autograder.batch import Setting, grade_together, jobs
from autograder.grading import Grader
from autograder.intake import collect
from autograder.sandbox import Call, Limits, Sandbox
from autograder.store import open_store
from quizgen.bank import installed
from quizgen.exam_file import read_exam
from quizgen.model import Exam, Submission

EXAMPLE = Path(__file__).parents[1] / "examples" / "midterm"
ROUNDS = 30
CLASS = 120
"""Submissions for workers to share: the example's, over and over, each time as another attempt."""
TURNS = 7
"""The machine's own speed comes and goes by a fifth: the median of so many is told."""
LOOP = 5_000_000
WARM = 2
"""Storings after which all workers are there and warm: starting and ending them is not throughput."""


def main() -> None:
    """Print milliseconds against their target."""
    exam = read_exam(EXAMPLE / "exam")
    with Sandbox() as sandbox:
        grader = Grader(exam, installed(), sandbox, "bench")
        hand_in = EXAMPLE / "submissions" / "s01"
        answers, solution = (hand_in / "answers.toml").read_bytes(), (hand_in / "solution.py").read_bytes()
        submission = Submission(student="s01", digest="bench", answers=answers, solution=solution)
        grader.grade(submission, 0, "")
        whole = [timed(lambda seed=seed: grader.grade(submission, seed, "")) for seed in range(ROUNDS)]
        print(f"one hand-in of the example, whole: {shown(whole)} (target 50 ms)")
        calls = sixty_calls()
        source = b"import numpy as np\n" + b"".join(b"def f%d(x, w): return x * 2\n" % i for i in range(3))
        run = [timed(lambda: sandbox.run(source, calls, Limits())) for _ in range(ROUNDS)]
        print(f"60 calls of 3 trivial functions in the sandbox: {shown(run)}")
    throughput(exam)


def throughput(exam: Exam) -> None:
    """Print how many submissions one local worker and two grade and store in a second; they take turns."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    for workers in (1, 2) * TURNS:
        rates[workers].append(rate(exam, workers))
    one, two = (statistics.median(rates[workers]) for workers in (1, 2))
    print(f"{CLASS} submissions, graded and stored: {one:.1f}/s with one worker, {two:.1f}/s with two: ", end="")
    print(f"{two / one:.2f} times (target 1.8; starting the workers left out)")
    print(f"  two processes that share nothing but this machine: {loops():.2f} times one")


def loops() -> float:
    """Return how much faster two processes do two plain loops than one does: what the machine has to give just now."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(loop, [1, 1]))  # both are there
        alone = min(pool.submit(loop, LOOP).result() for _ in range(3))
        both = min(max(pool.map(loop, [LOOP, LOOP])) for _ in range(3))
    return 2 * alone / both


def loop(turns: int) -> float:
    """Return the seconds that a loop takes."""
    start, total = time.perf_counter(), 0
    for n in range(turns):
        total += n * n
    return time.perf_counter() - start


def rate(exam: Exam, workers: int) -> float:
    """Return how many submissions are graded and stored in a second."""
    setting = Setting(exam_folder=EXAMPLE / "exam", program="bench")
    submissions = list(islice(attempts(exam), CLASS))
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "grades.db", create=True) as store:
        store.add_exam(exam)
        store.save_submissions(submissions)
        seconds = []
        done = []
        for gradings in grade_together(setting, jobs(submissions, seed=0), workers):
            store.save_gradings(gradings)
            seconds.append(time.perf_counter())
            done.append(len(gradings))
    return sum(done[WARM:]) / (seconds[-1] - seconds[WARM - 1])


def attempts(exam: Exam) -> Iterator[Submission]:
    """Repeat the example's submissions, less the one that waits in an endless loop instead of working."""
    found = collect(EXAMPLE / "submissions", [p.student for p in exam.papers]).submissions
    busy = [s for s in found if s.student != "s07"]
    for turn in range(CLASS):
        yield from (msgspec.structs.replace(s, digest=f"{s.digest}-{turn}") for s in busy)


def sixty_calls() -> list[Call]:
    """Return 20 calls of each of three functions, on arrays as pooling gets them."""
    rng = np.random.default_rng(0)
    arguments = (rng.normal(size=(4, 3, 8, 8)), rng.normal(size=(5, 3, 3, 3)))
    return [Call(function=f"f{i % 3}", args=arguments) for i in range(60)]


def timed(function: object) -> float:
    """Return the milliseconds that one call takes."""
    assert callable(function)  # noqa: S101 - a bench of our own
    start = time.perf_counter()
    function()
    return 1000 * (time.perf_counter() - start)


def shown(milliseconds: list[float]) -> str:
    """Print the median and the best."""
    return f"median {statistics.median(milliseconds):.1f} ms, best {min(milliseconds):.1f} ms"


if __name__ == "__main__":
    main()
