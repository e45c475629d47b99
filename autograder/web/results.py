"""What came of a run, as HTML: its results, its place in the queue, or a line that says why there are none."""

from collections.abc import Callable
from typing import TypeVar

from markupsafe import Markup

from autograder.reports.feedback import group_lines
from autograder.web.pages import environment
from autograder.web.ticket import Ticket
from quizgen.model import CodeDetail, Exam, Item, Language, Verdict
from quizgen.wording.phrases import in_words, phrase

AT_ONCE_SECONDS = 0.8
"""A run that takes longer is answered with its place in the queue."""
NEAR = 3
"""Places from the front of the queue at which an answer is soon there."""
WITHOUT_SCRIPTS_SECONDS = 20.0
"""How long a page without scripts waits for its run."""
T = TypeVar("T")


def outcome_html(ticket: Ticket[T], shown: Callable[[T], Markup | None], address: str, language: Language) -> Markup:
    """Say what came of a run, or else how many are before it.

    A page with scripts asks again by itself at the address; one without has none, and is answered later instead.
    `shown` returns None where the ticket turns out to be another run's.
    """
    seconds = AT_ONCE_SECONDS if address else WITHOUT_SCRIPTS_SECONDS
    if not ticket.settled(seconds if ticket.place <= NEAR else 0.0):  # who is far back is not waited for
        return _waiting(ticket.place, address, language)
    if ticket.failure is not None:
        return note_html("page-run-replaced" if ticket.superseded else "page-run-failed-here", language)
    return shown(ticket.result()) or note_html("page-run-forgotten", language)


def note_html(name: str, language: Language, **values: str) -> Markup:
    """Say in a line why there is no result."""
    return Markup('<p class="run-note">{}</p>').format(phrase(name, language, **values))


def result_html(exam: Exam, item: Item, verdict: Verdict, language: Language) -> Markup:
    """Say of each visible group whether it passed, and why not."""
    words, detail = exam.questions[item.variant.question].words[language], verdict.detail
    return _rendered(
        "run_result.html.j2",
        language=language,
        status=verdict.status.value,
        reason=in_words(verdict.reason, language) if verdict.reason else "",
        groups=group_lines(detail, words, language),
        traceback=detail.traceback if isinstance(detail, CodeDetail) else (),
        output=detail.output if isinstance(detail, CodeDetail) else "",
    )


def _waiting(place: int, address: str, language: Language) -> Markup:
    return _rendered("run_waiting.html.j2", language=language, place=place, address=address)


def _rendered(template: str, **values: object) -> Markup:
    return Markup(environment().get_template(template).render(**values))  # noqa: S704 - a template's
