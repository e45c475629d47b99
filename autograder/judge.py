"""What the code returned, against the reference -> Verdict; it works outside the sandbox, on plain data."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.cases import CaseSet, Function, JudgedCase, copies, in_order_of_groups
from autograder.consistency import applies, inconsistency
from autograder.quiet import without_warnings
from autograder.sandbox import (
    Died,
    MissingFunction,
    NotLoaded,
    NotRun,
    Outcome,
    OutOfMemory,
    ProtocolError,
    Raised,
    Returned,
    TimedOut,
    WrongSignature,
)
from quizgen.authoring.source import as_source
from quizgen.marking.arrays import agrees, difference
from quizgen.model import CaseGroup, CodeDetail, GroupVerdict, Item, Reason, Status, Verdict

CALL_SECONDS = 2e-3
BYTE_SECONDS = 4e-9
"""What carrying a call and its arrays in and out takes (measured 1.5 ms for 480 KB) is not the function's fault."""
TIMINGS = 3
"""How often the reference is timed; the shortest counts."""
OWN_KINDS = {"Died", "MemoryError", "ProtocolError", "TimedOut", "TooLarge"}
"""Kinds of NotLoaded that the sandbox gives; their messages say all, others are names of exceptions."""
LONGEST_CALL = 200
"""Characters of a call that a message shows."""


Probed = Mapping[int, Sequence[Outcome]]


def judge(
    item: Item, cases: CaseSet, outcomes: Sequence[Outcome], output: str, probed: Probed | None = None
) -> Verdict:
    """Judge the outcomes of one item's calls, in the order of its cases.

    `probed` holds, by the position of a case, what the student's own forward function gave; a group that would compare
    with a forward function that is not there does not count.
    """
    found = probed or {}
    whole = _as_a_whole(outcomes)
    if whole is not None:
        status, reason, traceback = whole
        groups = tuple(
            GroupVerdict(name=g.name, weight=g.weight, passed=0, total=len(at)) for g, at in in_order_of_groups(cases)
        )
        detail = CodeDetail(groups=groups, output=output, traceback=traceback)
        return Verdict(item=item.number, status=status, credit=0.0, points=0.0, reason=reason, detail=detail)
    groups = tuple(
        _judge_own(group, [(cases.cases[i], outcomes[i], found[i]) for i in at], cases)
        if group.name in cases.gradients
        else _judge_group(group, [(cases.cases[i], outcomes[i]) for i in at], cases)
        for group, at in in_order_of_groups(cases)
        if group.name not in cases.gradients or all(applies(found[i]) for i in at)
    )
    credit = sum(g.weight for g in groups if g.passed == g.total) / sum(g.weight for g in groups)
    mistakes = () if credit == 1 else behaves_like(cases, outcomes)
    status = Status.CORRECT if credit == 1 else Status.PARTIAL if credit > 0 else Status.INCORRECT
    return Verdict(
        item=item.number,
        status=status,
        credit=credit,
        points=round(item.points * credit, 10),
        detail=CodeDetail(groups=groups, mistakes=mistakes, output=output),
    )


def _as_a_whole(outcomes: Sequence[Outcome]) -> tuple[Status, Reason, tuple[str, ...]] | None:
    """Recognize what is the same for every call: a file that cannot be imported, a function that is not there."""
    first = outcomes[0]
    match first:
        case NotLoaded():
            return Status.UNREADABLE, reason_of(first), first.traceback
        case MissingFunction():
            return Status.INCORRECT, reason_of(first), ()
        case Raised(kind="NotImplementedError") if all(
            isinstance(o, Raised) and o.kind == "NotImplementedError" for o in outcomes
        ):
            return Status.BLANK, Reason(phrase="stub-only"), ()
        case _:
            return None


def _judge_group(group: CaseGroup, calls: list[tuple[JudgedCase, Outcome]], cases: CaseSet) -> GroupVerdict:
    faults = [(why, case, outcome) for case, outcome in calls if (why := fault(case, outcome)) is not None]
    # What was not run fell to something else: show the cause where it is in this group.
    faults.sort(key=lambda found: isinstance(found[2], NotRun))
    why, case, outcome = faults[0] if faults else (None, None, None)
    slow = _too_slow(group, calls, cases.reference) if not faults else None
    return GroupVerdict(
        name=group.name,
        weight=group.weight,
        passed=0 if slow is not None else len(calls) - len(faults),
        total=len(calls),
        reason=_shown(why, case, cases.function) if why is not None and case is not None else slow,
        traceback=outcome.traceback if isinstance(outcome, Raised) else (),
    )


def _judge_own(
    group: CaseGroup, calls: list[tuple[JudgedCase, Outcome, Sequence[Outcome]]], cases: CaseSet
) -> GroupVerdict:
    """Compare a gradient with the finite differences of the student's own forward function."""
    gradient = cases.gradients[group.name]
    faults = []
    for case, outcome, probed in calls:
        arguments = dict(zip(cases.parameters, case.arguments, strict=True))
        why = (
            inconsistency(gradient, arguments, outcome.value, probed)
            if isinstance(outcome, Returned)
            else reason_of(outcome)
        )
        faults += [why] if why is not None else []
    return GroupVerdict(
        name=group.name,
        weight=group.weight,
        passed=len(calls) - len(faults),
        total=len(calls),
        reason=faults[0] if faults else None,
    )


def _too_slow(group: CaseGroup, calls: list[tuple[JudgedCase, Outcome]], reference: Function | None) -> Reason | None:
    """Compare processor times, both measured outside of the student's reach."""
    if group.max_ratio is None or reference is None:
        return None
    spent = sum(outcome.cpu_seconds for _, outcome in calls if isinstance(outcome, Returned))
    needed = sum(min(_seconds(reference, case) for _ in range(TIMINGS)) for case, _ in calls)
    carried = sum(CALL_SECONDS + BYTE_SECONDS * _bytes(case) for case, _ in calls)
    ratio = max(spent - carried, 0.0) / max(needed, 1e-6)
    if ratio <= group.max_ratio:
        return None
    return Reason(phrase="too-slow", values={"ratio": f"{ratio:.0f}", "limit": f"{group.max_ratio:g}"})


def _bytes(case: JudgedCase) -> int:
    """Return how much is carried in and out."""
    values = (*case.arguments, case.expected)
    return sum(v.nbytes for v in values if isinstance(v, np.ndarray))


def _seconds(reference: Function, case: JudgedCase) -> float:
    arguments = copies(case.arguments)
    start = time.thread_time()  # of this thread alone: others work at the same time where a page is served
    reference(*arguments)
    return time.thread_time() - start


def fault(case: JudgedCase, outcome: Outcome) -> Reason | None:
    """Return what is wrong with one outcome, or None."""
    if not isinstance(outcome, Returned):
        return reason_of(outcome)
    why = difference(outcome.value, case.expected, case.group)
    if why is None and case.group.keeps_input and not _unchanged(case.arguments, outcome.args_after):
        return Reason(phrase="input-changed")
    return why


def reason_of(outcome: Outcome) -> Reason:  # noqa: C901 - one branch for each kind of outcome
    """Put an outcome that is not a value into a reason."""
    name, values = "correct", dict[str, str]()
    match outcome:
        case Raised(kind=kind, message=message):
            name, values = "raised", {"kind": kind, "message": message}
        case NotLoaded(kind=kind, message=message) if kind in OWN_KINDS:
            name, values = "not-loaded-at-all", {"message": message}
        case NotLoaded(kind=kind, message=message):
            name, values = "not-loaded", {"kind": kind, "message": message}
        case TimedOut(seconds=seconds):
            name, values = "timed-out", {"seconds": f"{seconds:g}"}
        case OutOfMemory():
            name = "out-of-memory"
        case Died(reason=reason):
            name, values = "died", {"reason": reason}
        case MissingFunction(name=function, found=found):
            name, values = "missing-function", {"name": function, "found": ", ".join(found) or "-"}
        case WrongSignature(wanted=wanted, got=got):
            name, values = "wrong-signature", {"wanted": wanted, "got": got}
        case NotRun(reason=reason):
            name, values = "not-run", {"reason": reason}
        case ProtocolError(reason=reason):
            name, values = "protocol-error", {"reason": reason}
        case Returned():
            pass
    return Reason(phrase=name, values=values)


def _shown(why: Reason, case: JudgedCase, function: str) -> Reason:
    """Show values and inputs only of groups that the instructor made visible."""
    if not case.group.visible:
        return Reason(phrase="wrong-value-hidden") if why.phrase == "wrong-value" else why
    call = f"{function}({', '.join(as_source(a) for a in case.arguments)})"
    return Reason(phrase=why.phrase, values={**why.values, "call": call}) if len(call) <= LONGEST_CALL else why


def behaves_like(cases: CaseSet, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """Name the listed mistakes whose outputs the function's are, on every case."""
    if not all(isinstance(o, Returned) for o in outcomes):
        return ()
    values = [o.value for o in outcomes if isinstance(o, Returned)]
    return tuple(
        name
        for name, mistake in cases.mistakes.items()
        if all(_agrees(mistake, case, value) for case, value in zip(cases.cases, values, strict=True))
    )


def _agrees(mistake: Function, case: JudgedCase, value: Any) -> bool:
    try:
        with np.errstate(all="ignore"), without_warnings():
            wrong = mistake(*copies(case.arguments))
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return False
    return agrees(value, wrong, case.group)


def _unchanged(before: tuple[Any, ...], after: tuple[Any, ...] | None) -> bool:
    if after is None or len(after) != len(before):
        return False
    return all(
        type(b) is np.ndarray and b.shape == a.shape and b.dtype == a.dtype and np.array_equal(a, b, equal_nan=True)
        for a, b in zip(before, after, strict=True)
        if isinstance(a, np.ndarray)
    )
