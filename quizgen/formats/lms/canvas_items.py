"""One variant as Canvas's questions: a number each, choices, matches; functions as text to be marked by hand."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence

from quizgen.formats.lms.entries import Entry
from quizgen.formats.lms.fields import Cell, Part, parts
from quizgen.formats.lms.markup import canvas_formula
from quizgen.formats.lms.matches import targets
from quizgen.formats.lms.pictures import illustrated
from quizgen.formats.lms.processing import element, number
from quizgen.formats.lms.texts import Texts
from quizgen.marking.concept import LETTERS
from quizgen.model import CodeBody, ConceptBody, ConceptKey, NumericBody, Select

RESPONSE = "response1"
FIGURE = '<p><img src="$IMS-CC-FILEBASE$/pictures/{name}" alt="{alt}"/></p>'
FULL = 100.0
STOPS = {"continue": "No"}


def items(entry: Entry, order: int) -> Iterator[ET.Element]:
    """Yield the questions of one entry; `order` is its number on the paper."""
    texts = Texts(entry, canvas_formula)
    body, key = entry.item.variant.body, entry.key
    title = f"{order}. {texts.title}"
    match body:
        case NumericBody():
            yield _item(entry, "text_only_question", title, 0, illustrated(texts, FIGURE))
            yield from _numbers(entry, title, texts)
        case ConceptBody() if isinstance(key, ConceptKey):
            yield _concept(entry, title, texts, body.select, key.right)
        case ConceptBody() | CodeBody():
            item = _item(entry, "essay_question", title, entry.item.points, illustrated(texts, FIGURE))
            _presentation(item).append(_written())
            item.append(_processing([element("respcondition", element("conditionvar", element("other")), **STOPS)]))
            yield item


def _numbers(entry: Entry, title: str, texts: Texts) -> Iterator[ET.Element]:
    found = parts(entry)
    whole = sum(part.weight for part in found)
    for part in found:
        points = entry.item.points * part.weight / whole / len(part.cells)
        for at, cell in enumerate(part.cells):
            stem = f"<p>{texts.label(part.field)}{_place(part, at)}</p>"
            item = _item(entry, "numerical_question", title, points, stem, part=cell.ident)
            _presentation(item).append(_typed())
            item.append(_processing([_condition(_within(cell), "Set", FULL)]))
            yield item


def _place(part: Part, at: int) -> str:
    """Say which cell is asked for, counted from 1."""
    if not part.field.shape:
        return ""
    index, rest = [], at
    for size in reversed(part.field.shape):
        index.append(str(rest % size + 1))
        rest //= size
    return f": [{', '.join(reversed(index))}]"


def _within(cell: Cell) -> ET.Element:
    return element(
        "or",
        element("varequal", respident=RESPONSE, text=number(cell.value)),
        element(
            "and",
            element("vargte", respident=RESPONSE, text=number(cell.low)),
            element("varlte", respident=RESPONSE, text=number(cell.high)),
        ),
    )


def _concept(entry: Entry, title: str, texts: Texts, select: Select, right: tuple[int, ...]) -> ET.Element:
    match select:
        case Select.ONE:
            return _choice(entry, title, texts, right, one=True)
        case Select.SEVERAL:
            return _choice(entry, title, texts, right, one=False)
        case Select.MATCH:
            told, menu = targets(texts)
            return _matching(
                entry, title, illustrated(texts, FIGURE) + told, list(zip(texts.choices()[1], right, strict=True)), menu
            )
        case Select.ORDER:
            told, menu = targets(texts)
            places = [(f"{place}.", at) for place, at in enumerate(right, start=1)]
            return _matching(entry, title, illustrated(texts, FIGURE) + told, places, menu)


def _choice(entry: Entry, title: str, texts: Texts, right: tuple[int, ...], *, one: bool) -> ET.Element:
    options = texts.choices()[0]
    kind = "multiple_choice_question" if one else "multiple_answers_question"
    item = _item(entry, kind, title, entry.item.points, illustrated(texts, FIGURE))
    labels = [element("response_label", _material(text), ident=LETTERS[at]) for at, text in enumerate(options)]
    shown = element("render_choice", *labels)
    _presentation(item).append(
        element("response_lid", shown, ident=RESPONSE, rcardinality="Single" if one else "Multiple")
    )
    item.append(_processing([_condition(_ticked(len(options), right, one=one), "Set", FULL)]))
    return item


def _ticked(count: int, right: tuple[int, ...], *, one: bool) -> ET.Element:
    equal = [element("varequal", respident=RESPONSE, text=LETTERS[at]) for at in range(count)]
    if one:
        return equal[right[0]]
    return element("and", *(e if at in right else element("not", e) for at, e in enumerate(equal)))


def _matching(entry: Entry, title: str, stem: str, rows: Sequence[tuple[str, int]], menu: list[str]) -> ET.Element:
    """Return rows that each want one entry of the menu; each row earns its share."""
    item = _item(entry, "matching_question", title, entry.item.points, stem)
    conditions = []
    for place, (row, right) in enumerate(rows, start=1):
        ident = f"response_{place}"
        labels = [
            element("response_label", _material(text, "text/plain"), ident=LETTERS[at]) for at, text in enumerate(menu)
        ]
        _presentation(item).append(
            element("response_lid", _material(row), element("render_choice", *labels), ident=ident)
        )
        equal = element("varequal", respident=ident, text=LETTERS[right])
        conditions.append(_condition(equal, "Add", FULL / len(rows)))
    item.append(_processing(conditions))
    return item


def _item(entry: Entry, kind: str, title: str, points: float, stem: str, *, part: str = "") -> ET.Element:
    ident = "-".join(name for name in (entry.ident, part or ("text" if kind == "text_only_question" else "")) if name)
    fields = {"question_type": kind, "points_possible": f"{points:.10g}"}
    metadata = element(
        "qtimetadata",
        *(
            element("qtimetadatafield", element("fieldlabel", text=name), element("fieldentry", text=text))
            for name, text in fields.items()
        ),
    )
    presentation = element("presentation", _material(stem))
    return element("item", element("itemmetadata", metadata), presentation, ident=ident, title=title)


def _presentation(item: ET.Element) -> ET.Element:
    return item[1]


def _material(xhtml: str, kind: str = "text/html") -> ET.Element:
    return element("material", element("mattext", texttype=kind, text=xhtml))


def _typed() -> ET.Element:
    shown = element("render_fib", element("response_label", ident="answer1"), fibtype="Decimal")
    return element("response_str", shown, ident=RESPONSE, rcardinality="Single")


def _written() -> ET.Element:
    shown = element("render_fib", element("response_label", ident="answer1", rshuffle="No"))
    return element("response_str", shown, ident=RESPONSE, rcardinality="Single")


def _processing(conditions: Sequence[ET.Element]) -> ET.Element:
    score = element("decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    return element("resprocessing", element("outcomes", score), *conditions)


def _condition(condition: ET.Element, action: str, earned: float) -> ET.Element:
    return element(
        "respcondition",
        element("conditionvar", condition),
        element("setvar", action=action, varname="SCORE", text=f"{earned:.10g}"),
        **{"continue": "No" if action == "Set" else "Yes"},
    )
