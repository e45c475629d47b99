"""A question is a small program: steps are functions that form a graph, mistakes are other functions in their place."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quizgen.errors import AuthorError
from quizgen.model import Rounding, Value

Array: TypeAlias = NDArray[np.float64]
Values: TypeAlias = Mapping[str, Any]
StepFunction: TypeAlias = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One named intermediate result; a parameter's name is a given or an earlier step."""

    name: str
    function: StepFunction
    inputs: tuple[str, ...]
    rounding: Rounding
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A known wrong way to one step; `other_convention` means right elsewhere, but not as this paper says."""

    name: str
    step: str
    function: StepFunction
    inputs: tuple[str, ...]
    other_convention: bool = False


@dataclass(kw_only=True)
class Program:
    """The steps of a question in order, and the mistakes that can stand in their places."""

    steps: dict[str, Step] = field(default_factory=dict)
    mistakes: dict[str, Mistake] = field(default_factory=dict)
    _ancestors: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    _changed: dict[frozenset[str], frozenset[str]] = field(default_factory=dict, repr=False)
    _leading: dict[str, "Program"] = field(default_factory=dict, repr=False)

    def add_step(self, step: Step) -> None:
        """Append a step; its name must be new."""
        self._claim(step.name)
        self.steps[step.name] = step

    def add_mistake(self, mistake: Mistake) -> None:
        """Add a wrong way to a step that is already there."""
        self._claim(mistake.name)
        if mistake.step not in self.steps:
            raise AuthorError(f"mistake {mistake.name!r} stands for {mistake.step!r}, which is not a step")
        self.mistakes[mistake.name] = mistake

    def _claim(self, name: str) -> None:
        if name in self.steps or name in self.mistakes:
            raise AuthorError(f"two steps or mistakes are called {name!r}")

    def finals(self) -> tuple[str, ...]:
        """Name the steps that no other step needs: the final answer."""
        needed = {name for step in self.steps.values() for name in step.inputs}
        return tuple(name for name in self.steps if name not in needed)

    def ancestors(self, name: str) -> frozenset[str]:
        """Name the steps that this one is worked out from, directly or not."""
        if name not in self._ancestors:
            direct = [n for n in self.steps[name].inputs if n in self.steps]
            self._ancestors[name] = frozenset(direct).union(*(self.ancestors(n) for n in direct))
        return self._ancestors[name]

    def leading_to(self, name: str) -> "Program":
        """Return the steps that one is worked out from, and the step itself: for who needs no others."""
        if name not in self._leading:
            needed = self.ancestors(name) | {name}
            self._leading[name] = Program(steps={n: s for n, s in self.steps.items() if n in needed})
        return self._leading[name]

    def run(self, givens: Values, *, swaps: Iterable[Mistake] = (), known: Values | None = None) -> dict[str, Any]:
        """Work out every step; `swaps` stand in for their steps, `known` values are taken as they are."""
        wrong = {mistake.step: mistake for mistake in swaps}
        values = dict(givens)
        with np.errstate(all="ignore"):
            for name, step in self.steps.items():
                if known is not None and name in known:
                    values[name] = known[name]
                else:
                    values[name] = evaluate(wrong.get(name, step), values)
        return values

    def without(self, swaps: Sequence[Mistake]) -> frozenset[str]:
        """Name the steps that these mistakes can change."""
        changed = frozenset(m.step for m in swaps)
        if changed not in self._changed:
            self._changed[changed] = frozenset(n for n in self.steps if n in changed or changed & self.ancestors(n))
        return self._changed[changed]


def evaluate(step: Step | Mistake, values: Values) -> Any:
    """Call one step on the values it names; the result is a float or a float array.

    Callers silence NumPy: what overflows or divides by zero is looked at afterwards, as a value.
    """
    try:
        inputs = [values[name] for name in step.inputs]
    except KeyError as missing:
        raise AuthorError(
            f"{step.name!r} asks for {missing.args[0]!r}, which is neither given nor an earlier step"
        ) from None
    try:
        result = np.asarray(step.function(*inputs), dtype=np.float64)
    except (ZeroDivisionError, OverflowError):
        return float("nan")
    return float(result) if result.ndim == 0 else result


def inputs_of(function: StepFunction) -> tuple[str, ...]:
    """Read the names a step function asks for from its parameters."""
    return tuple(inspect.signature(function).parameters)


def to_json(value: object) -> Value:
    """Turn arrays and NumPy scalars into lists and numbers, floats as they print at ten decimals."""
    if isinstance(value, np.ndarray | np.generic):
        return to_json(value.tolist())
    if isinstance(value, float):
        return round(value, 10) + 0.0
    if isinstance(value, list | tuple):
        return [to_json(v) for v in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    raise AuthorError(f"a given of type {type(value).__name__} cannot be stored: draw numbers, texts, arrays or lists")


def from_json(value: Value) -> Any:
    """Turn rectangular lists of numbers back into arrays and other lists into tuples."""
    if not isinstance(value, list):
        return value
    if _rectangular(value) is not None:
        return np.array(value)
    return tuple(from_json(v) for v in value)


def _rectangular(value: Value) -> tuple[int, ...] | None:
    """Return the shape of nested lists of numbers, or None where they have none."""
    if isinstance(value, bool | int | float):
        return ()
    if not isinstance(value, list) or not value:
        return None
    shapes = {_rectangular(v) for v in value}
    inner = shapes.pop()
    return None if shapes or inner is None else (len(value), *inner)
