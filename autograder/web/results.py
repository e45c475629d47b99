"""What running a function's visible cases gave, as HTML."""

from typing import Any

from autograder.reports.feedback import group_lines
from autograder.web.pages import environment
from autograder.web.ticket import Ticket
from quizgen.model import CodeDetail, Exam, Item, Language, Verdict
from quizgen.wording.phrases import in_words


def result_html(exam: Exam, item: Item, verdict: Verdict, language: Language) -> str:
    """Say of each visible group whether it passed, and why not."""
    words, detail = exam.questions[item.variant.question].words[language], verdict.detail
    return (
        environment()
        .get_template("run_result.html.j2")
        .render(
            language=language,
            status=verdict.status.value,
            reason=in_words(verdict.reason, language) if verdict.reason else "",
            groups=group_lines(detail, words, language),
            traceback=detail.traceback if isinstance(detail, CodeDetail) else (),
            output=detail.output if isinstance(detail, CodeDetail) else "",
        )
    )


def waiting_html(ticket: Ticket[Any], address: str, language: Language) -> str:
    """Say how many are before it; a page with scripts asks again by itself."""
    template = environment().get_template("run_waiting.html.j2")
    return template.render(language=language, place=ticket.place, address=address)
