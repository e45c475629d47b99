"""The calls that a code item is judged by: drawn anew for each grading, or the exam's frozen ones."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.consistency import probes
from quizgen.authoring.code import Case, CodeQuestion, Gradient
from quizgen.authoring.source import unfreeze
from quizgen.model import CaseGroup, QuestionRecord

Function = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class JudgedCase:
    """One call with what the reference returns for it; `probes` are calls of the student's own forward function."""

    group: CaseGroup
    arguments: tuple[Any, ...]
    expected: Any
    probes: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class CaseSet:
    """All cases of one code item, and the wrong implementations that its question lists.

    Without `reference`, as for frozen cases, time is not judged.
    """

    function: str
    groups: tuple[CaseGroup, ...]
    cases: tuple[JudgedCase, ...]
    call_seconds: float = 1.0
    mistakes: Mapping[str, Function] = field(default_factory=dict)
    reference: Function | None = None
    gradients: Mapping[str, Gradient] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()


def drawn_cases(template: CodeQuestion, seed: int) -> CaseSet:
    """Draw cases with the grading's own, secret seed."""
    cases = tuple(_judged(template, case) for case in template.draw_cases(seed))
    return CaseSet(
        function=template.function,
        groups=tuple(template.groups.values()),
        cases=cases,
        call_seconds=template.call_seconds,
        mistakes=template.mistakes,
        reference=template.reference,
        gradients=template.gradients,
        parameters=template.parameters,
    )


def _judged(template: CodeQuestion, case: Case) -> JudgedCase:
    gradient = template.gradients.get(case.group.name)
    return JudgedCase(
        group=case.group,
        arguments=case.arguments,
        expected=template.reference(*copies(case.arguments)),
        probes=probes(gradient, case, template.parameters) if gradient is not None else (),
    )


def frozen_cases(record: QuestionRecord, function: str) -> CaseSet:
    """Take the cases that the exam has kept: for a bank that changed while the exam was open."""
    groups = {g.name: g for g in record.groups}
    cases = tuple(
        JudgedCase(
            group=groups[c.group],
            arguments=tuple(unfreeze(a) for a in c.arguments),
            expected=unfreeze(c.expected),
        )
        for c in record.cases
    )
    kept = {c.group for c in record.cases}
    return CaseSet(function=function, groups=tuple(g for g in record.groups if g.name in kept), cases=cases)


def copies(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Copy the arrays among arguments, so that whoever is called cannot change ours."""
    return tuple(np.copy(a) if isinstance(a, np.ndarray) else a for a in arguments)


def in_order_of_groups(cases: CaseSet) -> Iterator[tuple[CaseGroup, list[int]]]:
    """Yield each group with the positions of its cases."""
    for group in cases.groups:
        yield group, [i for i, c in enumerate(cases.cases) if c.group.name == group.name]
