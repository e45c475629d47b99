"""10 000 students x 12 items: storing gradings, the gradebook, and a regrade's dry run; gradings are made up."""

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
from msgspec.structs import replace

from autograder.ledger import Entry, Place
from autograder.regrade import accept_mistake, new_key, plan
from autograder.reports.gradebook import Gradebook, scored_gradebook
from autograder.reports.table import as_csv
from autograder.store import Store, open_store
from autograder.store.database import utc_now
from quizgen.command_line import collect_rarely
from quizgen.exam_file import read_exam
from quizgen.marking.concept import mark_concept
from quizgen.marking.numeric import mark_numeric
from quizgen.model import (
    CodeDetail,
    ConceptKey,
    Exam,
    Finding,
    Grading,
    GroupVerdict,
    Item,
    Key,
    NumericKey,
    Status,
    Submission,
    Verdict,
)

EXAMPLE = Path(__file__).parents[1] / "examples" / "midterm" / "exam"
STUDENTS = 10_000
MISTAKE = "unbiased"
Result = TypeVar("Result")


def main() -> None:
    """Print seconds and memory against their targets; as in the commands, the garbage collector looks rarely."""
    collect_rarely()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        enlarge(folder)
        exam = timed("exam.json read", lambda: read_exam(folder))
        with open_store(folder / "grades.db", create=True) as store:
            timed("exam and roster stored", lambda: store.add_exam(exam))
            timed("hand-ins stored", lambda: store.save_submissions(submission(p.student) for p in exam.papers))
            fill(exam, store)
            timed("gradebook worked out and written as CSV", lambda: as_csv(book_of(exam, store)))
            timed("dry run of an accepted mistake (target 10 s)", lambda: dry_run(exam, store, by_mistake=True))
            timed("dry run of a new key (target 10 s)", lambda: dry_run(exam, store, by_mistake=False))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory at its highest: {peak:.0f} MiB (target 1024)")


def fill(exam: Exam, store: Store) -> None:
    """Store made-up gradings."""
    made = timed("gradings made up", lambda: gradings(exam))
    timed("gradings stored (with the gradebook: target 20 s)", lambda: store.save_gradings(made))


def enlarge(folder: Path) -> None:
    """Write an exam of many students: the papers of the example, over and over."""
    exam = read_exam(EXAMPLE)
    papers, keys = [], {}
    for number in range(STUDENTS):
        paper = exam.papers[number % len(exam.papers)]
        student = f"s{number:05}"
        papers.append(replace(paper, student=student))
        keys[student] = exam.keys[paper.student]
    (folder / "exam.json").write_bytes(msgspec.json.encode(replace(exam, papers=tuple(papers), keys=keys)))


def submission(student: str) -> Submission:
    """Make up a hand-in of the size of a real one."""
    return Submission(student=student, digest=student.rjust(64, "0"), answers=b"#" * 1500, solution=b"#" * 1500)


def gradings(exam: Exam) -> list[Grading]:
    """Make up one grading for each paper: numbers right or off, options at random, code that fails a group."""
    rng = np.random.default_rng(0)
    return [
        Grading(
            student=paper.student,
            digest=paper.student.rjust(64, "0"),
            verdicts=(verdicts := tuple(map(lambda i, k: verdict(i, k, rng), paper.items, exam.keys[paper.student]))),
            points=sum(v.points for v in verdicts),
            possible=sum(i.points for i in paper.items),
            level=3,
            seconds=0.05,
            program="bench",
            banks={},
            seed=1,
        )
        for paper in exam.papers
    ]


def verdict(item: Item, key: Key, rng: np.random.Generator) -> Verdict:
    """Mark a made-up response."""
    match key:
        case NumericKey():
            response = {s.name: (np.asarray(s.value) + (rng.random() < 0.2)).tolist() for s in key.steps}
            marked = mark_numeric(item, key, response, None)
            wrong = [s.name for s in marked.detail.steps if s.status is Status.INCORRECT]
            findings = tuple(Finding(step=s, mistakes=((MISTAKE,),)) for s in wrong)
            return replace(marked, detail=replace(marked.detail, findings=findings))
        case ConceptKey():
            letters = [chr(65 + i) for i in rng.permutation(len(item.variant.body.options))]
            return mark_concept(item, key, {"answer": letters[:1] if len(key.right) == 1 else letters})
        case _:
            failed = GroupVerdict(name="one window", weight=1.0, passed=0, total=5)
            detail = CodeDetail(groups=(failed,) * 4, mistakes=(MISTAKE,))
            return Verdict(item=item.number, status=Status.INCORRECT, credit=0.0, points=0.0, detail=detail)


def book_of(exam: Exam, store: Store) -> Gradebook:
    """Work out everybody's final score."""
    return scored_gradebook(exam, store.attempts(), store.entries())


def dry_run(exam: Exam, store: Store, *, by_mistake: bool) -> None:
    """Plan a regrade of everybody, from what is stored."""
    place = Place(question="regularization/which-method")
    letters = {p.student: "A, B" for p in exam.papers}
    change = accept_mistake(exam, Place(), MISTAKE) if by_mistake else new_key(exam, place, letters)
    attempts = store.attempts()
    found = plan(exam, attempts, (), Entry(number=1, at=utc_now(), by="", reason="", change=change))
    print(f"    {len(found.moves)} of {found.scored} students move")


def timed(what: str, function: Callable[[], Result]) -> Result:
    """Print the seconds that a call takes, and return its result."""
    start = time.perf_counter()
    result = function()
    print(f"{what}: {time.perf_counter() - start:.1f} s")
    return result


if __name__ == "__main__":
    main()
