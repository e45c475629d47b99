from collections.abc import Callable

import pytest

from quizgen.model import (
    Ask,
    CodeBody,
    Exam,
    Example,
    Grading,
    Item,
    NumericDetail,
    Paper,
    Reason,
    Status,
    StepVerdict,
    Submission,
    Variant,
    Verdict,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """Return where an empty database is, once for each kind."""
    return tmp_path / "grades.db" if request.param == "sqlite" else request.getfixturevalue("postgres")


QUESTIONS = ("gradients/chain", "pooling/max_map")


def paper(student: str) -> Paper:
    body = CodeBody(function="f", signature="f(x)", example=Example(call="f(1)", result="1"))
    variants = [Variant(question=q, version="1", seed=2**62, givens={}, body=body) for q in QUESTIONS]
    items = tuple(Item(number=n, points=2.0, ask=Ask.STEPS, variant=v) for n, v in enumerate(variants, start=1))
    return Paper(student=student, name=f"Name of {student}", code="ABCD", language="en", items=items)


@pytest.fixture
def make_exam() -> Callable[..., Exam]:
    def make(*students: str, title: str = "Midterm", seed: int = 2**70, minutes: float = 60.0) -> Exam:
        papers = tuple(paper(s) for s in students or ("zoe", "adam"))
        return Exam(
            title=title,
            language="en",
            seed=seed,
            program="0.1",
            banks={},
            questions={},
            papers=papers,
            keys={},
            minutes=minutes,
        )

    return make


@pytest.fixture
def exam(make_exam) -> Exam:
    return make_exam()


@pytest.fixture
def hand_in() -> Callable[..., Submission]:
    def make(student: str = "zoe", digest: str = "a", problems: tuple[Reason, ...] = ()) -> Submission:
        return Submission(
            student=student,
            digest=digest * 64,
            answers=b"\xff\x00 as handed in\r\n",
            solution=None,
            problems=problems,
        )

    return make


@pytest.fixture
def grade() -> Callable[..., Grading]:
    def make(student: str = "zoe", digest: str = "a", points: float = 2.0, graded_at: str = "") -> Grading:
        steps = (
            StepVerdict(
                name="dx", status=Status.CORRECT, credit=1.0, response=[[1.5, float("nan")], [float("-inf"), 0.0]]
            ),
            StepVerdict(name="dy", status=Status.UNREADABLE, credit=0.0, reason=Reason(phrase="not-a-number")),
        )
        verdicts = (
            Verdict(item=1, status=Status.PARTIAL, credit=0.5, points=1.0, detail=NumericDetail(steps=steps)),
            Verdict(
                item=2, status=Status.ERROR, credit=0.0, points=0.0, reason=Reason(phrase="x", values={"a": "é\0"})
            ),
        )
        return Grading(
            student=student,
            digest=digest * 64,
            verdicts=verdicts,
            points=points,
            possible=4.0,
            level=None,
            seconds=0.25,
            program="0.1",
            banks={"fundamentals": "1"},
            seed=2**90,
            problems=(Reason(phrase="file-too-large", values={"name": "solution.py"}),),
            graded_at=graded_at,
            notes=(Reason(phrase="note"),),
        )

    return make
