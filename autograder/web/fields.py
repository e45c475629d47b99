"""What the page shows of an item: its words, and its boxes with the texts that were typed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from autograder.web.form import ANSWER, SOURCE, Saved, Texts, box_name, filled, places, stub
from quizgen.formats.sheet import ItemSheet, grid, item_sheet
from quizgen.marking.concept import LETTERS
from quizgen.model import CodeBody, ConceptBody, Exam, Field, Item, Language, NumericBody, Paper, QuestionRecord, Select
from quizgen.wording.phrases import phrase


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One box for a number; `label` says where in its step it stands, and is empty for a single number."""

    name: str
    text: str
    label: str


@dataclass(frozen=True, kw_only=True)
class StepBoxes:
    """The boxes of one step, row by row; `maps` is after how many rows the next feature map begins."""

    label: str
    wanted: str
    rows: tuple[tuple[Cell, ...], ...]
    maps: int


@dataclass(frozen=True, kw_only=True)
class Tick:
    """One option to tick."""

    name: str
    letter: str
    text: str
    on: bool


@dataclass(frozen=True, kw_only=True)
class Pick:
    """One letter to pick: for a row that is matched (its words in `row`), or for a place of an order."""

    name: str
    number: int
    row: str
    letter: str


@dataclass(frozen=True, kw_only=True)
class FormItem:
    """One item as form fields; `result` is the HTML of what running the visible cases gave."""

    sheet: ItemSheet
    steps: tuple[StepBoxes, ...] = ()
    ticks: tuple[Tick, ...] = ()
    several: bool = False
    picks: tuple[Pick, ...] = ()
    letters: str = ""
    editor: str = ""
    source: str = ""
    stub: str = ""
    filled: int = 0
    of: int = 1
    result: str = ""

    @property
    def number(self) -> int:
        """The item's number on the paper."""
        return self.sheet.number

    @property
    def share(self) -> str:
        """How much is filled: all, some or none."""
        return "all" if self.filled == self.of else "some" if self.filled else "none"


def form_items(
    paper: Paper, exam: Exam, saved: Saved, results: Mapping[int, str] | None = None
) -> tuple[FormItem, ...]:
    """Turn a paper and its saved texts into what the page shows."""
    shown = results or {}
    return tuple(
        replace(
            form_item(item, exam.questions[item.variant.question], paper.language, saved.get(item.number, {})),
            result=shown.get(item.number, ""),
        )
        for item in paper.items
    )


def form_item(item: Item, record: QuestionRecord, language: Language, texts: Texts) -> FormItem:
    """Turn one item and its saved texts into what the page shows."""
    sheet = item_sheet(item, record, language)
    full, of = filled(item, texts)
    begun = FormItem(sheet=sheet, filled=full, of=of)
    match item.variant.body:
        case NumericBody() as body:
            asked = body.asked(item.ask)
            steps = tuple(
                StepBoxes(
                    label=box.label,
                    wanted=box.wanted,
                    rows=_rows(item, field, language, texts),
                    maps=field.shape[-2] if len(field.shape) > 2 else 0,
                )
                for field, box in zip(asked, sheet.boxes, strict=True)
            )
            return replace(begun, steps=steps)
        case ConceptBody(select=Select.ONE | Select.SEVERAL) as body:
            return replace(begun, ticks=_ticks(item, sheet, texts), several=body.select is Select.SEVERAL)
        case ConceptBody():
            letters = LETTERS[: len(sheet.choices)]
            return replace(begun, picks=_picks(item, sheet, texts), letters=letters)
        case CodeBody() as body:
            words = replace(sheet, hint=phrase("write-function-page", language))
            source = texts.get(SOURCE) or stub(body)
            return replace(begun, sheet=words, editor=box_name(item.number, SOURCE), source=source, stub=stub(body))


def _rows(item: Item, asked: Field, language: Language, texts: Texts) -> tuple[tuple[Cell, ...], ...]:
    rows, columns = grid(asked.shape)
    cells = [
        Cell(
            name=box_name(item.number, place.field),
            text=texts.get(place.field, ""),
            label=_cell_label(place.index, language),
        )
        for place in places(item)
        if place.part == asked.name
    ]
    return tuple(tuple(cells[row * columns : (row + 1) * columns]) for row in range(rows))


def _cell_label(at: tuple[int, ...], language: Language) -> str:
    """Say in words where a cell stands, counting from 1."""
    places_from_1 = [str(n + 1) for n in at]
    match places_from_1:
        case []:
            return ""
        case [n]:
            return phrase("cell-vector", language, number=n)
        case [row, column]:
            return phrase("cell-matrix", language, row=row, column=column)
        case [*maps, row, column]:
            return phrase("cell-maps", language, map=", ".join(maps), row=row, column=column)
        case _:
            raise AssertionError(at)


def _ticks(item: Item, sheet: ItemSheet, texts: Texts) -> tuple[Tick, ...]:
    several = places(item)[0].tick
    fields = [f"{ANSWER}[{c.letter}]" if several else ANSWER for c in sheet.choices]
    return tuple(
        Tick(
            name=box_name(item.number, field),
            letter=choice.letter,
            text=choice.text,
            on=texts.get(field, "").strip().upper() == choice.letter,
        )
        for field, choice in zip(fields, sheet.choices, strict=True)
    )


def _picks(item: Item, sheet: ItemSheet, texts: Texts) -> tuple[Pick, ...]:
    rows = sheet.rows or ("",) * len(sheet.places)
    return tuple(
        Pick(name=box_name(item.number, p.field), number=n, row=row, letter=texts.get(p.field, "").strip().upper())
        for n, (p, row) in enumerate(zip(places(item), rows, strict=True), 1)
    )
