"""One submission -> one Grading: numbers and choices are marked, code is run in the sandbox and judged."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.cases import CaseSet, drawn_cases, frozen_cases
from autograder.intake import Answers, read_answers
from autograder.intake.candidates import named
from autograder.judge import judge
from autograder.sandbox import Call, Limits, Outcome, Sandbox
from quizgen.authoring.code import CodeQuestion
from quizgen.authoring.numeric import NumericQuestion
from quizgen.bank import Question, Shelf
from quizgen.errors import AuthorError
from quizgen.marking.concept import mark_concept
from quizgen.marking.numeric import mark_numeric
from quizgen.marking.reading import is_blank
from quizgen.model import (
    CodeBody,
    CodeKey,
    ConceptKey,
    Exam,
    Grading,
    Item,
    Key,
    NumericBody,
    NumericKey,
    Paper,
    Reason,
    Status,
    Submission,
    Value,
    Verdict,
)

LIMITS = Limits()


@dataclass(frozen=True)
class Grader:
    """Grades submissions of one exam; `program` is recorded with every grading."""

    exam: Exam
    shelf: Shelf
    sandbox: Sandbox
    program: str

    def grade(self, submission: Submission, seed: int, now: str) -> Grading:
        """Grade one submission; `seed` draws the cases of code items, `now` is when."""
        paper = self.exam.paper_of(submission.student)
        if paper is None:
            raise ValueError(f"{submission.student} has no paper in this exam")
        start = time.perf_counter()
        answers = read_answers(submission.answers) if submission.answers is not None else None
        verdicts = {v.item: v for v in self._marked(paper, answers)}
        verdicts |= {v.item: v for v in self._judged(paper, submission.solution, seed)}
        ordered = tuple(verdicts[item.number] for item in paper.items)
        counted = [i for i in paper.items if verdicts[i.number].status is not Status.ERROR]
        return Grading(
            student=submission.student,
            digest=submission.digest,
            verdicts=ordered,
            points=round(sum(v.points for v in ordered), 10),
            possible=sum(i.points for i in counted),
            level=self.sandbox.level.number,
            seconds=round(time.perf_counter() - start, 4),
            program=self.program,
            banks=self.shelf.versions,
            seed=seed,
            problems=(*submission.problems, *_problems(paper, answers)),
            graded_at=now,
        )

    @cached_property
    def _questions(self) -> dict[str, Question | None]:
        return {i: self.shelf.find(i) for i in self.exam.questions}

    def _current(self, item: Item) -> tuple[Question | None, tuple[Reason, ...]]:
        """Return the question if it is still the one that the paper was made with."""
        question = self._questions[item.variant.question]
        if question is None:
            return None, (Reason(phrase="bank-missing"),)
        if question.version != item.variant.version:
            return None, (Reason(phrase="bank-changed"),)
        return question, ()

    def _marked(self, paper: Paper, answers: Answers | None) -> list[Verdict]:
        keys = self.exam.keys[paper.student]
        return [
            self._mark(item, key, answers)
            for item, key in zip(paper.items, keys, strict=True)
            if not isinstance(key, CodeKey)
        ]

    def _mark(self, item: Item, key: Key, answers: Answers | None) -> Verdict:
        reason = answers.why_unreadable(item.number) if answers is not None else None
        if reason is not None:
            return Verdict(item=item.number, status=Status.UNREADABLE, credit=0.0, points=0.0, reason=reason)
        response: Mapping[str, Value] = answers.items.get(item.number, {}) if answers is not None else {}
        question, notes = self._current(item)
        try:
            verdict = _mark(item, key, response, question)
        except AuthorError as error:
            return failed(item, error)
        return _with_notes(verdict, notes)

    def _judged(self, paper: Paper, source: bytes | None, seed: int) -> list[Verdict]:
        items = [i for i in paper.items if isinstance(i.variant.body, CodeBody)]
        if source is None:
            missing = Reason(phrase="no-solution-file")
            return [Verdict(item=i.number, status=Status.BLANK, credit=0.0, points=0.0, reason=missing) for i in items]
        sets = {}
        notes = {}
        for item in items:
            sets[item.number], notes[item.number] = self._cases(item, seed)
        try:
            ran = run(self.sandbox, source, sets, seed)
        except OSError as error:
            return [failed(item, error) for item in items]
        return [_with_notes(ran.judged(i, sets[i.number]), notes[i.number]) for i in items]

    def _cases(self, item: Item, seed: int) -> tuple[CaseSet, tuple[Reason, ...]]:
        question, notes = self._current(item)
        body = item.variant.body
        if question is not None and isinstance(question.template, CodeQuestion):
            return drawn_cases(question.template, seed), notes
        function = body.function if isinstance(body, CodeBody) else ""
        return frozen_cases(self.exam.questions[item.variant.question], function), notes


Place = tuple[int, int, int]
"""Item, case, and which call of it: 0 the function itself, then the probes of the student's own forward."""


@dataclass(frozen=True)
class Ran:
    """What came of all the calls of a submission."""

    outcomes: Mapping[Place, Outcome]
    output: str

    def judged(self, item: Item, cases: CaseSet) -> Verdict:
        """Judge one item by its share of the outcomes."""
        number = item.number
        mains = [self.outcomes[number, index, 0] for index in range(len(cases.cases))]
        probed = {
            index: [self.outcomes[number, index, n] for n in range(1, 1 + len(case.probes))]
            for index, case in enumerate(cases.cases)
            if case.probes
        }
        return judge(item, cases, mains, self.output, probed)


def run(sandbox: Sandbox, source: bytes, sets: Mapping[int, CaseSet], seed: int) -> Ran:
    """Run all calls of all items in one go, in a shuffled order."""
    places = [
        (number, index, call)
        for number, cases in sets.items()
        for index, case in enumerate(cases.cases)
        for call in range(1 + len(case.probes))
    ]
    if not places:
        return Ran({}, "")
    order = [places[i] for i in np.random.default_rng(seed).permutation(len(places))]
    slowest = max(cases.call_seconds for cases in sets.values())
    limits = Limits(call_seconds=slowest, total_seconds=LIMITS.total_seconds * len(sets))
    result = sandbox.run(source, [_call(sets[number], index, call) for number, index, call in order], limits)
    return Ran(dict(zip(order, result.outcomes, strict=True)), result.output)


def _call(cases: CaseSet, index: int, call: int) -> Call:
    case = cases.cases[index]
    if call:
        return Call(function=cases.gradients[case.group.name].forward_name, args=case.probes[call - 1])
    group = case.group
    return Call(function=cases.function, args=case.arguments, echo=group.keeps_input, strided=group.strided)


def _mark(item: Item, key: Key, response: Mapping[str, Value], question: Question | None) -> Verdict:
    match key:
        case NumericKey():
            template = question.template if question is not None else None
            return mark_numeric(item, key, response, template if isinstance(template, NumericQuestion) else None)
        case ConceptKey():
            return mark_concept(item, key, response)
        case CodeKey():
            raise AuthorError(f"item {item.number} is code: it is judged, not marked")


def failed(item: Item, error: Exception) -> Verdict:
    """Return the verdict of a failure that is ours."""
    reason = Reason(phrase="grader-failed", values={"error": str(error)})
    return Verdict(item=item.number, status=Status.ERROR, credit=0.0, points=0.0, reason=reason)


def _with_notes(verdict: Verdict, notes: Sequence[Reason]) -> Verdict:
    if not notes:
        return verdict
    fields: dict[str, Any] = {name: getattr(verdict, name) for name in verdict.__struct_fields__}
    return Verdict(**{**fields, "notes": (*verdict.notes, *notes)})


def _problems(paper: Paper, answers: Answers | None) -> list[Reason]:
    """List what is odd about the hand-in as a whole: none of it costs points."""
    if answers is None:
        return [Reason(phrase="no-answers-file")]
    found = list(answers.problems)
    if answers.paper and answers.paper != paper.code:
        found.append(Reason(phrase="other-paper", values={"got": answers.paper, "wanted": paper.code}))
    numbers = {item.number for item in paper.items}
    found += [Reason(phrase="unknown-item", values={"name": f"item{n}"}) for n in answers.items if n not in numbers]
    return [*found, *(r for item in paper.items if (r := _unknown_places(item, answers.items.get(item.number, {}))))]


def _unknown_places(item: Item, response: Mapping[str, Value]) -> Reason | None:
    """Say which answers stand under names that the item does not ask for: a slip in a name would leave it blank."""
    body = item.variant.body
    if isinstance(body, CodeBody):
        return None
    places = [f.name for f in body.asked(item.ask)] if isinstance(body, NumericBody) else ["answer"]
    unknown = [name for name, value in response.items() if name not in places and not is_blank(value)]
    values = {"item": str(item.number), "names": named(unknown), "places": ", ".join(places)}
    return Reason(phrase="unknown-place", values=values) if unknown else None
