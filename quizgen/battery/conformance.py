"""Runs all checks over one question."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from quizgen.authoring.code import CodeQuestion
from quizgen.authoring.concept import ConceptQuestion
from quizgen.authoring.numeric import NumericQuestion, thaw
from quizgen.bank import FAULTS, Question, told
from quizgen.battery.code import check_cases
from quizgen.battery.concept import check_concept
from quizgen.battery.numeric import check_numeric
from quizgen.battery.report import Report
from quizgen.battery.words import check_sections, is_complete
from quizgen.errors import AuthorError
from quizgen.model import Key, Variant

LEAST_KEPT = 0.02
"""A question that keeps fewer of its raw draws than this makes papers slowly."""
LEAST_VARIANTS = 5
AGAIN = 20
"""Seeds that are drawn twice: what does not repeat seldom repeats so often."""
MOST_SPREAD = 0.15
"""How much the work of a numeric question's draws may spread, as a share of its mean."""
TELLING_DRAWS = 50
"""With fewer draws than this their spread says little."""

T = TypeVar("T")
CheckOne = Callable[[Question, T, Variant, Key], Iterator[str]]


def check(question: Question, *, draws: int = 200) -> Report:
    """Run the whole battery over one question; a promise that raises is a broken one."""
    report = Report(question=question.id)
    report.failures.update(check_sections(question))
    if not is_complete(question):
        return report
    try:
        match question.template:
            case NumericQuestion() as template:
                _check_drawn(question, template, report, draws, check_numeric)
                _check_work(template, report)
            case ConceptQuestion() as template:
                _check_drawn(question, template, report, draws, check_concept)
            case CodeQuestion() as template:
                check_cases(question, template, report)
    except AuthorError as error:
        report.fail(str(error))
    except FAULTS as error:
        report.fail(told(error, question.id))
    return report


def _check_drawn(question: Question, template: T, report: Report, draws: int, check_one: CheckOne[T]) -> None:
    """Draw many variants: the same from the same seed, different from different ones, each of them sound."""
    seen = set()
    for seed in range(draws):
        drawn = question.draw_whole(seed)
        report.draws += 1
        report.refused.update(drawn.refused)
        if seed < AGAIN and question.draw_whole(seed) != drawn:
            report.fail("the same seed gives another variant")
        seen.add(msgspec.json.encode((drawn.givens, drawn.body), order="deterministic"))
        report.failures.update(check_one(question, template, question.variant(seed, drawn), drawn.key))
        if isinstance(template, NumericQuestion):
            report.work.append(template.workload.of(template.program.run(thaw(drawn.givens))))
    if draws >= 4 * LEAST_VARIANTS and len(seen) < LEAST_VARIANTS:
        report.fail(f"only {len(seen)} different variants in {draws} draws")
    if report.kept < LEAST_KEPT:
        why = ", ".join(f"{w} ({n})" for w, n in report.refused.most_common(2))
        report.fail(f"only {report.kept:.1%} of the draws are fair: {why}")


def _check_work(template: NumericQuestion, report: Report) -> None:
    """Check that no draw is much more work than another."""
    report.band = template.workload.band
    if report.draws >= TELLING_DRAWS and report.spread > MOST_SPREAD:
        report.fail(f"the work of its draws spreads by {report.spread:.1%}, wanted at most {MOST_SPREAD:.0%}")
