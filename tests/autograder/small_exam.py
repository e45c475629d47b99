"""An exam of four choice items, small enough to mark in one's head: option B is right everywhere."""

from datetime import UTC, datetime

from autograder.ledger import Attempt, Entry, Marked
from quizgen.marking.concept import mark_concept
from quizgen.model import (
    Ask,
    ConceptBody,
    ConceptKey,
    Exam,
    Grading,
    Item,
    Kind,
    Paper,
    QuestionRecord,
    Select,
    Variant,
)
from quizgen.policy import Policy

POINTS = (1.0, 2.0, 4.0, 8.0)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def paper(student: str, extra_time: float = 0.0) -> Paper:
    body = ConceptBody(select=Select.ONE, options=(0, 1, 2))
    items = tuple(
        Item(
            number=number,
            points=points,
            ask=Ask.STEPS,
            variant=Variant(question=f"q/{number}", version="1", seed=number, givens={}, body=body),
        )
        for number, points in enumerate(POINTS, start=1)
    )
    return Paper(student=student, name=student.title(), code="C", language="en", items=items, extra_time=extra_time)


def exam_of(*students: str, policy: Policy = Policy(), extra_time: float = 0.0) -> Exam:  # noqa: B008 - frozen
    papers = tuple(paper(s, extra_time) for s in students or ("ada", "bo"))
    records = {f"q/{n}": record(f"q/{n}") for n in range(1, len(POINTS) + 1)}
    keys = {p.student: (ConceptKey(right=(1,)),) * len(POINTS) for p in papers}
    return Exam(
        title="Small",
        language="en",
        seed=1,
        program="test",
        banks={},
        questions=records,
        papers=papers,
        keys=keys,
        policy=policy,
    )


def record(name: str) -> QuestionRecord:
    words = {"en": {"stem": "Which?", "options": "- [ ] a\n\n- [x] b\n\n- [ ] c\n", "solution": "b"}}
    return QuestionRecord(
        id=name,
        version="1",
        kind=Kind.CONCEPT,
        source="",
        level=1,
        minutes=1,
        conventions=(),
        titles={"en": name},
        words=words,
    )


def grading_of(exam: Exam, student: str, letters: str, digest: str = "d") -> Grading:
    """Mark a string of letters, one for each item; a dash leaves one blank."""
    (found,) = [p for p in exam.papers if p.student == student]
    verdicts = tuple(
        mark_concept(item, ConceptKey(right=(1,)), {} if letter == "-" else {"answer": letter})
        for item, letter in zip(found.items, letters, strict=True)
    )
    return Grading(
        student=student,
        digest=digest,
        verdicts=verdicts,
        points=sum(v.points for v in verdicts),
        possible=sum(POINTS),
        level=3,
        seconds=0.0,
        program="test",
        banks={},
        seed=0,
        graded_at=NOON.isoformat(),
    )


def attempt(exam: Exam, student: str, letters: str, number: int = 1, received_at: datetime = NOON) -> Attempt:
    marked = Marked(id=1000 * number + len(student), grading=grading_of(exam, student, letters))
    return Attempt(student=student, number=number, received_at=received_at, digest="d", gradings=(marked,))


def entry(number: int, change, *, never_lower: bool = False) -> Entry:
    return Entry(number=number, at=NOON, by="me", reason="why", change=change, never_lower=never_lower)
