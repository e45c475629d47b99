"""Code questions: implement a function; marked by running it on drawn cases against the reference."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from quizgen.authoring.numeric import Facts
from quizgen.errors import AuthorError
from quizgen.model import CaseGroup, Kind

Function = Callable[..., Any]
CaseFunction = Callable[[np.random.Generator], Iterable[Mapping[str, Any]]]


@dataclass(frozen=True)
class Gradient:
    """Says that a function is the gradient of another one that students may have written too.

    `of` names the argument that is differentiated, `upstream` the gradient that comes in (None: cell by cell).
    """

    forward: Function
    of: str = "x"
    upstream: str | None = None

    @property
    def forward_name(self) -> str:
        """Return the name of the forward function."""
        return self.forward.__name__

    @cached_property
    def forward_parameters(self) -> tuple[str, ...]:
        """Name the forward function's parameters: all of them must be parameters of the gradient as well."""
        return tuple(inspect.signature(self.forward).parameters)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One call: the group it belongs to and the arguments in the order of the signature."""

    group: CaseGroup
    arguments: tuple[Any, ...]


class CodeQuestion:
    """A question whose answer is a NumPy function; mistakes are wrong implementations, solutions are right ones."""

    kind = Kind.CODE

    def __init__(
        self,
        *,
        source: str,
        level: int,
        minutes: float,
        reference: Function,
        conventions: tuple[str, ...] = (),
        call_seconds: float = 1.0,
    ) -> None:
        """Name the reference function; its name and parameters are what students are asked to write."""
        self.facts = Facts(source=source, level=level, minutes=minutes, conventions=conventions)
        self.reference = reference
        self.call_seconds = call_seconds
        self.groups: dict[str, CaseGroup] = {}
        self.mistakes: dict[str, Function] = {}
        self.solutions: dict[str, Function] = {}
        self.gradients: dict[str, Gradient] = {}
        self._cases: dict[str, CaseFunction] = {}

    @property
    def function(self) -> str:
        """Return the name of the function to write."""
        return self.reference.__name__

    @cached_property
    def signature(self) -> str:
        """Return the head of the function as students see it, without annotations."""
        parameters = [p.replace(annotation=inspect.Parameter.empty) for p in self._parameters.values()]
        return f"{self.function}{inspect.Signature(parameters)}"

    @property
    def parameters(self) -> tuple[str, ...]:
        """Name the parameters in order."""
        return tuple(self._parameters)

    @cached_property
    def _parameters(self) -> Mapping[str, inspect.Parameter]:
        return inspect.signature(self.reference).parameters

    def cases(  # noqa: PLR0913 - what a group promises, by keyword
        self,
        *,
        visible: bool = False,
        weight: float = 1.0,
        keeps_dtype: bool = False,
        keeps_input: bool = False,
        rtol: float = 1e-6,
        atol: float = 1e-8,
        max_ratio: float | None = None,
        strided: bool = False,
        gradient: Gradient | None = None,
    ) -> Callable[[CaseFunction], CaseFunction]:
        """Register a generator of cases; its name names the group, whose first visible case is the example.

        With `max_ratio`, right values must also come within so many times the reference's processor time: for large
        inputs, where a Python loop over entries shows. With `gradient`, the function is compared with the finite
        differences of the student's own forward function instead of the reference, where there is one. `strided`
        inputs arrive as slices of larger arrays do, with gaps in memory.
        """
        if not weight > 0:
            raise AuthorError(f"the weight of a group of cases is {weight}, wanted more than 0")

        def register(function: CaseFunction) -> CaseFunction:
            name = function.__name__
            self.groups[name] = CaseGroup(
                name=name,
                weight=weight,
                visible=visible,
                keeps_dtype=keeps_dtype,
                keeps_input=keeps_input,
                rtol=rtol,
                atol=atol,
                max_ratio=max_ratio,
                strided=strided,
            )
            self._cases[name] = function
            if gradient is not None:
                self.gradients[name] = self._checked(gradient)
            return function

        return register

    def _checked(self, gradient: Gradient) -> Gradient:
        needed = {gradient.of, *gradient.forward_parameters, *([gradient.upstream] if gradient.upstream else [])}
        missing = sorted(needed - set(self._parameters))
        if missing:
            raise AuthorError(f"{self.function} has no parameters {missing} to call {gradient.forward_name} with")
        return gradient

    def mistake(self, function: Function) -> Function:
        """Register a wrong implementation: the cases must tell it from the reference on every seed."""
        self.mistakes[function.__name__] = function
        return function

    def solution(self, function: Function) -> Function:
        """Register a right implementation that is written differently: it must pass on every seed."""
        self.solutions[function.__name__] = function
        return function

    def draw_cases(self, seed: int) -> list[Case]:
        """Draw the cases of every group, group by group, each from its own stream."""
        return [case for name in self._cases for case in self._draw_group(name, seed)]

    def example(self, seed: int) -> Case:
        """Return the first case of the first visible group."""
        for name, group in self.groups.items():
            if group.visible:
                return next(self._draw_group(name, seed))
        raise AuthorError("no group of cases is visible: students need one example")

    def _draw_group(self, name: str, seed: int) -> Iterator[Case]:
        rng = np.random.default_rng([seed, list(self._cases).index(name)])
        for arguments in self._cases[name](rng):
            yield Case(group=self.groups[name], arguments=self._arguments(name, arguments))

    def _arguments(self, group: str, arguments: Mapping[str, Any]) -> tuple[Any, ...]:
        wanted = list(self._parameters)
        if list(arguments) != wanted:
            raise AuthorError(f"cases {group!r} give the arguments {list(arguments)}, the reference takes {wanted}")
        return tuple(arguments.values())
