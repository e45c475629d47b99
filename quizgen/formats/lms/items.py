"""One variant as a QTI item, in the names of QTI 2.1."""

import xml.etree.ElementTree as ET
from fractions import Fraction

from quizgen.formats.lms.entries import Entry
from quizgen.formats.lms.fields import Part, parts
from quizgen.formats.lms.markup import elements, mathml_formula
from quizgen.formats.lms.pictures import illustrated
from quizgen.formats.lms.processing import (
    Scored,
    Test,
    chosen,
    declaration,
    element,
    number,
    outcomes,
    processing,
    variable,
    within,
)
from quizgen.formats.lms.texts import Texts
from quizgen.marking.concept import LETTERS, wrong_cost
from quizgen.model import CodeBody, ConceptBody, ConceptKey, NumericBody, Select

RESPONSE = "RESPONSE"
EXPECTED_LENGTH = "12"
FIGURE = '<p><img src="{name}" alt="{alt}"/></p>'
"""Pictures lie beside their items."""
FINE = 1000
"""Weights of steps are kept to this fraction."""


def item_tree(entry: Entry) -> ET.Element:
    """Return the item: its declarations, its body and what scores it."""
    texts = Texts(entry, mathml_formula)
    declarations, interactions, scored = _answered(entry, texts)
    body = element("itemBody", *elements(illustrated(texts, FIGURE), "div"), *interactions)
    item = element(
        "assessmentItem",
        *declarations,
        *outcomes(scored),
        body,
        identifier=entry.ident,
        title=texts.title,
        adaptive="false",
        timeDependent="false",
    )
    item.set("xml:lang", entry.language)
    if scored:
        item.append(processing(scored))
    return item


def _answered(entry: Entry, texts: Texts) -> tuple[list[ET.Element], list[ET.Element], list[Scored]]:
    """Return the declarations of responses, what is shown to respond, and what is scored."""
    body, key = entry.item.variant.body, entry.key
    match body:
        case NumericBody():
            return _numeric(entry, texts)
        case ConceptBody() if isinstance(key, ConceptKey):
            return _concept(texts, body, key.right)
        case ConceptBody() | CodeBody():
            shown = element("extendedTextInteraction", responseIdentifier=RESPONSE, expectedLines="15")
            declared = element("responseDeclaration", identifier=RESPONSE, cardinality="single", baseType="string")
            return [declared], [element("div", shown)], []


def _numeric(entry: Entry, texts: Texts) -> tuple[list[ET.Element], list[ET.Element], list[Scored]]:
    found = parts(entry)
    weights = [Fraction(part.weight).limit_denominator(FINE) for part in found]
    declarations = [
        declaration(cell.ident, "single", "float", [number(cell.value)]) for part in found for cell in part.cells
    ]
    scored = [
        Scored(
            ident=part.field.name,
            tests=[Test(condition=within(cell.ident, cell.low, cell.high)) for cell in part.cells],
            full=len(part.cells),
            floor=part.guess,
            share=weight / sum(weights),
        )
        for part, weight in zip(found, weights, strict=True)
    ]
    return declarations, [shown for part in found for shown in _table(part, texts)], scored


def _table(part: Part, texts: Texts) -> list[ET.Element]:
    """Return a step's label and a table with one place for every number."""
    rows = [
        element(
            "tr",
            *(
                element(
                    "td", element("textEntryInteraction", responseIdentifier=c.ident, expectedLength=EXPECTED_LENGTH)
                )
                for c in row
            ),
        )
        for row in part.rows
    ]
    return [elements(texts.label(part.field), "p"), element("table", element("tbody", *rows))]


def _concept(
    texts: Texts, body: ConceptBody, right: tuple[int, ...]
) -> tuple[list[ET.Element], list[ET.Element], list[Scored]]:
    letters = [LETTERS[at] for at in right]
    options = [_option(LETTERS[at], text) for at, text in enumerate(texts.choices()[0])]
    whole = body.all_or_nothing
    match body.select:
        case Select.ONE:
            shown = element("choiceInteraction", *options, responseIdentifier=RESPONSE, shuffle="false", maxChoices="1")
            test = Test(condition=element("match", variable(RESPONSE), element("correct", identifier=RESPONSE)))
            return [declaration(RESPONSE, "single", "identifier", letters)], [shown], [_all([test], 1)]
        case Select.SEVERAL:
            shown = element("choiceInteraction", *options, responseIdentifier=RESPONSE, shuffle="false", maxChoices="0")
            cost = wrong_cost(len(right), len(options) - len(right))
            counts = {True: cost.denominator, False: -cost.numerator}
            tests = [
                Test(condition=chosen(RESPONSE, "identifier", o.get("identifier", "")), counts=counts[at in right])
                for at, o in enumerate(options)
            ]
            return (
                [declaration(RESPONSE, "multiple", "identifier", letters)],
                [shown],
                [_all(tests, len(right) * cost.denominator, whole=whole)],
            )
        case Select.MATCH:
            return _match(texts, letters, whole=whole)
        case Select.ORDER:
            shown = element("orderInteraction", *options, responseIdentifier=RESPONSE, shuffle="false")
            test = Test(condition=element("match", variable(RESPONSE), element("correct", identifier=RESPONSE)))
            return [declaration(RESPONSE, "ordered", "identifier", letters)], [shown], [_all([test], 1)]


def _match(texts: Texts, letters: list[str], *, whole: bool) -> tuple[list[ET.Element], list[ET.Element], list[Scored]]:
    targets, rows = texts.choices()
    pairs = [f"R{at} {letter}" for at, letter in enumerate(letters, start=1)]
    left = [_side(f"R{at}", row, most="1") for at, row in enumerate(rows, start=1)]
    right = [_side(LETTERS[at], text, most="0") for at, text in enumerate(targets)]
    shown = element(
        "matchInteraction",
        element("simpleMatchSet", *left),
        element("simpleMatchSet", *right),
        responseIdentifier=RESPONSE,
        shuffle="false",
        maxAssociations=str(len(rows)),
    )
    tests = [Test(condition=chosen(RESPONSE, "directedPair", pair)) for pair in pairs]
    return [declaration(RESPONSE, "multiple", "directedPair", pairs)], [shown], [_all(tests, len(pairs), whole=whole)]


def _all(tests: list[Test], full: int, *, whole: bool = True) -> Scored:
    """Score one interaction; as a `whole`, less than all of it earns nothing."""
    return Scored(ident=RESPONSE, tests=tests, full=full, floor=full - 1 if whole else 0)


def _option(identifier: str, xhtml: str) -> ET.Element:
    """Return a choice; its words are in a box of their own, as players lay out what a choice holds side by side."""
    return element("simpleChoice", elements(xhtml, "div"), identifier=identifier)


def _side(identifier: str, xhtml: str, *, most: str) -> ET.Element:
    return element("simpleAssociableChoice", elements(xhtml, "div"), identifier=identifier, matchMax=most)
