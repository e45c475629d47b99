"""Code questions: every wrong implementation dies, every right one passes; the kill table says by which group."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring.code import Case, CodeQuestion
from quizgen.authoring.source import freeze, unfreeze
from quizgen.bank import Question
from quizgen.battery.report import Report
from quizgen.battery.words import check_rendering
from quizgen.marking.arrays import difference
from quizgen.solution import solution_values

CASE_SEEDS = 50
LOOKED_AT = 4
"""Seeds on which cases must not all be the same."""
Function = Callable[..., Any]


def check_cases(question: Question, template: CodeQuestion, report: Report) -> None:
    """Run all listed implementations on the cases of many seeds."""
    variant, key = question.draw(0)
    report.failures.update(check_rendering(question, variant, solution_values(variant, key)))
    for language, words in question.words.items():
        if f"def {template.function}" in words.sections["stem"] + words.sections["docstring"]:
            report.fail(f"{language}: what students read holds a solution")
    if not template.solutions:
        report.fail("it lists no differently written right solution")
    if not template.mistakes:
        report.fail("it lists no wrong implementation")
    for group in _always_the_same(template):
        report.fail(
            f"the cases of {group!r} are the same on every seed: whoever has seen them can return what is wanted"
        )
    for seed in range(CASE_SEEDS):
        report.draws += 1
        # Large cases about time are looked at once: on every seed they would only take long.
        cases = [c for c in template.draw_cases(seed) if seed == 0 or c.group.max_ratio is None]
        _check_seed(template, cases, report)


def _always_the_same(template: CodeQuestion) -> list[str]:
    """Name the groups whose cases can be learned by heart; a few seeds, for small integers may come twice."""
    drawn = [{(c.group.name, _fingerprint(c)) for c in template.draw_cases(seed)} for seed in range(LOOKED_AT)]
    everything, always = set[tuple[str, str]]().union(*drawn), drawn[0].intersection(*drawn[1:])
    changing = {group for group, _ in everything - always}
    return sorted(template.groups.keys() - changing)


def _fingerprint(case: Case) -> str:
    return repr([(a.shape, a.dtype, a.tobytes()) if isinstance(a, np.ndarray) else a for a in case.arguments])


def _check_seed(template: CodeQuestion, cases: list[Case], report: Report) -> None:
    wanted = [template.reference(*_copies(case)) for case in cases]
    for case, value in zip(cases, wanted, strict=True):
        _check_case(template, case, value, report)
    for name, function in template.solutions.items():
        for case, value in zip(cases, wanted, strict=True):
            if why := failure(function, case, value):
                report.fail(f"right solution {name!r} fails: {why}")
    for name, function in template.mistakes.items():
        row = report.kills.setdefault(name, dict.fromkeys(template.groups, 0))
        killers = {c.group.name for c, value in zip(cases, wanted, strict=True) if failure(function, c, value)}
        for group in killers:
            row[group] += 1
        if not killers:
            report.fail(f"mistake {name!r} passes all cases")


def _check_case(template: CodeQuestion, case: Case, wanted: Any, report: Report) -> None:
    """Check that the reference passes its own case and that the case survives being stored."""
    if why := failure(template.reference, case, wanted):
        report.fail(f"the reference fails its own case: {why}")
    if difference(unfreeze(freeze(wanted)), wanted, case.group) is not None:
        report.fail(f"what the reference returns in {case.group.name!r} changes when stored")
    for argument in case.arguments:
        back = unfreeze(freeze(argument))
        if isinstance(argument, np.ndarray) and (back.shape, back.dtype) != (argument.shape, argument.dtype):
            report.fail(f"an argument in {case.group.name!r} changes when stored")


def failure(function: Function, case: Case, wanted: Any) -> str:
    """Say why a function of the bank fails one case, or return an empty text."""
    arguments = _copies(case)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            got = function(*arguments)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        return f"{case.group.name}: raises {type(error).__name__}: {error}"
    why = difference(got, wanted, case.group)
    if why is not None:
        return f"{case.group.name}: {why.phrase} {why.values}"
    if case.group.keeps_input and not _unchanged(arguments, case.arguments):
        return f"{case.group.name}: input changed"
    return ""


def _copies(case: Case) -> tuple[Any, ...]:
    """Copy the arrays, with gaps in memory where the group promises them."""
    copy = _with_gaps if case.group.strided else np.copy
    return tuple(copy(a) if isinstance(a, np.ndarray) else a for a in case.arguments)


def _with_gaps(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array as a view of every other cell of a larger one; a test holds it to what the sandbox does."""
    if not array.ndim:
        return array.copy()
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]


def _unchanged(after: tuple[Any, ...], before: tuple[Any, ...]) -> bool:
    return all(
        np.array_equal(a, b, equal_nan=True) for a, b in zip(after, before, strict=True) if isinstance(a, np.ndarray)
    )
