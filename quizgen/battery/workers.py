"""Many questions checked at once, each by one of several processes; what they find does not depend on how many."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from functools import cache
from multiprocessing import get_context

from quizgen.bank import Question, Shelf, installed
from quizgen.battery.conformance import check
from quizgen.battery.report import Report


def check_all(
    questions: Sequence[Question], *, draws: int, workers: int, progress: Callable[[str], None] = lambda _: None
) -> list[Report]:
    """Run the battery over installed questions and return their reports in the same order."""
    processes = min(workers, len(questions))
    if processes <= 1:
        return [_told(check(question, draws=draws), progress) for question in questions]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        todo: list[Future[Report]] = [pool.submit(_check_one, question.id, draws) for question in questions]
        try:
            for done in as_completed(todo):
                _told(done.result(), progress)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
        return [done.result() for done in todo]


def _told(report: Report, progress: Callable[[str], None]) -> Report:
    progress(report.question)
    return report


def _check_one(question_id: str, draws: int) -> Report:
    return check(_shelf().question(question_id), draws=draws)


@cache
def _shelf() -> Shelf:
    """Find the banks once in every process."""
    return installed()
