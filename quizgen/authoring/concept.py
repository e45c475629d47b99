"""Concept questions: choose one, choose several, match, put in order; drawn from a pool of options."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from msgspec import structs

from quizgen.authoring.numeric import TRIES, Draw, Drawn, F, Facts, thaw
from quizgen.authoring.steps import Step, evaluate, inputs_of
from quizgen.errors import AuthorError
from quizgen.model import ConceptBody, ConceptKey, Kind, Rounding, Select, Value

Mark: TypeAlias = bool | str
"""Whether an option is right, or the name of the truth that decides it."""


@dataclass(frozen=True, kw_only=True)
class Pool:
    """What a words file offers: `length` options, pairs or places in a sequence.

    `marks` serve *one* and *several*; `targets` (equal numbers for equal right sides) serve *match*.
    """

    length: int
    marks: tuple[Mark, ...] = ()
    targets: tuple[int, ...] = ()


class ConceptQuestion(Drawn):
    """A question about understanding; its options and their reasons stand in the words files."""

    kind = Kind.CONCEPT

    def __init__(  # noqa: PLR0913 - the facts of a question, by keyword
        self,
        *,
        source: str,
        level: int,
        minutes: float,
        select: str = "one",
        show: int | None = None,
        credit: str = "share",
        decimals: int = 3,
        conventions: tuple[str, ...] = (),
    ) -> None:
        """Say what is to be done with the options (`select`) and how many of the pool are shown.

        With `credit="all"` only the complete answer earns anything; `"share"` gives what is right its share.
        """
        if credit not in {"all", "share"}:
            raise AuthorError(f"credit is {credit!r}, wanted 'all' or 'share'")
        if show is not None and show < 2:
            raise AuthorError(f"show is {show}, wanted at least 2 options to choose from")
        self.all_or_nothing = credit == "all"
        self.facts = Facts(source=source, level=level, minutes=minutes, conventions=conventions)
        self.select = Select(select)
        self.show = show
        self.truths: dict[str, Step] = {}
        super().__init__(rounding=Rounding(decimals=decimals))

    def truth(self, function: F) -> F:
        """Register a function of givens and steps that decides whether the option `[?its_name]` is right."""
        name = function.__name__
        self.truths[name] = Step(name=name, function=function, inputs=inputs_of(function), rounding=self.rounding)
        return function

    def draw(self, seed: int, pool: Pool) -> Draw:
        """Draw givens, then which options are shown and in which order."""
        rng = np.random.default_rng(seed)
        refused: list[str] = []
        while len(refused) < TRIES:
            givens = self.raw_givens(rng)
            values = self.program.run(thaw(givens))
            why = self.unmet(values)
            body, key = (None, None) if why else self._choose(rng, pool, values)
            if body is not None and key is not None:
                body = structs.replace(body, all_or_nothing=self.all_or_nothing)
                return Draw(givens=givens, body=body, key=key, refused=tuple(refused), picture=self.picture_of(givens))
            refused.append(why or "the options that can be shown are all right or all wrong")
        raise AuthorError(f"no fair draw in {TRIES}: {refused[-1]}")

    def context(self, givens: dict[str, Value]) -> dict[str, Any]:
        """Return what option texts may name: givens, steps and, under `mistakes`, what each mistake ends in."""
        values = self.program.run(thaw(givens))
        ends = {
            m.name: self.program.run(thaw(givens), swaps=[m])[self.program.finals()[-1]]
            for m in self.program.mistakes.values()
        }
        return {**values, "mistakes": ends}

    def _choose(
        self, rng: np.random.Generator, pool: Pool, values: dict[str, Any]
    ) -> tuple[ConceptBody | None, ConceptKey | None]:
        if self.select is Select.MATCH:
            return _match(rng, pool, self.show)
        if self.select is Select.ORDER:
            return _order(rng, pool, self.show)
        right = [self.holds(mark, values) for mark in pool.marks]
        return _tick(rng, right, self.show or pool.length, one=self.select is Select.ONE)

    @np.errstate(all="ignore")
    def holds(self, mark: Mark, values: dict[str, Any]) -> bool:
        """Say whether an option with this mark is right where givens and steps have these values."""
        if isinstance(mark, bool):
            return mark
        if mark not in self.truths:
            raise AuthorError(f"option [?{mark}] names no @question.truth function; there are {sorted(self.truths)}")
        return bool(evaluate(self.truths[mark], values))


def _tick(
    rng: np.random.Generator, right: list[bool], show: int, *, one: bool
) -> tuple[ConceptBody | None, ConceptKey | None]:
    trues = [i for i, r in enumerate(right) if r]
    falses = [i for i, r in enumerate(right) if not r]
    if not trues or not falses:
        return None, None
    if one:
        chosen = [*rng.permutation(trues)[:1], *rng.permutation(falses)[: show - 1]]
    else:
        chosen = [*rng.permutation(trues)[:1], *rng.permutation(falses)[:1]]
        rest = [i for i in range(len(right)) if i not in chosen]
        chosen += list(rng.permutation(rest)[: show - 2])
    shown = [int(i) for i in rng.permutation(chosen)]
    body = ConceptBody(select=Select.ONE if one else Select.SEVERAL, options=tuple(shown))
    return body, ConceptKey(right=tuple(at for at, i in enumerate(shown) if right[i]))


def _match(rng: np.random.Generator, pool: Pool, show: int | None) -> tuple[ConceptBody, ConceptKey]:
    lefts = [int(i) for i in rng.permutation(pool.length)[: show or pool.length]]
    first_with = {pool.targets[i]: i for i in reversed(lefts)}
    rights = [int(i) for i in rng.permutation(sorted(first_with.values()))]
    key = tuple(rights.index(first_with[pool.targets[i]]) for i in lefts)
    return ConceptBody(select=Select.MATCH, options=tuple(lefts), targets=tuple(rights)), ConceptKey(right=key)


def _order(rng: np.random.Generator, pool: Pool, show: int | None) -> tuple[ConceptBody | None, ConceptKey | None]:
    chosen = sorted(int(i) for i in rng.permutation(pool.length)[: show or pool.length])
    shown = [int(i) for i in rng.permutation(chosen)]
    if shown == chosen:
        return None, None
    return ConceptBody(select=Select.ORDER, options=tuple(shown)), ConceptKey(
        right=tuple(shown.index(i) for i in chosen)
    )
