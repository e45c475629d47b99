"""Marking again with the installed questions: their keys and functions, on the givens that the papers froze."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from msgspec.structs import replace

from autograder.grading import Grader
from autograder.ledger import Attempt, ItemKey, NewVersion, Place
from autograder.sandbox import Sandbox
from quizgen.authoring.code import CodeQuestion
from quizgen.authoring.concept import ConceptQuestion
from quizgen.authoring.numeric import NumericQuestion, thaw
from quizgen.authoring.tolerance import radii
from quizgen.bank import Question, Shelf
from quizgen.errors import InstructorError
from quizgen.model import (
    CodeBody,
    CodeKey,
    ConceptBody,
    ConceptKey,
    Exam,
    Item,
    Key,
    NumericBody,
    NumericKey,
    Paper,
    Select,
    StepKey,
    Submission,
    Verdict,
)


def new_version(
    exam: Exam,
    place: Place,
    shelf: Shelf,
    attempts: Iterable[Attempt],
    submissions: Iterable[Submission],
    sandbox: Sandbox,
) -> NewVersion:
    """Mark what was handed in again, and keep the new keys and verdicts as they are now."""
    changed = changed_questions(exam, place, shelf)
    renewed = renewed_exam(exam, place, changed)
    by_content = {(s.student, s.digest): s for s in submissions}
    grader = Grader(renewed, shelf, sandbox, exam.program)
    students = {p.student for p in renewed.papers}
    verdicts: dict[str, tuple[Verdict, ...]] = {}
    for attempt in attempts:
        marked = attempt.newest
        if marked is None or str(marked.id) in verdicts or attempt.student not in students:
            continue
        submission = by_content[attempt.student, attempt.digest]
        verdicts[str(marked.id)] = grader.grade(submission, marked.grading.seed, "").verdicts
    keys: defaultdict[str, tuple[ItemKey, ...]] = defaultdict(tuple)
    for paper in renewed.papers:
        pairs = zip(paper.items, renewed.keys[paper.student], strict=True)
        keys[paper.student] = tuple(ItemKey(item=i.number, key=k) for i, k in pairs if not isinstance(k, CodeKey))
    versions = {q: question.version for q, question in changed.items()}
    return NewVersion(place=place, versions=versions, keys=dict(keys), verdicts=verdicts)


def changed_questions(exam: Exam, place: Place, shelf: Shelf) -> dict[str, Question]:
    """Return the installed questions, among those meant, that differ from what the exam froze."""
    meant = {i.variant.question for p in exam.papers for i in p.items if place.holds(i)}
    found = {q: shelf.find(q) for q in sorted(meant)}
    changed = {q: new for q, new in found.items() if new is not None and new.version != exam.questions[q].version}
    if not changed:
        missing = [q for q, new in found.items() if new is None]
        why = f"{missing[0]} is not installed" if missing else "the installed questions are those that the exam froze"
        raise InstructorError(f"nothing to mark again: {why}")
    return changed


def renewed_exam(exam: Exam, place: Place, changed: dict[str, Question]) -> Exam:
    """Return the exam with only the items to mark again, under their new versions and keys."""
    papers, keys = [], {}
    for paper in exam.papers:
        items = [i for i in paper.items if place.holds(i) and i.variant.question in changed]
        if items:
            papers.append(_renewed(paper, items, changed))
            keys[paper.student] = tuple(renewed_key(paper, i, changed[i.variant.question]) for i in items)
    return replace(exam, papers=tuple(papers), keys=keys)


def renewed_key(paper: Paper, item: Item, question: Question) -> Key:
    """Work out an item's key with the installed question from the givens on the paper."""
    template, body = question.template, item.variant.body
    match template, body:
        case NumericQuestion(), NumericBody():
            return _numeric(template, body, item, question.id)
        case ConceptQuestion(), ConceptBody():
            return _concept(template, body, item, question)
        case CodeQuestion(), CodeBody() if template.function == body.function:
            return CodeKey()
        case _:
            raise InstructorError(f"{question.id}: item {item.number} of {paper.student} asks for something else now")


def _renewed(paper: Paper, items: Sequence[Item], changed: dict[str, Question]) -> Paper:
    renewed = tuple(replace(i, variant=replace(i.variant, version=changed[i.variant.question].version)) for i in items)
    return replace(paper, items=renewed)


def _numeric(template: NumericQuestion, body: NumericBody, item: Item, name: str) -> NumericKey:
    values = template.program.run(thaw(item.variant.givens))
    shapes = {step: np.shape(values[step]) for step in template.program.steps}
    if shapes != {f.name: f.shape for f in body.fields}:
        raise InstructorError(f"{name}: it has other steps now than the papers: its new version cannot mark them")
    accepted = radii(template.program, values)
    return NumericKey(
        steps=tuple(
            StepKey(name=step, value=np.asarray(values[step]).tolist(), radius=radius.tolist())
            for step, radius in accepted.items()
        )
    )


def _concept(template: ConceptQuestion, body: ConceptBody, item: Item, question: Question) -> ConceptKey:
    """Find what is right now among the options shown; only what is right may have changed, not the list."""
    pool = question.pool
    if pool.length <= max((*body.options, *body.targets)):
        raise InstructorError(f"{question.id}: options were taken away: its new version cannot mark the papers")
    match body.select:
        case Select.ONE | Select.SEVERAL:
            values = template.program.run(thaw({k: v for k, v in item.variant.givens.items() if k != "mistakes"}))
            right = tuple(at for at, i in enumerate(body.options) if template.holds(pool.marks[i], values))
            if not right:
                raise InstructorError(
                    f"{question.id}: no option of item {item.number} on a paper is right now: "
                    "its new version cannot mark the papers; --drop-item and --full-marks can"
                )
            return ConceptKey(right=right)
        case Select.MATCH:
            sides = [pool.targets[t] for t in body.targets]
            if any(pool.targets[i] not in sides for i in body.options):
                raise InstructorError(
                    f"{question.id}: a row of item {item.number} belongs to a right side now that a paper lacks: "
                    "its new version cannot mark the papers; --drop-item and --full-marks can"
                )
            return ConceptKey(right=tuple(sides.index(pool.targets[i]) for i in body.options))
        case Select.ORDER:
            return ConceptKey(right=tuple(body.options.index(i) for i in sorted(body.options)))
