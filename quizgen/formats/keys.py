"""The right answers of an item, as text for instructors."""

from dataclasses import dataclass

import numpy as np

from quizgen.formats.sheet import shown_options
from quizgen.marking.concept import LETTERS
from quizgen.model import (
    CodeBody,
    CodeKey,
    ConceptBody,
    ConceptKey,
    Item,
    Key,
    Language,
    NumericBody,
    NumericKey,
    QuestionRecord,
    StepKey,
)
from quizgen.solution import rounded, solution_values
from quizgen.wording import format_value, render


@dataclass(frozen=True, kw_only=True)
class KeyRow:
    """One right answer in the answer book."""

    label: str
    value: str
    within: str = ""


def key_rows(item: Item, key: Key, record: QuestionRecord, language: Language) -> tuple[KeyRow, ...]:
    """Return the right answers of one item, as text."""
    words = record.words[language]
    body = item.variant.body
    match key, body:
        case NumericKey(), NumericBody():
            rounding = {f.name: f.rounding for f in body.fields}
            return tuple(
                KeyRow(
                    label=step.name,
                    value=format_value(
                        rounded(step.value, rounding[step.name]),
                        decimals=rounding[step.name].decimals,
                        significant=rounding[step.name].significant,
                    ),
                    within=f"±{_widest(step):.2g}",
                )
                for step in key.steps
            )
        case ConceptKey(), ConceptBody():
            letters = " ".join(LETTERS[i] for i in key.right)
            texts, _ = shown_options(body, words)
            first = render(texts[key.right[0]], solution_values(item.variant, key)) if len(key.right) == 1 else ""
            return (KeyRow(label=letters, value=first.split("\n")[0]),)
        case CodeKey(), CodeBody():
            return (KeyRow(label=body.function, value=body.signature),)
        case _:
            return ()


def _widest(step: StepKey) -> float:
    return float(np.max(np.asarray(step.radius)))
