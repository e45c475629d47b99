"""The page of one variant: both languages side by side, key, accepted intervals, mistakes and what they give."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from quizgen.authoring.code import CodeQuestion
from quizgen.authoring.numeric import NumericQuestion, thaw
from quizgen.authoring.source import as_source
from quizgen.bank import FAULTS, Question, told
from quizgen.errors import QuizgenError
from quizgen.formats.html import style, templates
from quizgen.formats.keys import key_rows
from quizgen.formats.sheet import ItemSheet, item_sheet
from quizgen.formats.variant_text import reasons
from quizgen.model import Ask, Item, Key, Language, NumericBody, NumericKey
from quizgen.preview.desk import Desk
from quizgen.preview.faults import faults
from quizgen.solution import rounded, solution_values
from quizgen.wording import format_value, inline_html, parse, render, to_html


@dataclass(frozen=True, kw_only=True)
class Column:
    """The item in one language, or what is wrong with its words; texts are HTML."""

    language: Language
    faults: tuple[str, ...]
    title: str = ""
    sheet: ItemSheet | None = None
    solution: str = ""
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class KeyLine:
    """One right number and the interval around it that is accepted; other kinds of key have no interval."""

    label: str
    cell: str
    value: str
    low: str = ""
    high: str = ""


@dataclass(frozen=True, kw_only=True)
class MistakeLine:
    """One known mistake and what it leads to."""

    name: str
    step: str
    answers: tuple[tuple[str, str], ...]


def page_html(desk: Desk, seed: int, *, watch: bool) -> str:
    """Draw the variant of that seed; what the author has to mend stands on the page."""
    shown: dict[str, Any] = {"id": desk.question_id, "seed": seed, "error": "", "watch": watch}
    try:
        shown |= _variant(desk.question(), seed)
    except QuizgenError as error:
        shown["error"] = str(error)
    except FAULTS as error:
        shown["error"] = told(error, desk.question_id)
    return _environment().get_template("preview.html.j2").render(style=style(), stamp=desk.stamp(), **shown)


@cache
def _environment() -> Environment:
    loader = ChoiceLoader([PackageLoader("quizgen.preview"), PackageLoader("quizgen.formats")])
    return templates("quizgen.formats").overlay(loader=loader)


def _variant(question: Question, seed: int) -> dict[str, Any]:
    drawn = question.draw_whole(seed)
    variant, key = question.draw(seed)
    item = Item(number=1, points=1.0, ask=Ask.STEPS, variant=variant)
    return {
        "facts": question.facts,
        "version": question.version,
        "refused": drawn.refused,
        "columns": [_column(question, item, key, language) for language in question.languages],
        "keys": tuple(_keys(question, item, key)),
        "mistakes": tuple(_mistakes(question, item, seed)),
    }


def _column(question: Question, item: Item, key: Key, language: Language) -> Column:
    wrong = tuple(faults(question, item, key, language))
    if wrong:
        return Column(language=language, faults=wrong)
    words, values = question.words[language].sections, solution_values(item.variant, key)
    named = [(name, words[name]) for name in _mistake_names(question) if name in words]
    return Column(
        language=language,
        faults=(),
        title=question.title(language),
        sheet=item_sheet(item, question.record(), language),
        solution=to_html(parse(render(words["solution"], values))),
        texts=tuple(
            (name, inline_html(parse(render(text, values))))
            for name, text in named or reasons(question, item, language)
        ),
    )


def _mistake_names(question: Question) -> tuple[str, ...]:
    match question.template:
        case NumericQuestion() as template:
            return tuple(template.program.mistakes)
        case CodeQuestion() as template:
            return tuple(template.mistakes)
        case _:
            return ()


def _keys(question: Question, item: Item, key: Key) -> Iterator[KeyLine]:
    """Write a numeric key cell by cell, any other as the answer book does."""
    if not isinstance(key, NumericKey):
        language = question.languages[0]
        for row in key_rows(item, key, question.record(), language):
            value = (
                inline_html(parse(row.value)) if row.value and not isinstance(question.template, CodeQuestion) else ""
            )
            yield KeyLine(label=row.label, cell="", value=Markup(value))  # noqa: S704 - written from the parsed words
        return
    for step in key.steps:
        values, radii = np.asarray(step.value, dtype=np.float64), np.asarray(step.radius, dtype=np.float64)
        for place in np.ndindex(values.shape):
            right, radius = float(values[place]), float(np.broadcast_to(radii, values.shape)[place])
            yield KeyLine(
                label=step.name,
                cell=", ".join(str(i) for i in place),
                value=f"{right:.6g}",
                low=f"{right - radius:.6g}",
                high=f"{right + radius:.6g}",
            )


def _mistakes(question: Question, item: Item, seed: int) -> Iterator[MistakeLine]:
    """Work out what each mistake gives: at its own step and at the last ones, or for the visible example."""
    body = item.variant.body
    if isinstance(question.template, NumericQuestion) and isinstance(body, NumericBody):
        program, rounding = question.template.program, {f.name: f.rounding for f in body.fields}
        for mistake in program.mistakes.values():
            values = program.run(thaw(item.variant.givens), swaps=(mistake,))
            steps = dict.fromkeys((mistake.step, *body.finals))
            answers = tuple((name, _written(values[name], rounding[name])) for name in steps)
            yield MistakeLine(name=mistake.name, step=mistake.step, answers=answers)
    elif isinstance(question.template, CodeQuestion):
        arguments = question.template.example(seed).arguments
        for name, function in question.template.mistakes.items():
            yield MistakeLine(
                name=name, step="", answers=((question.template.function, _returned(function, arguments)),)
            )


def _written(value: Any, rounding: Any) -> str:
    finite = np.all(np.isfinite(np.asarray(value, dtype=np.float64)))
    if not finite:
        return str(value)
    return format_value(rounded(value, rounding), decimals=rounding.decimals, significant=rounding.significant)


def _returned(function: Any, arguments: tuple[Any, ...]) -> str:
    """Call a wrong implementation on copies of the example's arguments."""
    try:
        with np.errstate(all="ignore"):
            return as_source(function(*(np.copy(a) if isinstance(a, np.ndarray) else a for a in arguments)))
    except FAULTS as error:
        return f"{type(error).__name__}: {error}"
