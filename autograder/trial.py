"""Trying a solution before it is handed in: the visible cases only, in the same sandbox, with the same messages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.cases import CaseSet, drawn_cases
from autograder.grading import run
from autograder.sandbox import Sandbox
from quizgen.authoring.code import CodeQuestion
from quizgen.bank import Question, Shelf
from quizgen.errors import StudentError
from quizgen.model import Ask, CodeBody, Exam, Example, Item, Kind, Variant, Verdict


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One function with what became of its visible cases."""

    question: Question
    verdict: Verdict


def questions_of(exam: Exam, student: str, shelf: Shelf) -> list[Question]:
    """Return the code questions of one student's paper."""
    paper = exam.paper_of(student)
    if paper is None:
        raise StudentError(f"{student!r} has no paper in this exam")
    ids = [i.variant.question for i in paper.items if isinstance(i.variant.body, CodeBody)]
    return [found for i in ids if (found := shelf.find(i)) is not None]


def questions_for(source: bytes, shelf: Shelf) -> list[Question]:
    """Return the code questions whose functions a file defines, going by their names."""
    found = [q for q in shelf if q.kind is Kind.CODE and f"def {_function(q)}(".encode() in source]
    if not found:
        raise StudentError("the file defines no function that a question asks for")
    return found


def try_solution(source: bytes, questions: Sequence[Question], sandbox: Sandbox, seed: int) -> list[Tried]:
    """Run the visible cases of these questions' functions."""
    sets = {number: _visible(q, seed) for number, q in enumerate(questions, start=1)}
    ran = run(sandbox, source, sets, seed)
    return [
        Tried(question=q, verdict=ran.judged(_item(number, q), sets[number]))
        for number, q in enumerate(questions, start=1)
    ]


def _visible(question: Question, seed: int) -> CaseSet:
    assert isinstance(question.template, CodeQuestion)  # noqa: S101 - only code questions come here
    return visible(drawn_cases(question.template, seed))


def visible(whole: CaseSet) -> CaseSet:
    """Keep the groups that students may see; mistakes are not looked for, they need all cases."""
    groups = tuple(g for g in whole.groups if g.visible)
    return replace(whole, groups=groups, cases=tuple(c for c in whole.cases if c.group.visible), mistakes={})


def _item(number: int, question: Question) -> Item:
    function = _function(question)
    body = CodeBody(function=function, signature=function, example=Example(call="", result=""))
    variant = Variant(question=question.id, version=question.version, seed=0, givens={}, body=body)
    return Item(number=number, points=1.0, ask=Ask.STEPS, variant=variant)


def _function(question: Question) -> str:
    return question.template.function if isinstance(question.template, CodeQuestion) else ""
