"""What worked solutions and mistakes' texts may name: the givens, and every step as students round it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from quizgen.authoring.numeric import thaw
from quizgen.authoring.tolerance import round_as_asked
from quizgen.model import Key, NumericBody, NumericKey, Rounding, Value, Variant
from quizgen.wording import render


def solution_values(variant: Variant, key: Key) -> dict[str, Any]:
    """Return the givens and the rounded right values of all steps."""
    values = thaw(variant.givens)
    if isinstance(key, NumericKey) and isinstance(variant.body, NumericBody):
        rounding = {f.name: f.rounding for f in variant.body.fields}
        values |= {step.name: rounded(step.value, rounding[step.name]) for step in key.steps}
    return values


def rounded(value: Value, rounding: Rounding) -> Any:
    """Round a stored value as the paper asks: a float or an array."""
    array = round_as_asked(np.asarray(value, dtype=np.float64), rounding)
    return float(array) if array.ndim == 0 else array


def picture_text(variant: Variant, words: Mapping[str, str]) -> str:
    """Say in one line what the variant's picture shows, or return an empty text where it has none."""
    return " ".join(render(words["picture"], stem_values(variant)).split()) if variant.picture is not None else ""


def stem_values(variant: Variant) -> Mapping[str, Any]:
    """Return the givens alone: all that a stem may name."""
    return thaw(variant.givens)
