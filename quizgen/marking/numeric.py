"""Marking numbers: within the derived tolerance, or following from the student's own earlier values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from quizgen.authoring.numeric import Drawn, thaw
from quizgen.authoring.tolerance import radii
from quizgen.marking.diagnosis import diagnose
from quizgen.marking.reading import Reading, read
from quizgen.model import (
    Field,
    Finding,
    Item,
    NumericBody,
    NumericDetail,
    NumericKey,
    Reason,
    Status,
    StepVerdict,
    Value,
    Verdict,
)

Array = NDArray[np.float64]


@dataclass(kw_only=True)
class Marking:
    """One numeric response on its way to a verdict; without a solver only the stored key decides."""

    item: Item
    key: NumericKey
    readings: Mapping[str, Reading]
    solver: Drawn | None = None
    own: dict[str, Any] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)
    carried: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.right = {k.name: np.asarray(k.value, dtype=np.float64) for k in self.key.steps}
        self.radius = {k.name: np.asarray(k.radius, dtype=np.float64) for k in self.key.steps}

    @cached_property
    def givens(self) -> dict[str, Any]:
        """Return the givens as steps take them: only what is not right by itself needs them."""
        return thaw(self.item.variant.givens)

    def step(self, asked: Field) -> StepVerdict:
        """Judge one step, first against the key, then against what follows from the student's own values."""
        reading = self.readings[asked.name]
        weight = 1.0 if self.solver is None else self.solver.program.steps[asked.name].weight
        if reading.array is None:
            status = Status.BLANK if reading.blank else Status.UNREADABLE
            return StepVerdict(
                name=asked.name, status=status, credit=0.0, weight=weight, raw=reading.raw, reason=reading.reason
            )
        response = fit(reading.array, asked.shape)
        if response is None:
            self.wrong.add(asked.name)
            return StepVerdict(
                name=asked.name,
                status=Status.INCORRECT,
                credit=0.0,
                weight=weight,
                raw=reading.raw,
                response=printable(reading.array),
                reason=Reason(
                    phrase="wrong-shape", values={"wanted": _shape(asked.shape), "got": _shape(reading.array.shape)}
                ),
            )
        return self._compare(asked.name, response, reading, weight)

    def _compare(self, name: str, response: Array, reading: Reading, weight: float) -> StepVerdict:
        cells = within(response, self.right[name], self.radius[name])
        right = bool(cells.all())
        carried = not right and self._follows(name, response)
        if np.isfinite(response).all():
            self.own[name] = float(response) if response.ndim == 0 else response
        if not right:
            self.wrong.add(name)
        if carried:
            self.carried.add(name)
        credit = 1.0 if right or carried else cell_credit(cells, self.right[name])
        return StepVerdict(
            name=name,
            status=status_of(credit),
            credit=credit,
            weight=weight,
            raw=reading.raw,
            response=printable(response),
            cells=cells.tolist(),
            carried=carried,
        )

    def _follows(self, name: str, response: Array) -> bool:
        """Say whether a response follows from earlier values of the student's own, one of them wrong."""
        if self.solver is None:
            return False
        before = self.solver.program.ancestors(name)
        slips = before & self.wrong & self.own.keys()
        if not slips or any(self._spoils(slip) for slip in slips):
            return False
        known = {n: v for n, v in self.own.items() if n in before}
        program = self.solver.program.leading_to(name)
        values = program.run(self.givens, known=known)
        reach = radii(program, values, known=frozenset(known))
        expected = np.asarray(values[name], dtype=np.float64)
        return expected.shape == response.shape and bool(np.all(within(response, expected, reach[name])))

    def _spoils(self, slip: str) -> bool:
        """Say whether a wrong value makes what follows too easy: zeros do.

        So does a constant, unless it followed from earlier values or a listed mistake gives it.
        """
        own = np.asarray(self.own[slip], dtype=np.float64)
        if not trivial(own, self.right[slip]):
            return False
        honest = slip in self.carried or any(f.mistakes for f in self._explain(slip, own))
        return not np.any(own) or not honest

    def _explain(self, name: str, response: Array) -> list[Finding]:
        """Look for the mistakes behind one response, starting from the student's own earlier values."""
        if self.solver is None:
            return []
        before = self.solver.program.ancestors(name)
        known = {n: v for n, v in self.own.items() if n in before}
        return diagnose(self.solver, self.givens, known, name, response)

    def findings(self, steps: tuple[StepVerdict, ...]) -> tuple[Finding, ...]:
        """Explain every step that is wrong by itself, each from the student's own earlier values.

        What a guess would hit as easily is certain where anything else shows that the numbers were worked out.
        """
        found: list[Finding] = []
        for step in steps:
            response = self.readings[step.name].array
            if step.status in {Status.INCORRECT, Status.PARTIAL} and response is not None:
                found += self._explain(step.name, response)
        worked_out = any(s.credit for s in steps) or any(f.certain and f.mistakes for f in found)
        return tuple(replace(f, certain=True) for f in found) if worked_out else tuple(found)


def mark_numeric(item: Item, key: NumericKey, response: Mapping[str, Value], solver: Drawn | None) -> Verdict:
    """Mark the asked steps of one numeric item."""
    body = item.variant.body
    assert isinstance(body, NumericBody)  # noqa: S101 - the item's kind was checked by the caller
    asked = body.asked(item.ask)
    marking = Marking(item=item, key=key, readings={f.name: read(response.get(f.name)) for f in asked}, solver=solver)
    steps = tuple(marking.step(f) for f in asked)
    return numeric_verdict(item, steps, marking.findings(steps))


def numeric_verdict(item: Item, steps: tuple[StepVerdict, ...], findings: tuple[Finding, ...]) -> Verdict:
    """Put the judgements of the asked steps together."""
    first = next((s.name for s in steps if s.status is not Status.CORRECT), "")
    detail = NumericDetail(steps=steps, first_wrong=first, findings=findings)
    credit = sum(s.credit * s.weight for s in steps) / sum(s.weight for s in steps)
    return Verdict(
        item=item.number,
        status=_overall(steps, credit),
        credit=credit,
        points=round(item.points * credit, 10),
        detail=detail,
    )


def within(response: Array, right: Array, radius: Array) -> NDArray[np.bool_]:
    """Say cell by cell whether |response - right| <= radius; NaN never is."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(response - right) <= radius)


def cell_credit(cells: NDArray[np.bool_], right: Array) -> float:
    """Return the share of right cells beyond what the best constant answer would get."""
    if np.all(cells):
        return 1.0
    if not cells.any():
        return 0.0
    _, counts = np.unique(np.round(right, 9), return_counts=True)
    guess = int(counts.max()) if right.size > 1 else 0
    return 0.0 if right.size <= guess else max(0.0, (int(cells.sum()) - guess) / (right.size - guess))


def trivial(own: Array, right: Array) -> bool:
    """Say whether a wrong value makes all that follows too easy: zeros, or one constant in place of many."""
    return not np.any(own) or bool(own.size > 1 and np.ptp(own) == 0 and np.ptp(right) != 0)


def fit(array: Array, shape: tuple[int, ...]) -> Array | None:
    """Return the array in the wanted shape, forgiving only axes of length one; None where it does not fit."""
    if array.shape == shape:
        return array
    squeezed = tuple(n for n in array.shape if n != 1)
    return array.reshape(shape) if squeezed == tuple(n for n in shape if n != 1) else None


def printable(array: Array) -> Value:
    """Turn a response into JSON, cells left blank into None."""
    if not np.isnan(array).any():
        return array.tolist()
    return None if array.ndim == 0 else [printable(part) for part in array]


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(str(n) for n in shape) if shape else "1"


def status_of(credit: float) -> Status:
    """Return the status that a share of the points stands for."""
    if credit >= 1:
        return Status.CORRECT
    return Status.PARTIAL if credit > 0 else Status.INCORRECT


def _overall(steps: tuple[StepVerdict, ...], credit: float) -> Status:
    statuses = {s.status for s in steps}
    if statuses == {Status.BLANK}:
        return Status.BLANK
    if Status.UNREADABLE in statuses:
        return Status.UNREADABLE
    return status_of(credit)
