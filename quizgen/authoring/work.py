"""How much work a draw is by hand, so that no paper is harder than its neighbour.

Unless a question says otherwise, a draw weighs what is read and written on the way: every step the digits and minus
signs of its inputs and of its result, as the paper prints and rounds them. Draws far from the usual weight are refused.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

import numpy as np

from quizgen.authoring.steps import Program, Step, Values, evaluate
from quizgen.model import Rounding

SAMPLES = 64
"""Raw draws that say what the usual weight is."""
BAND = 0.25
"""How far from the usual weight a draw may lie, as a share of it: evenly filled, such a band spreads by 14.4 %."""
GIVEN = Rounding(significant=10)
"""Givens are printed as they were drawn."""


@dataclass(frozen=True)
class Workload:
    """Weighs the draws of one program; `sample` draws raw givens for a seed, `weigher` stands in for the usual rule."""

    program: Program
    sample: Callable[[int], Values]
    weigher: Step | None = None

    def of(self, values: Values) -> float:
        """Return the weight of a draw, in digits and minus signs or the question's own unit."""
        if self.weigher is not None:
            return float(evaluate(self.weigher, values))
        return sum(times * effort(values[name], self._rounding(name)) for name, times in self._uses.items())

    @cached_property
    def usual(self) -> float:
        """Return the median weight of raw draws."""
        return median(self.of(self.program.run(self.sample(seed))) for seed in range(SAMPLES))

    @property
    def band(self) -> tuple[float, float]:
        """Return the least and the greatest weight that is drawn."""
        return (1 - BAND) * self.usual, (1 + BAND) * self.usual

    def refusal(self, values: Values) -> str:
        """Say why a draw is refused, or return an empty text."""
        low, high = self.band
        weight = self.of(values)
        if weight < low:
            return "it is less work than others"
        return "it is more work than others" if weight > high else ""

    @cached_property
    def _uses(self) -> Counter[str]:
        """Count how often each value is read or written."""
        steps = self.program.steps.values()
        return Counter([step.name for step in steps]) + Counter(name for step in steps for name in step.inputs)

    def _rounding(self, name: str) -> Rounding:
        return self.program.steps[name].rounding if name in self.program.steps else GIVEN


def effort(value: Any, rounding: Rounding) -> int:
    """Count the digits that matter, and the minus signs, of a value as it is printed; texts cost nothing.

    Zeros at either end do not matter: 0.50 and 50 have one digit, 0 has none.
    """
    if isinstance(value, np.ndarray):
        return sum(_effort(number, rounding) for number in value.ravel().tolist())
    if isinstance(value, tuple | list):
        return sum(effort(entry, rounding) for entry in value)
    return _effort(value, rounding) if isinstance(value, int | float) else 0


def _effort(number: float, rounding: Rounding) -> int:
    if rounding.significant is not None:
        text = f"{number:.{rounding.significant - 1}e}".partition("e")[0]
    else:
        text = f"{number:.{rounding.decimals or 0}f}"
    digits = text.lstrip("-").replace(".", "").strip("0")
    return len(digits) + (number < 0 and bool(digits))
