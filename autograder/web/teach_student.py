"""One student as the instructor sees them: score and why, every hand-in, the boxes now, the history, the access."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace
from starlette.responses import Response

from autograder.amendment import amended_exam
from autograder.ledger import Attempt, Entry, Marked, in_force
from autograder.reports.feedback import feedback_html, item_feedback
from autograder.reports.gradebook import Row, scored_gradebook
from autograder.reports.history import Event, Thing, history_of
from autograder.reports.regrades import change_in_words
from autograder.scores import score_of
from autograder.web.call import Call, RefusedError, see_other
from autograder.web.form import answers_toml, solution_py
from autograder.web.inset import inset
from autograder.web.moment import clock
from autograder.web.teach_files import attachment, files_of
from autograder.web.teach_live import address, spoken, worth
from quizgen.model import Exam, Item, Key, Language, Paper, Verdict
from quizgen.policy import Attempts, TermsChange
from quizgen.wording.phrases import in_words, phrase

PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class ItemLine:
    """How one item was marked; `explained` is HTML: the texts of the mistakes that were recognized."""

    number: int
    title: str
    status: str
    verdict: str
    points: str
    why: tuple[str, ...]
    explained: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class HandIn:
    """One hand-in: its files, and what it is worth by itself as the ledger stands; empty while it is not graded."""

    number: int
    at: str
    digest: str
    points: str
    files: tuple[str, ...]
    counts: bool


@dataclass(frozen=True, kw_only=True)
class Told:
    """One event of the history in words."""

    at: str
    what: str
    by: str
    reason: str
    score: str


def student(call: Call) -> Response:
    """Show one student's paper with the marking explained."""
    exam, paper, store, language = call.site.exam, _paper(call), call.site.store, call.language
    attempts, entries = store.attempts(paper.student), store.entries()
    row, saved = _row(exam, paper, attempts, entries), store.page.saved(paper.student)
    accesses = store.page.accesses_of(paper.student)
    problems = row.grading.problems if row.grading is not None else ()
    return call.page(
        "teach_student.html.j2",
        tab="",
        paper=paper,
        address=address(paper.student),
        score=worth(row.points, row.possible) if row.points is not None else "",
        notices=[in_words(reason, language) for reason in (*problems, *(d.reason for d in row.deductions))],
        items=_item_lines(amended_exam(exam, entries), row, spoken(exam, language)),
        hand_ins=_hand_ins(call, paper, attempts, entries, row),
        saved_at=clock(saved.at, call.now),
        answers=answers_toml(paper, saved.texts).decode("utf-8") if saved.texts else "",
        solution=(solution_py(paper, saved.texts) or b"").decode("utf-8") if saved.texts else "",
        events=[_told(call, e) for e in history_of(exam, paper, attempts, entries)],
        accesses=[(clock(a.made_at, call.now), clock(a.revoked_at, call.now)) for a in accesses],
        opens=any(a.revoked_at is None for a in accesses),
    )


def sheet(call: Call) -> Response:
    """Show the feedback sheet of the score, or of one hand-in by itself."""
    paper, number = _paper(call), call.request.path_params.get("attempt")
    attempts, entries = call.site.store.attempts(paper.student), call.site.store.entries()
    if number is None:
        row = _row(call.site.exam, paper, attempts, entries)
    else:
        row = _row(_single(call.site.exam), paper, [a for a in attempts if a.number == number], entries)
    if row.grading is None:
        raise RefusedError(404, "teach-not-graded")
    page = feedback_html(amended_exam(call.site.exam, entries), row)
    return call.html(inset(page, call.nonce, address(paper.student), phrase("teach-back-student", call.language)))


def file(call: Call) -> Response:
    """Send a file just as it was handed in."""
    paper, number, name = _paper(call), call.request.path_params["attempt"], call.request.path_params["name"]
    attempts = [a for a in call.site.store.attempts(paper.student) if a.number == number]
    found = [s for s in call.site.store.submissions_of(a.digest for a in attempts) if s.student == paper.student]
    data = files_of(found[0]).get(name) if found else None
    if data is None:
        raise RefusedError(404, "page-not-found")
    return attachment(data, f"{paper.student}-{number}-{name}", PLAIN)


def revoke(call: Call) -> Response:
    """Let a student's link or code open nothing any more."""
    paper = _paper(call)
    call.site.store.page.revoke([paper.student])
    return see_other(f"{address(paper.student)}#access")


def _paper(call: Call) -> Paper:
    found = call.site.papers.get(call.request.path_params["student"])
    if found is None:
        raise RefusedError(404, "teach-no-such-student")
    return found


def _row(exam: Exam, paper: Paper, attempts: Sequence[Attempt], entries: Sequence[Entry]) -> Row:
    (row,) = scored_gradebook(replace(exam, papers=(paper,)), attempts, entries).rows
    return row


def _single(exam: Exam) -> Exam:
    """Return the exam as if there were one hand-in only."""
    return replace(exam, policy=replace(exam.policy, attempts=Attempts.LAST))


def _item_lines(exam: Exam, row: Row, language: Language) -> list[ItemLine]:
    items = zip(row.paper.items, exam.keys[row.paper.student], strict=True)
    return [_item_line(exam, item, key, v, language) for (item, key), v in zip(items, row.verdicts, strict=False)]


def _item_line(exam: Exam, item: Item, key: Key, verdict: Verdict, language: Language) -> ItemLine:
    record = exam.questions[item.variant.question]
    why = (verdict.reason, *verdict.notes) if verdict.reason is not None else verdict.notes
    return ItemLine(
        number=item.number,
        title=record.titles.get(language, item.variant.question),
        status=verdict.status.value,
        verdict=phrase(verdict.status.value, language),
        points=worth(verdict.points, item.points),
        why=tuple(in_words(reason, language) for reason in why),
        explained=item_feedback(item, key, verdict, record, language).explanations,
    )


def _hand_ins(
    call: Call, paper: Paper, attempts: Sequence[Attempt], entries: Sequence[Entry], row: Row
) -> list[HandIn]:
    files = {
        s.digest: s for s in call.site.store.submissions_of(a.digest for a in attempts) if s.student == paper.student
    }
    exam, holding = _single(call.site.exam), in_force(entries)
    counted = row.score.counted if row.score is not None else ()
    found = []
    for attempt in attempts:
        score = score_of(exam, paper, [attempt], holding)
        found.append(
            HandIn(
                number=attempt.number,
                at=clock(attempt.received_at, call.now),
                digest=attempt.digest[:12],
                points=worth(score.points, score.possible) if score is not None else "",
                files=tuple(files_of(files[attempt.digest])),
                counts=attempt.number in counted,
            )
        )
    return found


def _told(call: Call, event: Event) -> Told:
    return Told(
        at=clock(event.at, call.now),
        what=_what(event.thing, call.language),
        by=event.by,
        reason=event.reason,
        score=worth(event.score.points, event.score.possible) if event.score is not None else "",
    )


def _what(thing: Thing, language: Language) -> str:
    match thing:
        case Attempt(number=number):
            return phrase("teach-event-handed-in", language, number=number)
        case Marked(grading=grading):
            points = worth(grading.points, grading.possible)
            return phrase("teach-event-graded", language, points=points, program=grading.program, level=grading.level)
        case TermsChange():
            return phrase("teach-event-terms", language)
        case Entry(number=number, change=change):
            what = change_in_words(change, language)
            lower = phrase("change-never-lower", language) if thing.never_lower else ""
            return phrase("teach-event-entry", language, number=number, what=what + lower)
