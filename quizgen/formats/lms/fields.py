"""The cells of a numeric item: each is one response on a platform, with the interval that it accepts."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from quizgen.formats.lms.entries import Entry
from quizgen.formats.sheet import grid
from quizgen.marking.numeric import cell_credit
from quizgen.model import Field, NumericBody, NumericKey, StepKey


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One number to hand in: right where |response - value| <= radius."""

    ident: str
    value: float
    radius: float

    @property
    def low(self) -> float:
        """Return the smallest number that is right."""
        return self.value - self.radius

    @property
    def high(self) -> float:
        """Return the largest number that is right."""
        return self.value + self.radius


@dataclass(frozen=True, kw_only=True)
class Part:
    """One asked step as a table of cells; `guess` is how many of them the best constant answer gets right."""

    field: Field
    cells: tuple[Cell, ...]
    weight: float
    guess: int

    @property
    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Yield the rows of the table that the cells stand in."""
        columns = grid(self.field.shape)[1]
        for start in range(0, len(self.cells), columns):
            yield self.cells[start : start + columns]


@lru_cache(maxsize=4096)
def parts(entry: Entry) -> tuple[Part, ...]:
    """Return the asked steps of a numeric entry; other kinds have none."""
    body, key = entry.item.variant.body, entry.key
    if not isinstance(body, NumericBody) or not isinstance(key, NumericKey):
        return ()
    keys = {step.name: step for step in key.steps}
    return tuple(_part(field, keys[field.name], _weight(entry, field.name)) for field in body.asked(entry.item.ask))


def cells(entry: Entry) -> tuple[Cell, ...]:
    """Return all cells of a numeric entry in the order shown."""
    return tuple(cell for part in parts(entry) for cell in part.cells)


def _part(field: Field, key: StepKey, weight: float) -> Part:
    value = np.asarray(key.value, dtype=np.float64)
    radius = np.asarray(key.radius, dtype=np.float64)
    found = tuple(
        Cell(ident=f"{field.name}_{at}", value=v, radius=r)
        for at, (v, r) in enumerate(zip(value.ravel().tolist(), radius.ravel().tolist(), strict=True), start=1)
    )
    return Part(field=field, cells=found, weight=weight, guess=_guess(value))


def _guess(value: np.ndarray) -> int:
    """Return how many right cells earn nothing: what is lost by missing one cell tells."""
    all_but_one = np.arange(value.size).reshape(value.shape) > 0
    credit = cell_credit(all_but_one, value)
    return value.size - round(1 / (1 - credit))


def _weight(entry: Entry, step: str) -> float:
    return entry.solver.program.steps[step].weight if entry.solver is not None else 1.0
