"""Which draws are fair: no mistake's answer may look right, and no two mistakes may look alike by accident."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import Any

import numpy as np

from quizgen.authoring.steps import Array, Mistake, Program, Values
from quizgen.authoring.tolerance import radii
from quizgen.errors import AuthorError
from quizgen.model import Rounding

FAR = 25.0
"""Times the key's radius; honest rounding of a mistaken way moves its answer less than this."""
NOISE = 1e-12
"""What floats leave of a difference that is zero: 0.8 * 2 - 0.9 - 0.7 is 1e-16."""
SAMPLES = 24
"""Raw draws that two mistakes must agree on to count as always the same."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one way through the program gives at one step; how far rounding can move it is worked out when asked."""

    value: Array
    first: float
    radius: Callable[[], Array]

    def touches(self, other: "Answer", rough: Array) -> bool:
        """Say whether students who round honestly could hand in the same numbers for both, which are of one shape.

        Values that lie many times the key's own radius (`rough`) apart are told apart without working out theirs.
        """
        gap = np.abs(self.value - other.value)
        if self.value.shape == rough.shape and not (gap <= FAR * rough).all():
            return False
        return bool((gap <= self.radius() + other.radius()).all())


@dataclass
class Seen:
    """The answers found so far at one step, by their shapes; `rough` is the key's own radius."""

    rough: Array
    answers: dict[tuple[int, ...], list[tuple[str, Answer]]] = field(default_factory=dict)

    def add(self, name: str, answer: Answer) -> None:
        """Keep an answer to compare later ones with."""
        self.answers.setdefault(answer.value.shape, []).append((name, answer))

    def near(self, answer: Answer) -> Iterator[str]:
        """Name those that could be mistaken for this one; what differs in its first cell is passed over at once."""
        shape = answer.value.shape
        far = FAR * self.rough.item(0) if shape == self.rough.shape else math.inf
        for name, other in self.answers.get(shape, ()):
            if abs(answer.first - other.first) <= far and answer.touches(other, self.rough):
                yield name


@dataclass(frozen=True)
class Fairness:
    """Judges draws of one program; `sample` draws raw givens for a seed."""

    program: Program
    sample: Callable[[int], Values]

    @cached_property
    def checkpoints(self) -> dict[str, tuple[str, ...]]:
        """For each mistake, the steps where it must show: its own and the final ones that it can change."""
        finals = set(self.program.finals())
        return {
            m.name: tuple(dict.fromkeys([m.step, *(t for t in self.program.without([m]) if t in finals)]))
            for m in self.program.mistakes.values()
        }

    @cached_property
    def _samples(self) -> list[tuple[dict[str, Any], dict[str, dict[str, Any]]]]:
        found = []
        for seed in range(SAMPLES):
            values = self.program.run(self.sample(seed))
            found.append((values, {m.name: _swapped(self.program, values, [m]) for m in self._mistakes}))
        return found

    @property
    def _mistakes(self) -> Sequence[Mistake]:
        return tuple(self.program.mistakes.values())

    @cached_property
    def silent(self) -> frozenset[tuple[str, str]]:
        """Pairs (mistake, later step) where the mistake never shows: it cannot be asked for there."""
        return frozenset(
            (name, step)
            for name, steps in self.checkpoints.items()
            for step in steps
            if step != self.program.mistakes[name].step
            and all(_same(key[step], wrong[name][step]) for key, wrong in self._samples)
        )

    @cached_property
    def empty(self) -> frozenset[tuple[str, str]]:
        """Pairs (mistake, step) where the mistake always leads to nothing but zeros."""
        return frozenset(
            (m.name, step)
            for m in self._mistakes
            for step in self.program.without([m])
            if all(is_zero(wrong[m.name][step], self._least[step]) for _, wrong in self._samples)
        )

    @cached_property
    def _least(self) -> dict[str, float]:
        """For each step, the size from which on a number is not handed in as zero."""
        return {name: least(step.rounding) for name, step in self.program.steps.items()}

    @cached_property
    def groups(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """For each step, the mistakes in groups that always give the same answer there."""
        return {step: self._groups_at(step) for step in self.program.steps}

    def _groups_at(self, step: str) -> tuple[tuple[str, ...], ...]:
        found: list[list[str]] = []
        for name in self.program.mistakes:
            if step not in self.program.without([self.program.mistakes[name]]) or (name, step) in self.silent:
                continue
            for group in found:
                if all(_same(wrong[name][step], wrong[group[0]][step]) for _, wrong in self._samples):
                    group.append(name)
                    break
            else:
                found.append([name])
        return tuple(tuple(group) for group in found)

    def group_of(self, mistake: str, step: str) -> tuple[str, ...]:
        """Return the mistakes that cannot be told from this one at that step, itself included."""
        return self._group_of.get((mistake, step), (mistake,))

    @cached_property
    def _group_of(self) -> dict[tuple[str, str], tuple[str, ...]]:
        return {(name, step): group for step, found in self.groups.items() for group in found for name in group}

    @np.errstate(all="ignore")
    def refusal(self, values: Values, accepted: Mapping[str, Array]) -> str:
        """Say why these drawn values are unfair, or return an empty text."""
        return self._degenerate(values) or self._confusable(values, accepted)

    def _degenerate(self, values: Values) -> str:
        for name in self.program.steps:
            value = np.asarray(values[name])
            if not np.all(np.isfinite(value)):
                raise AuthorError(f"step {name!r} is not finite: {value.tolist()}")
            if not np.any(value):
                return f"the key of {name!r} is all zeros"
        return ""

    def _confusable(self, values: Values, accepted: Mapping[str, Array]) -> str:
        seen = {name: Seen(accepted[name]) for name in self.program.steps}
        for name, found in seen.items():
            found.add("", _answer(values[name], partial(accepted.__getitem__, name)))
        for mistake in self._mistakes:
            wrong = _swapped(self.program, values, [mistake])
            reach = cache(partial(radii, self.program, wrong, swaps=[mistake]))
            for step in self.program.without([mistake]):
                if is_zero(wrong[step], self._least[step]) and (mistake.name, step) not in self.empty:
                    return f"mistake {mistake.name!r} gives only zeros at {step!r}: the rest would be trivial"
            for step in self.checkpoints[mistake.name]:
                if (mistake.name, step) in self.silent:
                    continue
                answer = _answer(wrong[step], partial(_reach_at, reach, step))
                for name in seen[step].near(answer):
                    if mistake.name not in self._alike(name, step):
                        return f"at {step!r} mistake {mistake.name!r} looks like {name or 'the key'}"
                seen[step].add(mistake.name, answer)
        return ""

    def _alike(self, name: str, step: str) -> tuple[str, ...]:
        """Return the mistakes that may look like this one; none may look like the key, whose name is empty."""
        return self.group_of(name, step) if name else ()


def least(rounding: Rounding) -> float:
    """Return the smallest size that does not round to zero; with significant digits only arithmetic's noise does."""
    return NOISE if rounding.decimals is None else 0.5 * 10.0**-rounding.decimals


def is_zero(value: Any, size: float) -> bool:
    """Say whether all numbers of a value are below a size; NumPy takes long to look at a single one."""
    return abs(value) < size if isinstance(value, float) else bool((np.abs(value) < size).all())


def _answer(value: Any, radius: Callable[[], Array]) -> Answer:
    array = np.asarray(value, dtype=np.float64)
    return Answer(value=array, first=array.item(0) if array.size else 0.0, radius=radius)


def _reach_at(reach: Callable[[], Mapping[str, Array]], step: str) -> Array:
    return reach()[step]


def _swapped(program: Program, values: Values, swaps: Sequence[Mistake]) -> dict[str, Any]:
    """Run the program with mistakes, taking over the steps that they cannot change."""
    changed = program.without(swaps)
    return program.run(values, swaps=swaps, known={n: values[n] for n in program.steps if n not in changed})


def _same(one: Any, other: Any) -> bool:
    a, b = np.asarray(one), np.asarray(other)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True))
