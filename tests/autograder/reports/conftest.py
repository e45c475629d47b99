from collections.abc import Callable

import pytest

from autograder.reports.gradebook import Gradebook, gradebook
from quizgen.model import (
    Ask,
    ConceptBody,
    ConceptDetail,
    ConceptKey,
    Exam,
    Grading,
    Item,
    Kind,
    Paper,
    QuestionRecord,
    Select,
    Status,
    Variant,
    Verdict,
)
from quizgen.policy import Policy

OPTIONS = "- [x] right\n  > yes\n- [ ] wrong\n  > no\n"
POINTS = 2.0


def record(question: str) -> QuestionRecord:
    return QuestionRecord(
        id=question,
        version="1",
        kind=Kind.CONCEPT,
        source="Q1",
        level=1,
        minutes=1,
        conventions=(),
        titles={"en": f"Title of {question}", "zh": f"{question} 的题目"},
        words={language: {"options": OPTIONS, "solution": "s", "stem": "t"} for language in ("en", "zh")},
    )


def status(credit: float | None) -> Status:
    if credit is None:
        return Status.ERROR
    return Status.CORRECT if credit == 1 else Status.INCORRECT if credit == 0 else Status.PARTIAL


@pytest.fixture
def classroom() -> Callable[..., Gradebook]:
    """Return a maker of gradebooks: a row of credits per student, None where we failed to mark.

    `givens` are the first item's, by student; `questions` all items', by student; `points` those of each item.
    """

    def make(marks, givens=None, questions=None, languages=None, points=None, policy=Policy()) -> Gradebook:  # noqa: B008
        width = len(marks[0])
        points = points or [POINTS] * width
        body = ConceptBody(select=Select.ONE, options=(0, 1))
        papers, gradings = [], []
        for s, row in enumerate(marks):
            items = tuple(
                Item(
                    number=i + 1,
                    points=points[i],
                    ask=Ask.STEPS,
                    variant=Variant(
                        question=questions(s) if questions else f"topic{i % 2}/q{i}",
                        version="1",
                        seed=1,
                        givens=givens(s) if givens and not i else {},
                        body=body,
                    ),
                )
                for i in range(width)
            )
            language = languages[s] if languages else "en"
            papers.append(Paper(student=f"s{s:03}", name=f"Ada {s}", code="C", language=language, items=items))
            verdicts = tuple(
                Verdict(
                    item=i + 1,
                    status=status(credit),
                    credit=credit or 0.0,
                    points=points[i] * (credit or 0.0),
                    detail=ConceptDetail(chosen=(0 if credit else 1,)),
                )
                for i, credit in enumerate(row)
            )
            gradings.append(
                Grading(
                    student=f"s{s:03}",
                    digest="d",
                    verdicts=verdicts,
                    points=sum(v.points for v in verdicts),
                    possible=sum(points),
                    level=3,
                    seconds=0.0,
                    program="t",
                    banks={},
                    seed=1,
                )
            )
        used = {i.variant.question for p in papers for i in p.items}
        exam = Exam(
            title="T",
            language="en",
            seed=1,
            program="t",
            banks={},
            questions={q: record(q) for q in used},
            papers=tuple(papers),
            keys={p.student: (ConceptKey(right=(0,)),) * width for p in papers},
            policy=policy,
        )
        return gradebook(exam, gradings)

    return make
