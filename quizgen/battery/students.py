"""Simulated students: those who round honestly, those who make a listed mistake or two, and those who guess."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from quizgen.authoring.numeric import NumericQuestion, thaw
from quizgen.authoring.steps import Mistake
from quizgen.authoring.tolerance import round_as_asked
from quizgen.bank import Question
from quizgen.marking.numeric import mark_numeric
from quizgen.model import Ask, Finding, Item, NumericDetail, NumericKey, Status, Value, Variant, Verdict

PAIRS_A_VARIANT = 6
GUESSES_A_VARIANT = 3


@dataclass(kw_only=True)
class Rates:
    """How often each kind of student was judged as they should be: (as they should, all)."""

    counts: Counter[str] = field(default_factory=Counter)
    totals: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, *, good: bool, what: str = "") -> None:
        """Count one student."""
        self.totals[kind] += 1
        self.counts[kind] += good
        if not good:
            self.missed[f"{kind}: {what}"] += 1

    def share(self, kind: str) -> float:
        """Return the share judged as they should be; 1 where there were none."""
        return self.counts[kind] / self.totals[kind] if self.totals[kind] else 1.0

    def merge(self, other: "Rates") -> None:
        """Add another question's students."""
        self.counts.update(other.counts)
        self.totals.update(other.totals)
        self.missed.update(other.missed)


def simulate(question: Question, seeds: Iterable[int]) -> Rates:
    """Let students of every kind sit the variants of a numeric question that these seeds give."""
    template = question.template
    if not isinstance(template, NumericQuestion):
        raise TypeError(f"{question.id} is not numeric")
    rates = Rates()
    for seed in seeds:
        variant, key = question.draw(seed)
        if isinstance(key, NumericKey):
            _Sitting(question.id, template, variant, key, np.random.default_rng([seed, 1])).all(rates)
    return rates


@dataclass(frozen=True)
class _Sitting:
    """One variant in front of all the students."""

    id: str
    template: NumericQuestion
    variant: Variant
    key: NumericKey
    rng: np.random.Generator

    def all(self, rates: Rates) -> None:
        mistakes = [m for m in self.template.program.mistakes.values() if (m.name, m.step) not in self._silent]
        self._honest(rates)
        for mistake in mistakes:
            self._single(mistake, rates)
        for pair in self._pairs(mistakes):
            self._pair(pair, rates)
        for _ in range(GUESSES_A_VARIANT):
            self._guess(rates)

    @property
    def _silent(self) -> frozenset[tuple[str, str]]:
        return self.template.fairness.silent

    def _honest(self, rates: Rates) -> None:
        for ask in Ask:
            right = self._mark(ask, self._worked(())).status is Status.CORRECT
            rates.add("honest", good=right, what=self.id)

    def _single(self, mistake: Mistake, rates: Rates) -> None:
        what = f"{self.id} {mistake.name}"
        handed_in = self._worked((mistake,))
        steps = self._mark(Ask.STEPS, handed_in)
        rates.add("refused", good=steps.status is not Status.CORRECT, what=what)
        rates.add("named in steps", good=_names(steps, mistake.step, {mistake.name}), what=what)
        wrong = [s for s in _detail(steps).steps if s.status is not Status.CORRECT]
        rates.add("slip costs once", good=[s.name for s in wrong] == [mistake.step], what=what)
        shows = [f for f in self.template.fairness.checkpoints[mistake.name] if (mistake.name, f) not in self._silent]
        for final in set(shows) & set(self.template.program.finals()):
            alone = self._mark(Ask.FINAL, handed_in)
            rates.add("refused", good=alone.status is not Status.CORRECT, what=what)
            rates.add("named at the end", good=_names(alone, final, {mistake.name}), what=f"{what} at {final}")

    def _pair(self, pair: tuple[Mistake, Mistake], rates: Rates) -> None:
        """Two mistakes in a lone final answer; where one hides or undoes the other there is nothing to name."""
        both, singles = self._worked(pair), [self._worked((m,)) for m in pair]
        for final in self.template.program.finals():
            if not all(final == m.step or m.step in self.template.program.ancestors(final) for m in pair):
                continue
            if any(_same(both[final], other[final]) for other in (*singles, self._worked(()))):
                continue
            verdict = self._mark(Ask.FINAL, both)
            names = {m.name for m in pair}
            rates.add("pairs named", good=_names(verdict, final, names), what=f"{self.id} {sorted(names)}")

    def _pairs(self, mistakes: Sequence[Mistake]) -> Iterator[tuple[Mistake, Mistake]]:
        pairs = [(a, b) for a, b in combinations(mistakes, 2) if a.step != b.step]
        for index in self.rng.permutation(len(pairs))[:PAIRS_A_VARIANT]:
            yield pairs[int(index)]

    def _guess(self, rates: Rates) -> None:
        """Hand in numbers of the right size and shape that mean nothing."""
        right = {s.name: np.asarray(s.value, dtype=np.float64) for s in self.key.steps}
        guesses: dict[str, Value] = {}
        for name, step in self.template.program.steps.items():
            size = max(float(np.abs(right[name]).max()), 10.0 ** -(step.rounding.decimals or 0))
            drawn = self.rng.uniform(-2 * size, 2 * size, right[name].shape)
            guesses[name] = round_as_asked(drawn, step.rounding).tolist()
        verdict = self._mark(Ask.FINAL, guesses)
        found = [f for f in _detail(verdict).findings if f.mistakes]
        for final in self.template.program.finals():
            rates.add("guesses not named", good=final not in {f.step for f in found if f.certain}, what=self.id)
            rates.add("guesses not even perhaps", good=final not in {f.step for f in found}, what=self.id)

    def _worked(self, swaps: tuple[Mistake, ...]) -> dict[str, Value]:
        """Work the paper out, rounding every step and going on with the rounded numbers."""
        program, known = self.template.program, dict[str, Any]()
        givens = thaw(self.variant.givens)
        for name, step in program.steps.items():
            array = round_as_asked(program.run(givens, swaps=swaps, known=known)[name], step.rounding)
            known[name] = float(array) if array.ndim == 0 else array
        return {name: np.asarray(value).tolist() for name, value in known.items()}

    def _mark(self, ask: Ask, handed_in: dict[str, Value]) -> Verdict:
        return mark_numeric(
            Item(number=1, points=1.0, ask=ask, variant=self.variant), self.key, handed_in, self.template
        )


def _detail(verdict: Verdict) -> NumericDetail:
    return verdict.detail if isinstance(verdict.detail, NumericDetail) else NumericDetail(steps=())


def _names(verdict: Verdict, step: str, mistakes: set[str]) -> bool:
    """Say whether some finding is certain that at the step just these mistakes were made, each or one of its group."""
    return any(_is(finding, step, mistakes) for finding in _detail(verdict).findings)


def _is(finding: Finding, step: str, mistakes: set[str]) -> bool:
    if not finding.certain or finding.step != step or len(finding.mistakes) != len(mistakes):
        return False
    return all(any(m in group for group in finding.mistakes) for m in mistakes)


def _same(one: Value, other: Value) -> bool:
    return bool(np.shape(one) == np.shape(other) and np.allclose(np.array(one), np.array(other), atol=1e-9))
