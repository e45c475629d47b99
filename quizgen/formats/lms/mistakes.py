"""What each listed mistake ends in: our diagnosis in the static form that a platform can hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring.numeric import thaw
from quizgen.authoring.steps import Mistake
from quizgen.authoring.tolerance import radii
from quizgen.formats.lms.entries import Entry
from quizgen.formats.lms.fields import Cell, Part, parts
from quizgen.marking.diagnosis import MOST_NAMED

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """One mistake: what it gives at every step, where the paper first shows it, and how far rounding reaches there."""

    mistake: Mistake
    values: dict[str, Any]
    reach: Array
    shows_at: str


@dataclass(frozen=True, kw_only=True)
class Trap:
    """A wrong number in one cell, and the mistakes that lead to it."""

    value: float
    radius: float
    mistakes: tuple[Mistake, ...]


@lru_cache(maxsize=4096)
def wrongs(entry: Entry) -> tuple[Wrong, ...]:
    """Work out every listed mistake of a numeric entry that changes something the paper asks for."""
    if entry.solver is None:
        return ()
    program = entry.solver.program
    givens = thaw(entry.item.variant.givens)
    asked = [part.field.name for part in parts(entry)]
    found = []
    for mistake in program.mistakes.values():
        changed = program.without([mistake])
        shows_at = next((name for name in asked if name in changed), "")
        if shows_at:
            values = program.run(givens, swaps=[mistake])
            reach = radii(program.leading_to(shows_at), values, swaps=[mistake])
            found.append(Wrong(mistake=mistake, values=values, reach=reach[shows_at], shows_at=shows_at))
    return tuple(found)


def traps(entry: Entry, part: Part) -> tuple[tuple[Trap, ...], ...]:
    """Return, for each cell of a part, the wrong numbers that tell a mistake."""
    shape = part.field.shape
    here = [w for w in wrongs(entry) if w.shows_at == part.field.name and np.shape(w.values[part.field.name]) == shape]
    values = [np.ravel(w.values[part.field.name]).tolist() for w in here]
    reach = [np.ravel(w.reach).tolist() for w in here]
    return tuple(
        _traps(
            cell,
            [
                Trap(value=v[at], radius=r[at], mistakes=(w.mistake,))
                for w, v, r in zip(here, values, reach, strict=True)
            ],
        )
        for at, cell in enumerate(part.cells)
    )


def _traps(cell: Cell, candidates: Sequence[Trap]) -> tuple[Trap, ...]:
    """Join what cannot be told apart; numbers near the right one, or of too many mistakes, tell nothing."""
    joined: list[Trap] = []
    for trap in sorted((c for c in candidates if np.isfinite(c.value)), key=lambda c: c.value):
        if joined and trap.value - trap.radius <= joined[-1].value + joined[-1].radius:
            joined[-1] = _join(joined[-1], trap)
        else:
            joined.append(trap)
    return tuple(
        t for t in joined if abs(t.value - cell.value) > t.radius + cell.radius and len(t.mistakes) <= MOST_NAMED
    )


def _join(one: Trap, other: Trap) -> Trap:
    low = min(one.value - one.radius, other.value - other.radius)
    high = max(one.value + one.radius, other.value + other.radius)
    return Trap(value=(low + high) / 2, radius=(high - low) / 2, mistakes=one.mistakes + other.mistakes)
