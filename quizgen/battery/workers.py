"""Many questions checked at once by a crew."""

from collections.abc import Callable, Sequence
from functools import partial

from quizgen.bank import Question
from quizgen.battery.conformance import check
from quizgen.battery.report import Report
from quizgen.crew import Crew


def check_all(
    questions: Sequence[Question], *, draws: int, workers: int, progress: Callable[[str], None] = lambda _: None
) -> list[Report]:
    """Run the battery over installed questions and return their reports in the same order."""
    with Crew(min(workers, len(questions)) - 1) as crew:
        return crew.map(partial(check, draws=draws), questions, progress=lambda report: progress(report.question))
