"""The terms of an exam as its instructor sees them: what holds, what changed when and why."""

from datetime import datetime
from itertools import pairwise
from typing import Any

import msgspec
from rich.console import Console
from rich.text import Text

from autograder.regrade import Effect
from autograder.reports.regrades import print_effect
from quizgen.model import Exam
from quizgen.policy import Policy, Terms
from quizgen.terms import Difference, differences, terms_of


def terms_json(exam: Exam) -> dict[str, Any]:
    """Return what `autograder policy --json` prints."""
    terms = terms_of(exam)
    changes = [
        {"at": c.at, "by": c.by, "reason": c.reason, "terms": [_sentence(d) for d in found]}
        for c, found in zip(exam.changes, _history(exam), strict=True)
    ]
    shown = {**msgspec.structs.asdict(terms.policy), "minutes": terms.minutes, "extra_time": terms.extra_time}
    found: dict[str, Any] = msgspec.to_builtins({**shown, "changes": changes})
    return found


def print_terms(exam: Exam, out: Console) -> None:
    """Print every term by its name in exam.toml, then the changes there were, oldest first."""
    terms = terms_of(exam)
    for name in Policy.__struct_fields__:
        out.print(Text(f"{name:14}{_shown(getattr(terms.policy, name))}"))
    out.print(Text(f"{'minutes':14}{_shown(terms.minutes)}"))
    for student, minutes in terms.extra_time.items():
        out.print(Text(f"{'extra_time':14}{student}: {minutes:g}"))
    for change, found in zip(exam.changes, _history(exam), strict=True):
        by = f" by {change.by}" if change.by else ""
        out.print(Text(f"changed {change.at:%Y-%m-%d %H:%M} UTC{by}: {change.reason}"))
        print_differences(found, out)


def print_differences(found: tuple[Difference, ...], out: Console) -> None:
    """Print one line per term that changes."""
    for difference in found:
        out.print(Text(f"  {_sentence(difference)}"))


def print_change(before: Exam, after: Exam, scores: Effect | None, out: Console) -> None:
    """Print what changes, who moves, and what must be done besides."""
    found = differences(terms_of(before), terms_of(after))
    print_differences(found, out)
    if scores is not None:
        print_effect(scores, out)
    if {d.name for d in found} & {"minutes", "extra_time"}:
        out.print("Papers already written print the old time; `quizgen export EXAM --to html` writes new ones.")


def _history(exam: Exam) -> list[tuple[Difference, ...]]:
    """Return what each change changed."""
    states: list[Terms] = [*(c.before for c in exam.changes), terms_of(exam)]
    return [differences(one, other) for one, other in pairwise(states)]


def _sentence(found: Difference) -> str:
    whose = f" of {found.student}" if found.student else ""
    return f"{found.name}{whose}: {_shown(found.before)} → {_shown(found.after)}"


def _shown(value: object) -> str:
    match value:
        case None:
            return "none"
        case datetime():
            return value.isoformat(" ", "minutes")
        case float():
            return f"{value:g}"
        case tuple():
            return ", ".join(map(str, value)) or "none"
        case _:
            return str(value)
