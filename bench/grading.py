"""One submission of 6 numeric answers and 3 functions with 60 calls, graded on one core."""

import statistics
import time
from pathlib import Path

import numpy as np

from autograder.grading import Grader
from autograder.sandbox import Call, Limits, Sandbox
from quizgen.bank import installed
from quizgen.exam_file import read_exam
from quizgen.model import Submission

EXAMPLE = Path(__file__).parents[1] / "examples" / "midterm"
ROUNDS = 30


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
