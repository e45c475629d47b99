"""The gradebook: one row per student, one line per item; pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.amendment import amended_exam
from autograder.ledger import Attempt, DropItem, Entry, Place, in_force
from autograder.reports.time_spent import Save
from autograder.scores import Deduction, Score, final_scores
from quizgen.model import (
    Ask,
    CodeDetail,
    Exam,
    Grading,
    Item,
    NumericDetail,
    Paper,
    Reason,
    Status,
    Value,
    Verdict,
)
from quizgen.wording.phrases import in_words


@dataclass(frozen=True, kw_only=True)
class Row:
    """One student; `grading` is None where nothing was handed in, `score` where no policy has been applied.

    Items that were `dropped` count neither for nor against this student, those of `bonus` only for.
    """

    paper: Paper
    grading: Grading | None
    score: Score | None = None
    dropped: frozenset[int] = frozenset()
    bonus: frozenset[int] = frozenset()

    @property
    def points(self) -> float | None:
        """Return the points, or None where nothing was handed in."""
        if self.score is not None:
            return self.score.points
        return None if self.grading is None else self.grading.points

    @property
    def possible(self) -> float:
        """Return the points that could be had; items that we failed to mark do not count."""
        if self.score is not None:
            return self.score.possible
        if self.grading is not None:
            return self.grading.possible
        return sum(i.points for i in self.paper.items if i.number not in self.dropped | self.bonus)

    @property
    def share(self) -> float | None:
        """Return points over possible points."""
        return None if self.points is None or not self.possible else self.points / self.possible

    @property
    def deductions(self) -> tuple[Deduction, ...]:
        """Return what the policy took away, and why."""
        return () if self.score is None else self.score.deductions

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Return the verdicts, empty where nothing was handed in."""
        return self.grading.verdicts if self.grading is not None else ()


@dataclass(frozen=True, kw_only=True)
class ItemLine:
    """How the class did on one slot of the paper; `mistakes` counts the ones that were named."""

    number: int
    question: str
    title: str
    points: float
    answered: int
    mean: float | None
    statuses: Counter[Status]
    mistakes: Counter[str]


@dataclass(frozen=True, kw_only=True)
class Gradebook:
    """All rows and lines of one exam; `saves` are the moments of saving, where answers were written on the page."""

    exam: Exam
    rows: tuple[Row, ...]
    lines: tuple[ItemLine, ...]
    saves: tuple[Save, ...] = ()

    @property
    def graded(self) -> tuple[Row, ...]:
        """Return the rows of those who handed in."""
        return tuple(r for r in self.rows if r.grading is not None)

    @property
    def mean(self) -> float | None:
        """Return the mean share of the points."""
        shares = [r.share for r in self.graded if r.share is not None]
        return sum(shares) / len(shares) if shares else None

    @property
    def unsafe(self) -> bool:
        """Say whether any result came about without a sandbox."""
        return any(r.grading is not None and r.grading.level == 0 for r in self.rows)


def scored_gradebook(
    exam: Exam, attempts: Sequence[Attempt], entries: Sequence[Entry], saves: Sequence[Save] = ()
) -> Gradebook:
    """Put an exam's final scores, by its policy and the ledger of regrades, in the order of its roster."""
    scores = final_scores(exam, attempts, entries)
    book = gradebook(amended_exam(exam, entries), [s.grading for s in scores.values()])
    places = [e.change.place for e in in_force(entries) if isinstance(e.change, DropItem)]
    rows = (_scored(row, scores.get(row.paper.student), places) for row in book.rows)
    return replace(book, rows=tuple(rows), saves=tuple(saves))


def _scored(row: Row, score: Score | None, dropped: Sequence[Place]) -> Row:
    """Give a row its score; where there is none, no entry could lower it, so all that drop an item hold."""
    if score is not None:
        found = (d.reason for d in score.deductions if d.reason.phrase == "deducted-dropped")
        return replace(row, score=score, dropped=frozenset(int(reason.values["item"]) for reason in found))
    held = {i.number for i in row.paper.items if any(place.holds(i) for place in dropped)}
    return replace(row, dropped=row.dropped | held)


def gradebook(exam: Exam, gradings: Sequence[Grading]) -> Gradebook:
    """Put an exam's gradings, as they were marked, in the order of its roster."""
    by_student = {g.student: g for g in gradings}
    dropped, bonus = frozenset(exam.policy.dropped), frozenset(exam.policy.bonus)
    rows = tuple(
        Row(paper=paper, grading=by_student.get(paper.student), dropped=dropped, bonus=bonus) for paper in exam.papers
    )
    slots = sorted({(item.number, item.variant.question) for paper in exam.papers for item in paper.items})
    lines = tuple(_line(exam, rows, number, question) for number, question in slots)
    return Gradebook(exam=exam, rows=rows, lines=lines)


def _line(exam: Exam, rows: Sequence[Row], number: int, question: str) -> ItemLine:
    found = [
        (item, verdict)
        for row in rows
        for item, verdict in zip(row.paper.items, row.verdicts, strict=False)
        if item.number == number and item.variant.question == question
    ]
    counted = [v.credit for _, v in found if v.status is not Status.ERROR]
    record = exam.questions[question]
    points = next(
        i.points for p in exam.papers for i in p.items if (i.number, i.variant.question) == (number, question)
    )
    return ItemLine(
        number=number,
        question=question,
        title=record.titles.get(exam.language, question),
        points=points,
        answered=sum(v.status is not Status.BLANK for _, v in found),
        mean=sum(counted) / len(counted) if counted else None,
        statuses=Counter(v.status for _, v in found),
        mistakes=Counter(name for item, verdict in found for name in named_mistakes(item, verdict)),
    )


def named_mistakes(item: Item, verdict: Verdict) -> list[str]:
    """List the mistakes that were recognized; those that cannot be told apart stand together.

    A question mark stands where a guess would give the same number about as easily.
    """
    match verdict.detail:
        case NumericDetail(findings=findings):
            steps = len({f.step for f in findings}) > 1 or item.ask is Ask.STEPS
            return [
                (f"{finding.step}: " if steps else "") + " / ".join(group) + ("" if finding.certain else " ?")
                for finding in findings
                for group in finding.mistakes
            ]
        case CodeDetail(mistakes=mistakes):
            return list(mistakes)
        case _:
            return []


def to_json(book: Gradebook) -> dict[str, Value]:
    """Return what `autograder report --json` prints."""
    return {
        "title": book.exam.title,
        "mean": book.mean,
        "students": [_row_json(row) for row in book.rows],
        "items": [
            {
                "item": line.number,
                "question": line.question,
                "points": line.points,
                "answered": line.answered,
                "mean_credit": line.mean,
                "statuses": {s.value: n for s, n in sorted(line.statuses.items())},
                "mistakes": dict(line.mistakes.most_common()),
            }
            for line in book.lines
        ],
    }


def _row_json(row: Row) -> dict[str, Value]:
    grading = row.grading
    return {
        "student": row.paper.student,
        "name": row.paper.name,
        "paper": row.paper.code,
        "points": row.points,
        "possible": row.possible,
        "attempts": list(row.score.counted) if row.score else [],
        "deductions": [{"points": d.points, "why": in_words(d.reason, "en")} for d in row.deductions],
        "graded_at": grading.graded_at if grading else None,
        "sandbox_level": grading.level if grading else None,
        "problems": [in_words(p, "en") for p in grading.problems] if grading else [],
        "items": [_verdict_json(item, v) for item, v in zip(row.paper.items, row.verdicts, strict=False)],
    }


def _verdict_json(item: Item, verdict: Verdict) -> dict[str, Value]:
    return {
        "item": verdict.item,
        "question": item.variant.question,
        "status": verdict.status.value,
        "credit": verdict.credit,
        "points": verdict.points,
        "mistakes": named_mistakes(item, verdict),
        "reason": _words(verdict.reason),
        "notes": [in_words(n, "en") for n in verdict.notes],
    }


def _words(reason: Reason | None) -> str | None:
    return None if reason is None else in_words(reason, "en")
