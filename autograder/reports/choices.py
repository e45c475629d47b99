"""Which options were chosen, right ones and distractors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.reports.estimates import Estimate, share
from quizgen.model import (
    ConceptBody,
    ConceptDetail,
    ConceptKey,
    Item,
    Key,
    Language,
    QuestionRecord,
    Select,
    Verdict,
)
from quizgen.solution import stem_values
from quizgen.wording import options, pairs, render, sequence

Answered = tuple[tuple[Key, ...], Item, Verdict]
"""A paper's keys, one of its items and the verdict on it."""
Pick = tuple[int, int]
"""An option of the pool, and for matches the option whose right side was chosen for it (otherwise -1)."""


@dataclass(frozen=True, kw_only=True)
class ChoiceCount:
    """How many of those who were shown an option, and answered, chose it; `text` is Markdown."""

    text: str
    right: bool
    count: int
    shown: int
    share: Estimate


@dataclass(kw_only=True)
class _Tally:
    example: Item
    right: bool
    count: int = 0
    shown: int = 0


def choice_counts(found: Sequence[Answered], question: QuestionRecord, language: Language) -> tuple[ChoiceCount, ...]:
    """Count choices over a class: options ticked, pairs made, elements put in their place."""
    tallies: dict[Pick, _Tally] = {}
    for keys, item, verdict in found:
        body, detail, key = item.variant.body, verdict.detail, keys[item.number - 1]
        if isinstance(body, ConceptBody) and isinstance(detail, ConceptDetail) and isinstance(key, ConceptKey):
            for pick, chosen, right in _picks(body, detail.chosen, key):
                tally = tallies.setdefault(pick, _Tally(example=item, right=right))
                tally.shown += 1
                tally.count += chosen
    words = question.words[language]
    return tuple(
        ChoiceCount(
            text=render(_text(pick, tally.example, words), stem_values(tally.example.variant)),
            right=tally.right,
            count=tally.count,
            shown=tally.shown,
            share=share(tally.count, tally.shown),
        )
        for pick, tally in sorted(tallies.items(), key=lambda t: (not t[1].right, -t[1].count, t[0]))
        if tally.right or tally.count or tally.example.variant.body.select is not Select.MATCH  # type: ignore[union-attr]
    )


def _picks(body: ConceptBody, chosen: tuple[int, ...], key: ConceptKey) -> Iterator[tuple[Pick, bool, bool]]:
    """Yield what could be chosen, whether it was, and whether it is right."""
    match body.select:
        case Select.ONE | Select.SEVERAL:
            for at, option in enumerate(body.options):
                yield (option, -1), at in chosen, at in key.right
        case Select.MATCH:
            for row, left in enumerate(body.options):
                for at, target in enumerate(body.targets):
                    yield (left, target), chosen[row] == at, key.right[row] == at
        case Select.ORDER:
            for place, at in enumerate(key.right):
                yield (body.options[at], -1), chosen[place] == at, True


def _text(pick: Pick, example: Item, words: Mapping[str, str]) -> str:
    body = example.variant.body
    assert isinstance(body, ConceptBody)  # noqa: S101 - only concept items are tallied
    match body.select:
        case Select.ONE | Select.SEVERAL:
            return options(words["options"])[pick[0]].text
        case Select.MATCH:
            pool = pairs(words["pairs"])
            return f"{pool[pick[0]].left} → {pool[pick[1]].right}"
        case Select.ORDER:
            return sequence(words["sequence"])[pick[0]].text
