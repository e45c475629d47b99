"""Numeric questions: givens drawn at random, steps worked out by hand, numbers handed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, overload

import numpy as np

from quizgen.authoring.fairness import Fairness
from quizgen.authoring.steps import Mistake, Program, Step, StepFunction, evaluate, from_json, inputs_of, to_json
from quizgen.authoring.tolerance import radii
from quizgen.authoring.work import Workload
from quizgen.errors import AuthorError
from quizgen.model import Field, Key, Kind, NumericBody, NumericKey, Rounding, StepKey, Value
from quizgen.pictures import Picture

F = TypeVar("F", bound=StepFunction)
GivenFunction = Callable[[np.random.Generator], Mapping[str, object]]
PictureFunction = Callable[..., Picture]
TRIES = 400


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What every question says of itself."""

    source: str
    level: int
    minutes: float
    conventions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Draw:
    """One set of givens with what follows from them; `refused` counts the unfair draws before it."""

    givens: dict[str, Value]
    body: Any
    key: Key
    refused: tuple[str, ...] = ()
    picture: Picture | None = None


class Drawn:
    """Givens, requirements, steps, mistakes and a picture: what numeric and concept questions have in common."""

    def __init__(self, *, rounding: Rounding) -> None:
        self.program = Program()
        self.rounding = rounding
        self._given: GivenFunction | None = None
        self._requirements: list[StepFunction] = []
        self._picture: PictureFunction | None = None

    def given(self, function: GivenFunction) -> GivenFunction:
        """Register the function that draws the givens."""
        if self._given is not None:
            raise AuthorError("a question has one @given function")
        self._given = function
        return function

    def require(self, function: F) -> F:
        """Register a condition on givens or steps; draws where it is false are refused."""
        self._requirements.append(function)
        return function

    def picture(self, function: PictureFunction) -> PictureFunction:
        """Register what draws the question's picture from its givens; the words say the same under `# picture`."""
        if self._picture is not None:
            raise AuthorError("a question has one @picture function")
        self._picture = function
        return function

    @property
    def has_picture(self) -> bool:
        """Say whether papers show a picture."""
        return self._picture is not None

    def picture_of(self, givens: Mapping[str, Value]) -> Picture | None:
        """Draw the picture of one set of givens; it can show nothing else, so no key gets into it."""
        if self._picture is None:
            return None
        values, names = thaw(givens), inputs_of(self._picture)
        if missing := sorted(set(names) - set(values)):
            raise AuthorError(f"the picture asks for {missing[0]!r}, which is not given")
        return self._picture(**{name: values[name] for name in names})

    @overload
    def step(self, function: F) -> F: ...

    @overload
    def step(
        self, *, decimals: int | None = None, significant: int | None = None, weight: float = 1.0
    ) -> Callable[[F], F]: ...

    def step(
        self,
        function: F | None = None,
        *,
        decimals: int | None = None,
        significant: int | None = None,
        weight: float = 1.0,
    ) -> F | Callable[[F], F]:
        """Register the next step; its own rounding and its weight in the item's points are optional."""
        own = Rounding(decimals=decimals, significant=significant)
        rounding = self.rounding if own == Rounding() else own
        if not weight > 0:
            raise AuthorError(f"a step's weight is {weight}, wanted more than 0")

        def register(f: F) -> F:
            self.program.add_step(
                Step(name=_name(f), function=f, inputs=inputs_of(f), rounding=rounding, weight=weight)
            )
            return f

        return register if function is None else register(function)

    def mistake(self, step: StepFunction, *, other_convention: bool = False) -> Callable[[F], F]:
        """Register a wrong way to `step`; `other_convention` where another course would call it right."""

        def register(f: F) -> F:
            self.program.add_mistake(
                Mistake(
                    name=_name(f),
                    step=_name(step),
                    function=f,
                    inputs=inputs_of(f),
                    other_convention=other_convention,
                )
            )
            return f

        return register

    @property
    def draws_givens(self) -> bool:
        """Say whether anything is drawn beyond the order of options."""
        return self._given is not None

    def raw_givens(self, rng: np.random.Generator) -> dict[str, Value]:
        """Draw givens and bring them into the form in which they are printed and stored."""
        if self._given is None:
            return {}
        return {name: to_json(value) for name, value in self._given(rng).items()}

    def sample(self, seed: int) -> dict[str, Any]:
        """Draw one set of givens that meets the requirements; fairness is not asked for."""
        rng = np.random.default_rng(seed)
        for _ in range(TRIES):
            givens = thaw(self.raw_givens(rng))
            if not self.unmet(self.program.run(givens)):
                return givens
        raise AuthorError(f"no draw in {TRIES} meets the requirements {[_name(r) for r in self._requirements]}")

    @np.errstate(all="ignore")
    def unmet(self, values: Mapping[str, Any]) -> str:
        """Name the first requirement that these values break, or return an empty text."""
        for function in self._requirements:
            check = Step(name=_name(function), function=function, inputs=inputs_of(function), rounding=Rounding())
            if not evaluate(check, values):
                return f"requirement {check.name!r}"
        return ""

    @cached_property
    def fairness(self) -> Fairness:
        """Return the judge of this question's draws."""
        return Fairness(self.program, self.sample)


class NumericQuestion(Drawn):
    """A question whose answer is the numbers of its steps."""

    kind = Kind.NUMERIC

    def __init__(
        self,
        *,
        source: str,
        level: int,
        minutes: float,
        decimals: int = 3,
        significant: int | None = None,
        conventions: tuple[str, ...] = (),
    ) -> None:
        """Say where in the material it comes from, how hard and long it is, and how its steps are rounded."""
        self.facts = Facts(source=source, level=level, minutes=minutes, conventions=conventions)
        self._weigher: Step | None = None
        super().__init__(
            rounding=Rounding(significant=significant) if significant is not None else Rounding(decimals=decimals)
        )

    def work(self, function: F) -> F:
        """Register a function of givens and steps that weighs a draw, in place of counting digits and minus signs."""
        self._weigher = Step(name=_name(function), function=function, inputs=inputs_of(function), rounding=Rounding())
        return function

    @cached_property
    def workload(self) -> Workload:
        """Return what weighs this question's draws."""
        return Workload(self.program, self.sample, self._weigher)

    def draw(self, seed: int) -> Draw:
        """Draw until fair; the key is worked out from the numbers as printed."""
        rng = np.random.default_rng(seed)
        refused: list[str] = []
        while len(refused) < TRIES:
            givens = self.raw_givens(rng)
            values = self.program.run(thaw(givens))
            accepted = {}
            why = self.unmet(values) or self.workload.refusal(values)
            if not why:
                accepted = radii(self.program, values)
                why = self.fairness.refusal(values, accepted)
            if not why:
                return Draw(
                    givens=givens,
                    body=self._body(values),
                    key=_key(values, accepted),
                    refused=tuple(refused),
                    picture=self.picture_of(givens),
                )
            refused.append(why)
        commonest = max(set(refused), key=refused.count)
        raise AuthorError(f"no fair draw in {TRIES}: {refused.count(commonest)} times because {commonest}")

    def _body(self, values: Mapping[str, Any]) -> NumericBody:
        fields = tuple(
            Field(name=name, shape=tuple(np.shape(values[name])), rounding=step.rounding)
            for name, step in self.program.steps.items()
        )
        return NumericBody(fields=fields, finals=self.program.finals())


def thaw(givens: Mapping[str, Value]) -> dict[str, Any]:
    """Turn stored givens into what step functions take."""
    return {name: from_json(value) for name, value in givens.items()}


def _key(values: Mapping[str, Any], accepted: Mapping[str, Any]) -> NumericKey:
    return NumericKey(
        steps=tuple(
            StepKey(name=name, value=np.asarray(values[name]).tolist(), radius=radius.tolist())
            for name, radius in accepted.items()
        )
    )


def _name(function: StepFunction) -> str:
    return function.__name__
