"""Item analysis: how hard each item was, how well it tells students apart, and what went wrong in it; pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.reports.choices import ChoiceCount, choice_counts
from autograder.reports.estimates import Array, Estimate, Reliability, correlation, reliability, share
from autograder.reports.gradebook import Gradebook, Row, named_mistakes
from quizgen.model import (
    CodeDetail,
    Exam,
    Item,
    Language,
    NumericBody,
    NumericDetail,
    Status,
    Verdict,
)
from quizgen.solution import solution_values
from quizgen.wording import render

Points = Mapping[str, Mapping[int, float]]
"""Student -> item -> points."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One student's item with its verdict."""

    row: Row
    item: Item
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class MistakeCount:
    """How many made a mistake that was recognized; `text` is what one of them was told, with that one's numbers."""

    name: str
    count: int
    share: Estimate
    text: str


@dataclass(frozen=True, kw_only=True)
class FunnelStep:
    """One step: how many had everything before it right, and how many of these went wrong here."""

    name: str
    reached: int
    lost: int


@dataclass(frozen=True, kw_only=True)
class ItemAnalysis:
    """One slot of the paper; `students` are those whose answer was marked."""

    number: int
    question: str
    title: str
    students: int
    correct: int
    difficulty: Estimate
    discrimination: Estimate
    mistakes: tuple[MistakeCount, ...]
    choices: tuple[ChoiceCount, ...]
    funnel: tuple[FunnelStep, ...]


@dataclass(frozen=True, kw_only=True)
class ExamAnalysis:
    """All items, and how reliable the totals are."""

    students: int
    items: tuple[ItemAnalysis, ...]
    reliability: Reliability


def analyze(book: Gradebook, language: Language) -> ExamAnalysis:
    """Analyze every item; texts are in `language` where the question has words in it."""
    slots = _slots(book)
    points = _counted_points(book)
    items = tuple(
        _item(book.exam, line.number, slots[line.number, line.question], points, language)
        for line in book.lines
        if slots.get((line.number, line.question))
    )
    return ExamAnalysis(students=len(book.graded), items=items, reliability=reliability(_matrix(points)))


def answers(book: Gradebook) -> Iterator[Answer]:
    """Yield every answer that was marked; what we failed to mark tells nothing."""
    for row in book.graded:
        for item, verdict in zip(row.paper.items, row.verdicts, strict=True):
            if verdict.status is not Status.ERROR:
                yield Answer(row=row, item=item, verdict=verdict)


def _slots(book: Gradebook) -> dict[tuple[int, str], list[Answer]]:
    found: dict[tuple[int, str], list[Answer]] = {}
    for answer in answers(book):
        found.setdefault((answer.item.number, answer.item.variant.question), []).append(answer)
    return found


def _counted_points(book: Gradebook) -> Points:
    """Return the points for items that count, of the students of whom every one of these was marked."""
    counted = {row.paper.student: [v for v in row.verdicts if v.item not in row.dropped] for row in book.graded}
    return {
        student: {v.item: v.points for v in verdicts}
        for student, verdicts in counted.items()
        if all(v.status is not Status.ERROR for v in verdicts)
    }


def _matrix(points: Points) -> Array:
    """Return (students, items): the points for the items that count for everybody."""
    numbers = sorted(set.intersection(*(set(mine) for mine in points.values()))) if points else []
    rows = [[mine[n] for n in numbers] for mine in points.values()]
    return np.array(rows, dtype=np.float64).reshape(len(points), len(numbers))


def _item(exam: Exam, number: int, found: Sequence[Answer], points: Points, language: Language) -> ItemAnalysis:
    question = exam.questions[found[0].item.variant.question]
    known = language if language in question.titles else next(iter(question.titles))
    correct = sum(a.verdict.status is Status.CORRECT for a in found)
    return ItemAnalysis(
        number=number,
        question=question.id,
        title=question.titles[known],
        students=len(found),
        correct=correct,
        difficulty=share(correct, len(found)),
        discrimination=_discrimination(found, points),
        mistakes=_mistakes(exam, found, known),
        choices=choice_counts([(exam.keys[a.row.paper.student], a.item, a.verdict) for a in found], question, known),
        funnel=_funnel(found),
    )


def _discrimination(found: Sequence[Answer], points: Points) -> Estimate:
    """Correlate the credit for the item with the points on all others that count."""
    complete = [a for a in found if a.row.paper.student in points]
    credit: Array = np.array([a.verdict.credit for a in complete], dtype=np.float64)
    rests = [sum(p for n, p in points[a.row.paper.student].items() if n != a.item.number) for a in complete]
    rest: Array = np.array(rests, dtype=np.float64)
    return correlation(credit, np.round(rest, 9))


def _mistakes(exam: Exam, found: Sequence[Answer], language: Language) -> tuple[MistakeCount, ...]:
    counts: Counter[str] = Counter()
    first: dict[str, tuple[Answer, str]] = {}
    for answer in found:
        for name, mistake in dict(
            zip(named_mistakes(answer.item, answer.verdict), _names(answer), strict=True)
        ).items():
            counts[name] += 1
            first.setdefault(name, (answer, mistake))
    return tuple(
        MistakeCount(name=name, count=count, share=share(count, len(found)), text=_text(exam, *first[name], language))
        for name, count in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
    )


def _names(answer: Answer) -> list[str]:
    """Name the mistakes as the words files do; of those that cannot be told apart, the first."""
    match answer.verdict.detail:
        case NumericDetail(findings=findings):
            return [group[0] for finding in findings for group in finding.mistakes]
        case CodeDetail(mistakes=mistakes):
            return list(mistakes)
        case _:
            return []


def _text(exam: Exam, answer: Answer, mistake: str, language: Language) -> str:
    item, student = answer.item, answer.row.paper.student
    key = exam.keys[student][answer.row.paper.items.index(item)]
    words = exam.questions[item.variant.question].words[language]
    return render(words[mistake], solution_values(item.variant, key)) if mistake in words else ""


def _funnel(found: Sequence[Answer]) -> tuple[FunnelStep, ...]:
    """Follow the class through the asked steps; who leaves a step blank is lost there."""
    item = found[0].item
    if not isinstance(item.variant.body, NumericBody):
        return ()
    asked = [f.name for f in item.variant.body.asked(item.ask)]
    lost = Counter(a.verdict.detail.first_wrong for a in found if isinstance(a.verdict.detail, NumericDetail))
    # An item whose place in answers.toml cannot be read has no steps: it is lost at the first.
    lost[asked[0]] += sum(not isinstance(a.verdict.detail, NumericDetail) for a in found)
    steps, reached = [], len(found)
    for name in asked:
        steps.append(FunnelStep(name=name, reached=reached, lost=lost[name]))
        reached -= lost[name]
    return tuple(steps) if len(steps) > 1 else ()
