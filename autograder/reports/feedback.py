"""Feedback sheets: the verdict, what went wrong first, the named mistake, the worked solution with these numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.reports.gradebook import Gradebook, Row
from autograder.reports.pages import template
from quizgen.errors import InstructorError
from quizgen.formats.html import style
from quizgen.formats.sheet import item_sheet, points
from quizgen.marking.concept import LETTERS
from quizgen.model import (
    CodeDetail,
    ConceptBody,
    ConceptDetail,
    ConceptKey,
    Exam,
    Field,
    Grading,
    Item,
    Key,
    Language,
    NumericBody,
    NumericDetail,
    NumericKey,
    QuestionRecord,
    Select,
    Status,
    StepVerdict,
    Value,
    Verdict,
)
from quizgen.solution import rounded, solution_values
from quizgen.wording import format_value, inline_html, options, pairs, parse, render, sequence, to_html
from quizgen.wording.phrases import in_words, phrase

DIGITS_SHOWN = 10
CHOSEN = "●"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One number of an answer; `right` is None where it could not be compared."""

    text: str
    right: bool | None


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """One asked step: what was handed in and, where it differs, what is right."""

    label: str
    status: str
    verdict: str
    note: str
    rows: tuple[tuple[Cell, ...], ...]
    raw: str
    right: tuple[tuple[str, ...], ...]
    earned: str = ""


@dataclass(frozen=True, kw_only=True)
class ChoiceLine:
    """One option with what was chosen, what is right and why."""

    letter: str
    text: str
    chosen: str
    right: str
    good: bool | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class GroupLine:
    """One group of cases."""

    label: str
    passed: str
    good: bool
    reason: str
    traceback: tuple[str, ...]
    earned: str = ""


@dataclass(frozen=True, kw_only=True)
class ItemFeedback:
    """One item of a feedback sheet; texts are HTML."""

    number: int
    title: str
    status: str
    verdict: str
    earned: str
    stem: str
    reason: str
    first_wrong: str
    explanations: tuple[str, ...]
    certain: bool
    either: bool
    other_convention: bool
    steps: tuple[StepLine, ...]
    choices: tuple[ChoiceLine, ...]
    groups: tuple[GroupLine, ...]
    traceback: tuple[str, ...]
    notes: tuple[str, ...]
    solution: str
    source: str


def write_sheets(book: Gradebook, folder: Path, *, progress: Callable[[str], None] = lambda _: None) -> None:
    """Write one HTML file per graded student."""
    if folder.exists() and not folder.is_dir():
        raise InstructorError(f"{folder} is a file, wanted a folder for the sheets")
    folder.mkdir(parents=True, exist_ok=True)
    for row in book.graded:
        (folder / f"{row.paper.student}.html").write_text(feedback_html(book.exam, row), encoding="utf-8")
        progress(row.paper.student)


def feedback_html(exam: Exam, row: Row, *, practice: Mapping[str, str] | None = None) -> str:
    """Write one student's sheet; `practice` are the addresses where questions, by their ids, can be practiced."""
    grading, paper, ways = row.grading, row.paper, practice or {}
    if grading is None:
        raise InstructorError(f"{paper.student} has not been graded")
    keys = exam.keys[paper.student]
    verdicts = {v.item: v for v in grading.verdicts}
    return template("feedback.html.j2").render(
        exam=exam,
        paper=paper,
        language=paper.language,
        total=f"{row.points:.4g} / {points(row.possible, paper.language)}",
        deductions=[(f"−{d.points:.4g}", in_words(d.reason, paper.language)) for d in row.deductions],
        problems=_hand_in_notes(grading, paper.language),
        items=[
            item_feedback(item, key, verdicts[item.number], exam.questions[item.variant.question], paper.language)
            for item, key in zip(paper.items, keys, strict=True)
        ],
        practice={i.number: ways[i.variant.question] for i in paper.items if i.variant.question in ways},
        style=style(),
    )


def _hand_in_notes(grading: Grading, language: Language) -> list[str]:
    notes = [in_words(p, language) for p in (*grading.problems, *grading.notes)]
    return [*notes, phrase("unsafe", language)] if grading.level == 0 else notes


def item_feedback(item: Item, key: Key, verdict: Verdict, record: QuestionRecord, language: Language) -> ItemFeedback:
    """Put one verdict into words."""
    words, values = record.words[language], solution_values(item.variant, key)
    detail = verdict.detail
    numeric = detail if isinstance(detail, NumericDetail) else NumericDetail(steps=())
    explanations = _explanations(detail, words, values, language)
    return ItemFeedback(
        number=item.number,
        title=record.titles[language],
        status=verdict.status.value,
        verdict=phrase(verdict.status, language),
        earned=f"{verdict.points:.4g} / {points(item.points, language)}",
        stem=item_sheet(item, record, language).stem,
        reason=in_words(verdict.reason, language) if verdict.reason else "",
        first_wrong=_first_wrong(detail, words, values),
        explanations=explanations,
        certain=numeric.certain,
        either=len(explanations) > 1 and numeric.either,
        other_convention=numeric.other_convention,
        steps=_steps(item, key, verdict, words, values, language),
        choices=_choices(item, key, detail, words, values),
        groups=_groups(item, verdict, words, language),
        traceback=detail.traceback if isinstance(detail, CodeDetail) else (),
        notes=tuple(in_words(n, language) for n in verdict.notes),
        solution=to_html(parse(render(words["solution"], values))),
        source=record.source,
    )


def _inline(text: str, values: Mapping[str, Any]) -> str:
    return inline_html(parse(render(text, values)))


def _first_wrong(detail: object, words: Mapping[str, str], values: Mapping[str, Any]) -> str:
    """Name the step that went wrong first, where there is more than one."""
    if not isinstance(detail, NumericDetail) or not detail.first_wrong or len(detail.steps) < 2:
        return ""
    step = next(s for s in detail.steps if s.name == detail.first_wrong)
    if step.status not in {Status.INCORRECT, Status.PARTIAL}:
        return ""
    return _inline(words[detail.first_wrong], values)


def _explanations(
    detail: object, words: Mapping[str, str], values: Mapping[str, Any], language: Language
) -> tuple[str, ...]:
    names = detail.mistakes if isinstance(detail, NumericDetail | CodeDetail) else ()
    looks = detail.looks if isinstance(detail, NumericDetail) else ()
    named = (_inline(words[name], values) for name in names if name in words)
    return (*named, *(in_words(look, language) for look in looks))


def _steps(
    item: Item,
    key: Key,
    verdict: Verdict,
    words: Mapping[str, str],
    values: Mapping[str, Any],
    language: Language,
) -> tuple[StepLine, ...]:
    body, detail = item.variant.body, verdict.detail
    if not isinstance(body, NumericBody) or not isinstance(key, NumericKey):
        return ()
    right = {s.name: s.value for s in key.steps}
    found = {s.name: s for s in detail.steps} if isinstance(detail, NumericDetail) else {}
    unmarked = StepVerdict(name="", status=verdict.status, credit=0.0)
    earned = _earned(item, verdict, {s.name: (s.weight, s.credit) for s in found.values()}, language)
    return tuple(
        replace(
            _step_line(f, right[f.name], found.get(f.name, unmarked), _inline(words[f.name], values), language),
            earned=earned.get(f.name, ""),
        )
        for f in body.asked(item.ask)
    )


def _groups(item: Item, verdict: Verdict, words: Mapping[str, str], language: Language) -> tuple[GroupLine, ...]:
    detail = verdict.detail
    if not isinstance(detail, CodeDetail):
        return ()
    parts = {g.name: (g.weight, float(g.passed == g.total)) for g in detail.groups}
    earned = _earned(item, verdict, parts, language)
    lines = zip(group_lines(detail, words, language), detail.groups, strict=True)
    return tuple(replace(line, earned=earned.get(group.name, "")) for line, group in lines)


def _earned(
    item: Item, verdict: Verdict, parts: Mapping[str, tuple[float, float]], language: Language
) -> dict[str, str]:
    """Say how many of the item's points each part, of this weight and credit, earned.

    Nothing where there is one part only, or where the parts do not make up the points: the ledger may say otherwise.
    """
    whole = sum(weight for weight, _ in parts.values())
    shares = {name: (item.points * w / whole, item.points * w * credit / whole) for name, (w, credit) in parts.items()}
    if len(parts) < 2 or abs(sum(got for _, got in shares.values()) - verdict.points) > 1e-6:
        return {}
    return {
        name: phrase("points-of", language, earned=f"{got:.3g}", possible=f"{possible:.3g}")
        for name, (possible, got) in shares.items()
    }


def _step_line(field: Field, right: Value, step: StepVerdict, label: str, language: Language) -> StepLine:
    note = ""
    if step.carried:
        note = phrase("carried", language)
    elif step.reason is not None:
        note = in_words(step.reason, language)
    return StepLine(
        label=label,
        status=step.status.value,
        verdict=phrase(step.status, language),
        note=note,
        rows=_cells(step),
        raw=step.raw,
        right=() if step.status is Status.CORRECT and not step.carried else _right_cells(field, right),
    )


def _right_cells(field: Field, right: Value) -> tuple[tuple[str, ...], ...]:
    """Lay the right answer out in rows, rounded as the paper asks."""
    array = np.atleast_1d(np.array(rounded(right, field.rounding), dtype=np.float64))
    rounding = field.rounding
    return tuple(
        tuple(
            format_value(float(v), decimals=rounding.decimals, significant=rounding.significant).replace("-", "−")
            for v in row
        )
        for row in array.reshape(-1, array.shape[-1])
    )


def _cells(step: StepVerdict) -> tuple[tuple[Cell, ...], ...]:
    """Lay an answer out in rows, each cell with whether it is right; a carried answer is right as a whole."""
    if step.response is None:
        return ()
    response = np.atleast_1d(np.array(step.response, dtype=np.float64))
    marks = np.broadcast_to(np.array(step.cells if step.cells is not None else False), response.shape)
    rows = response.reshape(-1, response.shape[-1]) if response.size else response.reshape(0, 1)
    right = marks.reshape(rows.shape)
    return tuple(
        tuple(
            Cell(text=_number(value), right=True if step.carried else bool(mark))
            for value, mark in zip(row, flags, strict=True)
        )
        for row, flags in zip(rows, right, strict=True)
    )


def _number(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.{DIGITS_SHOWN}g}".replace("-", "−")


def _choices(
    item: Item, key: Key, detail: object, words: Mapping[str, str], values: Mapping[str, Any]
) -> tuple[ChoiceLine, ...]:
    body = item.variant.body
    if not isinstance(body, ConceptBody) or not isinstance(key, ConceptKey):
        return ()
    chosen = detail.chosen if isinstance(detail, ConceptDetail) else ()
    match body.select:
        case Select.ONE | Select.SEVERAL:
            return _ticks(body, key, chosen, words, values)
        case Select.MATCH:
            return _matches(body, key, chosen, words, values)
        case Select.ORDER:
            return _places(body, key, chosen, words, values)


def _ticks(
    body: ConceptBody, key: ConceptKey, chosen: tuple[int, ...], words: Mapping[str, str], values: Mapping[str, Any]
) -> tuple[ChoiceLine, ...]:
    pool = options(words["options"])
    return tuple(
        ChoiceLine(
            letter=LETTERS[at],
            text=_inline(pool[index].text, values),
            chosen=CHOSEN if at in chosen else "",
            right=CHOSEN if at in key.right else "",
            good=(at in chosen) == (at in key.right) if chosen else None,
            reason=_inline(pool[index].reason, values),
        )
        for at, index in enumerate(body.options)
    )


def _matches(
    body: ConceptBody, key: ConceptKey, chosen: tuple[int, ...], words: Mapping[str, str], values: Mapping[str, Any]
) -> tuple[ChoiceLine, ...]:
    pool = pairs(words["pairs"])
    return tuple(
        ChoiceLine(
            letter=str(at + 1),
            text=f"{_inline(pool[index].left, values)} → {_inline(pool[index].right, values)}",
            chosen=_letter(chosen, at),
            right=LETTERS[key.right[at]],
            good=chosen[at] == key.right[at] if chosen else None,
            reason=_inline(pool[index].reason, values),
        )
        for at, index in enumerate(body.options)
    )


def _places(
    body: ConceptBody, key: ConceptKey, chosen: tuple[int, ...], words: Mapping[str, str], values: Mapping[str, Any]
) -> tuple[ChoiceLine, ...]:
    pool = sequence(words["sequence"])
    return tuple(
        ChoiceLine(
            letter=str(place + 1),
            text=_inline(pool[body.options[at]].text, values),
            chosen=_letter(chosen, place),
            right=LETTERS[at],
            good=chosen[place] == at if chosen else None,
            reason=_inline(pool[body.options[at]].reason, values),
        )
        for place, at in enumerate(key.right)
    )


def _letter(chosen: tuple[int, ...], at: int) -> str:
    return LETTERS[chosen[at]] if chosen and chosen[at] >= 0 else ""


def group_lines(detail: object, words: Mapping[str, str], language: Language) -> tuple[GroupLine, ...]:
    """Say of each group of cases how many passed; empty for what is not code."""
    if not isinstance(detail, CodeDetail):
        return ()
    return tuple(
        GroupLine(
            label=inline_html(parse(words[g.name])),
            passed=phrase("cases-passed", language, passed=g.passed, total=g.total),
            good=g.passed == g.total,
            reason=in_words(g.reason, language) if g.reason else "",
            traceback=g.traceback,
        )
        for g in detail.groups
    )
