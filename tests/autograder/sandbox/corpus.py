"""The submissions of the corpus: run in a sandbox, judged by the judge, compared with what is expected."""

import tomllib

from autograder.cases import copies
from autograder.judge import judge
from autograder.sandbox import Call, Limits
from quizgen.model import Status
from tests.autograder.sandbox import tasks

LIMITS = Limits(call_seconds=0.4, load_seconds=1.5, total_seconds=6.0, memory_bytes=64 * 2**20)
NAMES = tuple(sorted(path.parent.name for path in tasks.CORPUS.glob("*/expected.toml")))


def expected(name):
    """Read what is expected of one submission."""
    return tomllib.loads((tasks.CORPUS / name / "expected.toml").read_text(encoding="utf-8"))


def control(name):
    """Read what a hostile submission does where there is no sandbox; None if it is an honest one."""
    return expected(name).get("control")


HOSTILE = tuple(name for name in NAMES if control(name) is not None)
HONEST = tuple(name for name in NAMES if control(name) is None)


def verdicts(sandbox, source, limits=LIMITS):
    """Run one submission and judge both of its functions; the outputs come with them."""
    sets = tasks.case_sets()
    calls = [
        Call(function=found.function, args=copies(case.arguments), echo=case.group.keeps_input)
        for found in sets
        for case in found.cases
    ]
    run = sandbox.run(source, calls, limits)
    outcomes, made = list(run.outcomes), []
    for item, found in zip(tasks.items(), sets, strict=True):
        mine, outcomes = outcomes[: len(found.cases)], outcomes[len(found.cases) :]
        made.append(judge(item, found, mine, run.output))
    return tuple(made), run.output


def described(verdict):
    """Put a verdict as it stands in expected.toml."""
    if verdict.status is Status.CORRECT:
        return {"status": "correct"}
    if verdict.reason is not None:
        return {"status": str(verdict.status), "reason": verdict.reason.phrase}
    groups = {group.name: group.reason.phrase for group in verdict.detail.groups if group.reason}
    return {"status": str(verdict.status), "groups": groups}


def said(verdict):
    """Give all words of the reasons of a verdict."""
    reasons = [verdict.reason, *(group.reason for group in verdict.detail.groups)]
    return " / ".join(": ".join(reason.values.values()) for reason in reasons if reason)


def differences(name, judged):
    """List where verdicts differ from what is expected."""
    wanted, found = expected(name), []
    points = sum(verdict.points for verdict in judged)
    if points != wanted["points"]:
        found.append(f"{name}: {points} points, expected {wanted['points']}")
    for verdict, function in zip(judged, ("softmax", "max_pool"), strict=True):
        got, entry = described(verdict), dict(wanted[function])
        says = entry.pop("says", "")
        if isinstance(entry.get("groups"), str):  # the same for all of them
            entry["groups"] = dict.fromkeys((group.name for group in verdict.detail.groups), entry["groups"])
        if not _fits(got, entry):
            found.append(f"{name}: {function} is {got}, expected {entry} ({said(verdict)})")
        if says not in said(verdict):
            found.append(f"{name}: {function} says {said(verdict)!r}, expected {says!r}")
    return found


def _fits(got, wanted):
    """Compare; 'a|b' accepts either."""
    if isinstance(wanted, dict):
        return isinstance(got, dict) and got.keys() == wanted.keys() and all(_fits(got[k], wanted[k]) for k in wanted)
    return got in str(wanted).split("|")
