"""Papers as Jupyter notebooks: items as Markdown with LaTeX, a cell for every answer, the same bytes every time.

Cells are found again by their ids: `item3-decayed` and `item3-answer` hold answers, `code3` a function, `setup` what
all functions share. Their metadata hold these too, for programs that give cells new ids. What is in no such cell is the
student's own paper to scribble on.
"""

import re
from base64 import b64encode
from html import escape
from pathlib import Path
from typing import Any, TypeAlias

from quizgen.errors import AuthorError
from quizgen.formats.export import Options
from quizgen.formats.hand_in import answer_places, function_stub
from quizgen.formats.markdown import option_list, source
from quizgen.formats.sheet import ItemSheet, Markup, item_sheet, points
from quizgen.formats.svg import svg
from quizgen.model import CodeBody, ConceptBody, Exam, Item, Language, NumericBody, Paper
from quizgen.pictures import Picture
from quizgen.wording.phrases import phrase

Cell: TypeAlias = dict[str, Any]
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
MARKS = re.compile(r"([\\`*_{}\[\]<>#$|~&])")
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def export(exam: Exam, out: Path, options: Options) -> tuple[str, ...]:  # noqa: ARG001 - notebooks have no pages
    """Write one notebook per student into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    for paper in exam.papers:
        (out / f"{paper.student}.ipynb").write_text(notebook(paper, exam), encoding="utf-8")
    return ()


def notebook(paper: Paper, exam: Exam) -> str:
    """Write one student's notebook."""
    import nbformat  # noqa: PLC0415 - takes long to import, and only notebooks need it

    cells = [_markdown("head", _head(paper, exam)), _code("setup", "import numpy as np")]
    for item in paper.items:
        cells += _item_cells(item, exam, paper.language)
    metadata = {**METADATA, "quizgen": {"student": paper.student, "paper": paper.code}}
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return f"{nbformat.writes(nbformat.from_dict(whole), nbformat.NO_CONVERT)}\n"


def _markdown(cell: str, text: str) -> Cell:
    return {"cell_type": "markdown", "id": _checked(cell), "metadata": {"quizgen": cell}, "source": text}


def _code(cell: str, text: str) -> Cell:
    return {**_markdown(cell, text), "cell_type": "code", "execution_count": None, "outputs": []}


def _checked(cell: str) -> str:
    if CELL_ID.fullmatch(cell) is None:
        raise AuthorError(f"{cell!r} cannot be a notebook cell's id: wanted at most 64 of A-Z, a-z, 0-9, _ and -")
    return cell


def escaped(text: str) -> str:
    """Keep a name or title from being read as Markdown."""
    return MARKS.sub(r"\\\1", text)


def _head(paper: Paper, exam: Exam) -> str:
    language = paper.language
    minutes = exam.minutes + paper.extra_time if exam.minutes else 0
    facts = [
        (phrase("student", language), f"{escaped(paper.name)} ({escaped(paper.student)})"),
        (phrase("paper", language), paper.code),
        (phrase("time", language), f"{minutes:g} {phrase('minutes', language)}" if minutes else ""),
        (phrase("total", language), points(sum(i.points for i in paper.items), language)),
    ]
    listed = "\n".join(f"- {name}: {value}" for name, value in facts if value)
    parts = [f"# {escaped(exam.title)}", listed, phrase("how-to-answer-notebook", language)]
    return "\n\n".join([*parts, exam.notes[language]] if exam.notes.get(language) else parts)


def _item_cells(item: Item, exam: Exam, language: Language) -> list[Cell]:
    record = exam.questions[item.variant.question]
    body, number = item.variant.body, item.number
    sheet = item_sheet(item, record, language, Markup(block=source, inline=source, picture=_image))
    cells = [_markdown(f"item{number}", _item_text(item, sheet, language))]
    if isinstance(body, CodeBody):
        example = f"{body.example.call}\n# {phrase('right-answer', language)}: {body.example.result}"
        stub = function_stub(item, body, record, language)
        return [*cells, _code(f"code{number}", stub), _code(f"example{number}", example)]
    return [*cells, *(_code(f"item{number}-{name}", line) for name, line in answer_places(item, language))]


def _item_text(item: Item, sheet: ItemSheet, language: Language) -> str:
    parts = [f"## {sheet.number}. {escaped(sheet.title)} ({sheet.points})", sheet.stem]
    match item.variant.body:
        case NumericBody() as body:
            names = [f.name for f in body.asked(item.ask)]
            labels = zip(names, sheet.boxes, strict=True)
            parts += [sheet.hint, "\n".join(f"- `{name}`: {box.label} ({box.wanted})" for name, box in labels)]
        case ConceptBody():
            parts += [sheet.hint, option_list(sheet)]
        case CodeBody():
            groups = "\n".join(f"- {group}" for group in sheet.code.groups) if sheet.code else ""
            parts += [phrase("write-function-notebook", language), phrase("case-groups", language), groups]
    if sheet.conventions:
        parts.append(f"**{phrase('conventions', language)}** {' '.join(sheet.conventions)}")
    return "\n\n".join(part for part in parts if part)


def _image(picture: Picture, text: str) -> str:
    """Put a picture inside the Markdown; its text is what screen readers say.

    As HTML: viewers built on markdown-it refuse an SVG that is inside a Markdown image, and JupyterLab as attachment.
    """
    data = b64encode(svg(picture, text).encode()).decode("ascii")
    return f'\n<img alt="{escape(text)}" src="data:image/svg+xml;base64,{data}"/>'
