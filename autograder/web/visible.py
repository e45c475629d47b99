"""What a student's *run* button asks of a sandbox: one function on its visible cases or, in practice, on all."""

from msgspec.structs import replace

from autograder.cases import CaseSet, drawn_cases, frozen_cases
from autograder.grading import run
from autograder.sandbox import Sandbox
from autograder.trial import visible
from quizgen.authoring.code import CodeQuestion
from quizgen.bank import Question, Shelf
from quizgen.model import CodeBody, Exam, Item, Reason, Status, Verdict

MAX_SOURCE_BYTES = 64 * 1024
"""Of one box of code: a long solution has 5 KiB."""


def run_visible(sandbox: Sandbox, exam: Exam, item: Item, source: bytes, *, shelf: Shelf, seed: int) -> Verdict:
    """Run a code item of an exam on the cases that students may see; the verdict knows of no others, and of no points.

    The cases are drawn with `seed` (the variant's own begins with the example that the paper shows) or, where the
    question has changed since the exam was made, they are the visible ones that the exam has kept.
    """
    question = shelf.find(item.variant.question)
    if question is not None and question.version == item.variant.version:
        return replace(_ran(sandbox, item, source, visible(_drawn(question, seed)), seed), points=0.0)
    reason = Reason(phrase="bank-missing" if question is None else "bank-changed")
    cases = visible(frozen_cases(exam.questions[item.variant.question], _function(item)))
    if not cases.cases:
        return Verdict(item=item.number, status=Status.ERROR, credit=0.0, points=0.0, reason=reason)
    return replace(_ran(sandbox, item, source, cases, seed), points=0.0, notes=(reason,))


def run_practice(sandbox: Sandbox, question: Question, item: Item, source: bytes, seed: int) -> Verdict:
    """Run a function on all cases of its question, as a grading would: for practice, where there is nothing to keep."""
    return _ran(sandbox, item, source, _drawn(question, seed), seed)


def _ran(sandbox: Sandbox, item: Item, source: bytes, cases: CaseSet, seed: int) -> Verdict:
    if len(source) > MAX_SOURCE_BYTES:
        values = {"name": cases.function, "limit": f"{MAX_SOURCE_BYTES // 1024} KiB"}
        reason = Reason(phrase="file-too-large", values=values)
        return Verdict(item=item.number, status=Status.UNREADABLE, credit=0.0, points=0.0, reason=reason)
    return run(sandbox, source, {item.number: cases}, seed).judged(item, cases)


def _drawn(question: Question, seed: int) -> CaseSet:
    assert isinstance(question.template, CodeQuestion)  # noqa: S101 - only code items have a run button
    return drawn_cases(question.template, seed)


def _function(item: Item) -> str:
    assert isinstance(item.variant.body, CodeBody)  # noqa: S101 - only code items have a run button
    return item.variant.body.function
