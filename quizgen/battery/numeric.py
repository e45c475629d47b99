"""Numeric questions: the key marks itself correct, honest rounding is right, no mistake is."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from quizgen.authoring.numeric import NumericQuestion, thaw
from quizgen.authoring.tolerance import radii, round_as_asked
from quizgen.bank import Question
from quizgen.battery.words import check_rendering
from quizgen.marking.numeric import mark_numeric
from quizgen.model import Ask, Item, Key, NumericBody, NumericKey, Status, Value, Variant
from quizgen.solution import solution_values, stem_values
from quizgen.wording import render

TELLING_DIGITS = 3
"""Numbers with fewer digits than this stand in many stems by accident."""


def check_numeric(question: Question, template: NumericQuestion, variant: Variant, key: Key) -> Iterator[str]:
    """Check one variant."""
    body = variant.body
    if not isinstance(body, NumericBody) or not isinstance(key, NumericKey):
        yield f"a numeric question drew {type(body).__name__} and {type(key).__name__}"
        return
    printed = {name: _texts(value) for name, value in rounded_key(body, key).items()}
    for ask in Ask:
        verdict = mark_numeric(Item(number=1, points=1.0, ask=ask, variant=variant), key, printed, template)
        if verdict.status is not Status.CORRECT:
            yield f"the key, printed and read back, is not marked correct ({ask})"
    yield from _check_honest(template, variant, key)
    yield from _check_mistakes(template, variant, key)
    unreadable = list(check_rendering(question, variant, solution_values(variant, key)))
    yield from unreadable
    if not unreadable:
        yield from _check_secret(question, variant, body, key)


def rounded_key(body: NumericBody, key: NumericKey) -> dict[str, Value]:
    """Return the right values as a student hands them in: rounded."""
    rounding = {f.name: f.rounding for f in body.fields}
    return {s.name: round_as_asked(s.value, rounding[s.name]).tolist() for s in key.steps}


def _texts(value: Value) -> Value:
    return [_texts(v) for v in value] if isinstance(value, list) else repr(value)


def _check_honest(template: NumericQuestion, variant: Variant, key: NumericKey) -> Iterator[str]:
    """Follow a student who rounds at every step and goes on with the rounded numbers."""
    values: dict[str, Any] = thaw(variant.givens)
    stored = {s.name: s for s in key.steps}
    for name, step in template.program.steps.items():
        known = {n: values[n] for n in template.program.steps if n in values}
        array = round_as_asked(template.program.run(values, known=known)[name], step.rounding)
        values[name] = float(array) if array.ndim == 0 else array
        if np.any(np.abs(array - np.asarray(stored[name].value)) > np.asarray(stored[name].radius)):
            yield f"honest rounding at every step is marked wrong at {name!r}"


def _check_mistakes(template: NumericQuestion, variant: Variant, key: NumericKey) -> Iterator[str]:
    """Put each mistake in: what honest rounding then reaches must lie outside of what is accepted."""
    right = {s.name: (np.asarray(s.value), np.asarray(s.radius)) for s in key.steps}
    fairness, givens = template.fairness, thaw(variant.givens)
    for mistake in template.program.mistakes.values():
        values = template.program.run(givens, swaps=[mistake])
        reach = radii(template.program, values, swaps=[mistake])
        for step in fairness.checkpoints[mistake.name]:
            wrong, (value, radius) = np.asarray(values[step]), right[step]
            if (mistake.name, step) in fairness.silent or wrong.shape != value.shape:
                continue
            if np.all(np.abs(wrong - value) <= radius + reach[step]):
                yield f"mistake {mistake.name!r} lies inside the accepted interval of {step!r}"


def _check_secret(question: Question, variant: Variant, body: NumericBody, key: NumericKey) -> Iterator[str]:
    """Look for the final answer in what students read."""
    for name in body.finals:
        cells = {f"{abs(v):.10g}" for v in np.ravel(rounded_key(body, key)[name])}
        telling = {c for c in cells if len(c.replace(".", "").strip("0")) >= TELLING_DIGITS}
        for language in question.languages:
            sections = question.words[language].sections
            texts = (sections["stem"], sections[name], sections.get("picture", ""))
            shown = " ".join(render(text, stem_values(variant)) for text in texts)
            if telling and telling <= set(re.findall(r"\d+(?:\.\d+)?", shown)):
                yield f"{language}: the key of {name!r} stands in the stem"
