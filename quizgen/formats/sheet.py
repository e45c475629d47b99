"""What a paper shows of an item: words filled in with the givens, and never with a key."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from msgspec.structs import replace

from quizgen.formats.svg import svg
from quizgen.marking.concept import LETTERS
from quizgen.model import (
    Body,
    CodeBody,
    ConceptBody,
    Exam,
    Field,
    Item,
    Language,
    NumericBody,
    Paper,
    QuestionRecord,
    Rounding,
    Select,
)
from quizgen.pictures import Picture
from quizgen.solution import picture_text, stem_values
from quizgen.wording import Document, inline_html, options, pairs, parse, render, sequence, to_html
from quizgen.wording.phrases import phrase


@dataclass(frozen=True, kw_only=True)
class Markup:
    """How a format writes parsed words: as blocks, and inside a line; without `picture` it says what pictures show."""

    block: Callable[[Document], str]
    inline: Callable[[Document], str]
    picture: Callable[[Picture, str], str] | None = None


def figure(picture: Picture, text: str) -> str:
    """Draw a picture for a page; `text` says the same in words."""
    return f'<figure class="picture">{svg(picture, text)}</figure>'


POWER = '<span class="blank"></span> × 10<sup class="blank"></sup>'
"""Blanks for a number in the form a x 10^n."""
HTML = Markup(block=to_html, inline=inline_html, picture=figure)


@dataclass(frozen=True, kw_only=True)
class AnswerBox:
    """Where one step is written: a label, and the rows of an empty table in HTML and as a shape.

    With `power`, each number has two blanks: ___ x 10^___.
    """

    label: str
    wanted: str
    grid: str
    rows: int
    columns: int
    power: bool = False


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One option with its letter."""

    letter: str
    text: str


@dataclass(frozen=True, kw_only=True)
class CodeBox:
    """The function to write."""

    signature: str
    docstring: str
    example_call: str
    example_result: str
    groups: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ItemSheet:
    """One item, ready for a template; its words are in the markup asked for, title, hint and code plain.

    `rows` are what choices are matched with, `places` the numbers of an order's places.
    """

    number: int
    title: str
    points: str
    stem: str
    hint: str
    conventions: tuple[str, ...]
    boxes: tuple[AnswerBox, ...] = ()
    choices: tuple[Choice, ...] = ()
    rows: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    code: CodeBox | None = None


def item_sheet(item: Item, record: QuestionRecord, language: Language, markup: Markup = HTML) -> ItemSheet:
    """Fill one item's words in, and write them in one format's markup."""
    words = record.words[language]
    body = item.variant.body
    boxes: tuple[AnswerBox, ...] = ()
    choices: tuple[Choice, ...] = ()
    rows: tuple[str, ...] = ()
    code = None
    hint = ""
    match body:
        case NumericBody():
            asked = body.asked(item.ask)
            shared = asked[0].rounding if len({f.rounding for f in asked}) == 1 else None
            boxes = tuple(_box(f, markup.inline(_filled(words[f.name], item)), language, shared) for f in asked)
            hint = rounding_rule(shared, language) if shared else phrase("round-each", language)
        case ConceptBody():
            choices, rows = _choices(body, words, item, markup)
            hint = choice_rule(body, language)
        case CodeBody():
            code = _code(body, record, words, markup)
            hint = phrase("write-function", language)
    return ItemSheet(
        number=item.number,
        title=record.titles[language],
        points=points(item.points, language),
        stem=_stem(item, words, markup),
        hint=hint,
        conventions=tuple(markup.inline(parse(record.convention_words[language][name])) for name in record.conventions),
        boxes=boxes,
        choices=choices,
        rows=rows,
        places=_places(body),
        code=code,
    )


def _stem(item: Item, words: dict[str, str], markup: Markup) -> str:
    """Write the text that asks, and below it the picture."""
    stem, picture = render(words["stem"], stem_values(item.variant)), item.variant.picture
    said = picture_text(item.variant, words)
    if picture is None or markup.picture is None:
        return markup.block(parse(f"{stem}\n\n{said}".rstrip()))
    return f"{markup.block(parse(stem))}\n{markup.picture(picture, said)}"


def _filled(text: str, item: Item) -> Document:
    return parse(render(text, stem_values(item.variant)))


def _box(field: Field, label: str, language: Language, shared: Rounding | None) -> AnswerBox:
    wanted = wanted_words(field, language, alone=shared is None)
    rows, columns = grid(field.shape)
    power = field.rounding.significant is not None
    cells = empty_grid(rows, columns, power=power)
    return AnswerBox(label=label, wanted=wanted, grid=cells, rows=rows, columns=columns, power=power)


def _places(body: Body) -> tuple[int, ...]:
    if isinstance(body, ConceptBody) and body.select is Select.ORDER:
        return tuple(range(1, len(body.options) + 1))
    return ()


def _choices(
    body: ConceptBody, words: dict[str, str], item: Item, markup: Markup
) -> tuple[tuple[Choice, ...], tuple[str, ...]]:
    texts, rows = ([markup.inline(_filled(text, item)) for text in found] for found in shown_options(body, words))
    return tuple(Choice(letter=LETTERS[i], text=t) for i, t in enumerate(texts)), tuple(rows)


def shown_options(body: ConceptBody, words: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return the texts that carry letters and, for matching, the rows that want one; both as templates."""
    match body.select:
        case Select.MATCH:
            found = pairs(words["pairs"])
            return [found[i].right for i in body.targets], [found[i].left for i in body.options]
        case Select.ORDER:
            places = sequence(words["sequence"])
            return [places[i].text for i in body.options], []
        case Select.ONE | Select.SEVERAL:
            pool = options(words["options"])
            return [pool[i].text for i in body.options], []


def _code(body: CodeBody, record: QuestionRecord, words: dict[str, str], markup: Markup) -> CodeBox:
    return CodeBox(
        signature=f"def {body.signature}:",
        docstring=words["docstring"].strip(),
        example_call=body.example.call,
        example_result=body.example.result,
        groups=tuple(markup.inline(parse(words[g.name])) for g in record.groups),
    )


def points(number: float, language: Language) -> str:
    """Write points with their unit."""
    unit = phrase("point" if number == 1 else "points", language)
    return f"{number:g} {unit}"


def shape_words(shape: tuple[int, ...], language: Language) -> str:
    """Say how many numbers are wanted, and in which arrangement."""
    sizes = [str(n) for n in shape]
    match len(shape):
        case 0:
            return phrase("shape-number", language)
        case 1:
            return phrase("shape-vector", language, count=sizes[0])
        case 2:
            return phrase("shape-matrix", language, rows=sizes[0], columns=sizes[1])
        case _:
            return phrase("shape-maps", language, shape=" × ".join(sizes))


def wanted_words(field: Field, language: Language, *, alone: bool, power: str = "power-written") -> str:
    """Say what one field wants: its shape, its rounding if it is told `alone`, and the form of significant digits.

    That form is asked for whatever the key is: asked only of small numbers, it would tell that they are small.
    """
    parts = [shape_words(field.shape, language)]
    if alone:
        parts.append(rounding_words(field.rounding, language))
    if field.rounding.significant is not None:
        parts.append(phrase(power, language))
    return ", ".join(parts)


@cache
def empty_grid(rows: int, columns: int, *, power: bool = False) -> str:
    """Return the rows of a table with one box per number."""
    cell = f'<td class="answer-box power">{POWER}</td>' if power else '<td class="answer-box"></td>'
    return "\n".join([f"<tr>{cell * columns}</tr>"] * rows)


def grid(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return the rows and columns of the box that a value of this shape is written into."""
    if len(shape) < 2:
        return 1, shape[0] if shape else 1
    rows = 1
    for size in shape[:-1]:
        rows *= size
    return rows, shape[-1]


def choice_rule(body: ConceptBody, language: Language) -> str:
    """State what is to be done with the options and how it is credited."""
    if body.select is Select.SEVERAL and body.all_or_nothing:
        return phrase("select-several-all", language)
    return phrase(f"select-{body.select}", language)


def rounding_rule(rounding: Rounding, language: Language) -> str:
    """State how the steps are rounded; whole numbers need no rule."""
    if rounding.significant is not None:
        return phrase("round-significant", language, count=rounding.significant)
    return phrase("round-decimals", language, count=rounding.decimals) if rounding.decimals else ""


def rounding_words(rounding: Rounding, language: Language) -> str:
    """Name one field's own rounding."""
    if rounding.significant is not None:
        return phrase("round-field-significant", language, count=rounding.significant)
    if rounding.decimals == 0:
        return phrase("round-field-whole", language)
    return phrase("round-field-decimals", language, count=rounding.decimals)


def for_papers(exam: Exam) -> Exam:
    """Return the exam without what papers do not show: one another, keys, and the cases that code is run on."""
    records = {name: replace(record, cases=()) for name, record in exam.questions.items()}
    return replace(exam, papers=(), keys={}, questions=records)


def paper_sheets(paper: Paper, exam: Exam, markup: Markup = HTML) -> tuple[ItemSheet, ...]:
    """Fill in all items of one paper."""
    return tuple(item_sheet(i, exam.questions[i.variant.question], paper.language, markup) for i in paper.items)
