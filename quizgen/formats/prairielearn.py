"""PrairieLearn: one folder per question, its variants frozen as data and marked by our rules."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

from quizgen.bank import installed
from quizgen.errors import AuthorError
from quizgen.formats.export import Options
from quizgen.formats.lms.entries import Entry, chosen_entries
from quizgen.formats.lms.expected import DIGITS, beside
from quizgen.formats.lms.fields import Part, parts
from quizgen.formats.lms.limits import Limits, Order, credit, lost, our_credit
from quizgen.formats.lms.markup import latex_formula
from quizgen.formats.lms.mistakes import traps, wrongs
from quizgen.formats.lms.pictures import illustrated, image
from quizgen.formats.lms.responses import responses
from quizgen.formats.lms.texts import Texts
from quizgen.marking.concept import wrong_cost
from quizgen.model import CodeBody, ConceptBody, ConceptKey, Exam, Select
from quizgen.wording.phrases import phrase

LIMITS = Limits(order=Order.WHOLE, beyond_guess=True, names_mistakes=True)
"""What server.py does; orders are credited as we credit them."""
PICTURES = "clientFilesQuestion"
NAMESPACE = uuid.UUID("b4a1f1ce-6d0c-5b0e-9a53-5f3f7f0d7c55")
CODE = "{question}: functions cannot be expressed here (they need an external grader): not exported"
FILLED = "PrairieLearn grades a response only when every place is filled in: nothing is marked as blank"
ELEMENTS = {
    Select.ONE: (
        '<pl-multiple-choice answers-name="answer" order="fixed">\n'
        '{{#params.choices}}<pl-answer correct="{{right}}">{{{text}}}</pl-answer>\n{{/params.choices}}'
        "</pl-multiple-choice>"
    ),
    Select.SEVERAL: (
        '<pl-checkbox answers-name="answer" order="fixed" hide-help-text="true">\n'
        '{{#params.choices}}<pl-answer correct="{{right}}">{{{text}}}</pl-answer>\n{{/params.choices}}'
        "</pl-checkbox>"
    ),
    Select.MATCH: (
        '<pl-matching answers-name="answer" fixed-order="true" fixed-options-order="true" counter-type="upper-alpha">\n'
        '{{#params.choices}}<pl-option name="{{name}}">{{{text}}}</pl-option>\n{{/params.choices}}'
        '{{#params.rows}}<pl-statement match="{{match}}">{{{text}}}</pl-statement>\n{{/params.rows}}'
        "</pl-matching>"
    ),
    Select.ORDER: (
        '<pl-order-blocks answers-name="answer" grading-method="ranking" source-blocks-order="ordered">\n'
        '{{#params.choices}}<pl-answer tag="{{name}}" ranking="{{place}}">{{{text}}}</pl-answer>\n{{/params.choices}}'
        "</pl-order-blocks>"
    ),
}
FIGURE = '<pl-figure file-name="{name}" alt="{alt}"></pl-figure>'
PAGE = """<pl-question-panel>
{{{{{{params.stem}}}}}}
</pl-question-panel>
{answers}
<pl-submission-panel>
{{{{{{feedback.mistakes}}}}}}
</pl-submission-panel>
<pl-answer-panel>
{{{{{{params.solution}}}}}}
</pl-answer-panel>
"""


def export(exam: Exam, out: Path, options: Options) -> tuple[str, ...]:
    """Write the folders, ready for a course's `questions/`, and `expected.json` beside them."""
    entries = chosen_entries(exam, installed(), options.variants)
    asked = [e for e in entries if not isinstance(e.item.variant.body, CodeBody)]
    code = sorted({e.record.id for e in entries if isinstance(e.item.variant.body, CodeBody)})
    for (question, language), found in groupby(asked, key=lambda e: (e.record.id, e.language)):
        folder = out / (question if language == exam.language else f"{question}-{language}")
        _write(folder, tuple(found))
    items = [_expected(entry) for entry in asked]
    beside(out).write_text(_json({"format": "prairielearn", "items": items}), encoding="utf-8")
    return (FILLED, *(CODE.format(question=q) for q in code), *_losses(items))


def _write(folder: Path, entries: tuple[Entry, ...]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pages = {_page(entry) for entry in entries}
    if len(pages) > 1:
        raise AuthorError(f"{entries[0].record.id}: variants ask for different things; PrairieLearn wants one page")
    server = files("quizgen.formats") / "templates" / "prairielearn" / "server.py"
    (folder / "info.json").write_text(_json(_info(entries[0])), encoding="utf-8")
    (folder / "question.html").write_text(pages.pop(), encoding="utf-8")
    (folder / "server.py").write_bytes(server.read_bytes())
    (folder / "variants.json").write_text(_json([_variant(entry) for entry in entries]), encoding="utf-8")
    for drawn in filter(None, map(image, entries)):
        (folder / PICTURES).mkdir(exist_ok=True)
        (folder / PICTURES / drawn.name).write_bytes(drawn.content)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _info(entry: Entry) -> dict[str, Any]:
    return {
        "uuid": str(uuid.uuid5(NAMESPACE, f"{entry.record.id}/{entry.record.version}/{entry.language}")),
        "title": entry.record.titles[entry.language],
        "topic": entry.record.id.partition("/")[0],
        "tags": ["quizgen", entry.record.kind.value, entry.language],
        "type": "v3",
    }


def _page(entry: Entry) -> str:
    body = entry.item.variant.body
    if isinstance(body, ConceptBody):
        return PAGE.format(answers=ELEMENTS[body.select])
    return PAGE.format(answers="\n".join(_input(part) for part in parts(entry)))


def _input(part: Part) -> str:
    """Return a step's element; both tolerances are written, as PrairieLearn's own are loose."""
    name, close = part.field.name, f'comparison="relabs" rtol="0" atol="{{{{params.atol.{part.field.name}}}}}"'
    label = f"<p>{{{{{{params.labels.{name}}}}}}}</p>"
    if part.field.shape == ():
        return f'{label}\n<pl-number-input answers-name="{_name(part)}" {close}></pl-number-input>'
    shown = f'answers-name="{_name(part)}" {close} allow-partial-credit="true" allow-feedback="true"'
    return f"{label}\n<pl-matrix-component-input {shown}></pl-matrix-component-input>"


def _name(part: Part) -> str:
    """Name an element; PrairieLearn adds 1, 2, ... for the cells of an array, which then have our names."""
    return part.field.name if part.field.shape == () else f"{part.field.name}_"


def _variant(entry: Entry) -> dict[str, Any]:
    texts = Texts(entry, latex_formula)
    params: dict[str, Any] = {"stem": illustrated(texts, FIGURE), "solution": texts.solution()}
    body, key = entry.item.variant.body, entry.key
    if isinstance(body, ConceptBody) and isinstance(key, ConceptKey):
        marking: dict[str, Any] = {"select": body.select.value, "right": key.right, "whole": body.all_or_nothing}
        if body.select is Select.SEVERAL:
            marking["cost"] = float(wrong_cost(len(key.right), len(body.options) - len(key.right)))
        found = params | _choices(texts, body.select, key.right)
        return {"id": entry.ident, "params": found, "correct_answers": {}, "marking": marking}
    steps = parts(entry)
    params["labels"] = {part.field.name: texts.label(part.field) for part in steps}
    params["atol"] = {part.field.name: f"{max(c.radius for c in part.cells):.17g}" for part in steps}
    return {
        "id": entry.ident,
        "params": params,
        "correct_answers": {_name(part): _right(part) for part in steps},
        "marking": {
            "steps": [_step(entry, part) for part in steps],
            "heading": phrase("mistake-named", entry.language),
            "texts": {w.mistake.name: texts.mistakes((w.mistake,)) for w in wrongs(entry)},
        },
    }


def _choices(texts: Texts, select: Select, right: tuple[int, ...]) -> dict[str, Any]:
    shown, rows = texts.choices()
    names = [f"option{at}" for at in range(len(shown))]
    choices: list[dict[str, Any]] = [{"name": n, "text": t} for n, t in zip(names, shown, strict=True)]
    for at, choice in enumerate(choices):
        if select is Select.ORDER:
            choice["place"] = right.index(at) + 1
        elif select is not Select.MATCH:
            choice["right"] = "true" if at in right else "false"
    matches = [{"match": names[r], "text": t} for r, t in zip(right, rows, strict=True)] if rows else []
    return {"choices": choices, "rows": matches}


def _right(part: Part) -> Any:
    """Return a right answer as PrairieLearn's `to_json` writes it; an array is shown as a table of rows."""
    if part.field.shape == ():
        return part.cells[0].value
    rows = [[cell.value for cell in row] for row in part.rows]
    return {"_type": "ndarray", "_value": rows, "_dtype": "float64"}


def _step(entry: Entry, part: Part) -> dict[str, Any]:
    single = part.field.shape == ()
    found = traps(entry, part)
    return {
        "name": _name(part),
        "weight": part.weight,
        "guess": part.guess,
        "single": single,
        "cells": [
            {
                "name": part.field.name if single else cell.ident,
                "value": cell.value,
                "radius": cell.radius,
                "traps": [
                    {"value": t.value, "radius": t.radius, "mistakes": [m.name for m in t.mistakes]} for t in here
                ],
            }
            for cell, here in zip(part.cells, found, strict=True)
        ],
    }


def _expected(entry: Entry) -> dict[str, Any]:
    body = entry.item.variant.body
    ordered = isinstance(body, ConceptBody) and body.select is Select.ORDER
    return {
        "id": entry.ident,
        "question": entry.record.id,
        "language": entry.language,
        "points": entry.item.points,
        "lost": [] if ordered else list(lost(entry, LIMITS)),
        "responses": [
            {
                "kind": one.kind,
                "entered": list(one.entered),
                "fraction": round(our_credit(entry, one) if ordered else credit(entry, one, LIMITS), DIGITS),
                "ours": round(our_credit(entry, one), DIGITS),
            }
            for one in responses(entry)
        ],
    }


def _losses(items: Iterable[Mapping[str, Any]]) -> Sequence[str]:
    found: dict[str, dict[str, None]] = {}
    for item in items:
        found.setdefault(item["question"], {}).update(dict.fromkeys(item["lost"]))
    return [f"{name}: {'; '.join(said)}" for name, said in found.items() if said]
