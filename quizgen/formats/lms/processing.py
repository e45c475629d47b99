"""QTI's response processing, written inline: SCORE is the sum of the parts, each counting its right responses."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm


@dataclass(frozen=True, kw_only=True)
class Test:
    """One condition, and what it adds to its part's count."""

    condition: ET.Element
    counts: int = 1


@dataclass(frozen=True, kw_only=True)
class Scored:
    """A part that earns share * (count - floor) / (full - floor), and nothing below floor."""

    ident: str
    tests: Sequence[Test]
    full: int
    floor: int = 0
    share: Fraction = Fraction(1)


def element(tag: str, *children: ET.Element, text: str | None = None, **attributes: str) -> ET.Element:
    """Return an element in QTI 2.1's names."""
    made = ET.Element(tag, attributes)
    made.text = text
    made.extend(children)
    return made


def variable(identifier: str) -> ET.Element:
    """Refer to a response or an outcome."""
    return element("variable", identifier=identifier)


def value(kind: str, text: str) -> ET.Element:
    """Return a constant."""
    return element("baseValue", baseType=kind, text=text)


def number(found: float) -> str:
    """Write a number with every digit; never `-0.0`."""
    return repr(float(found) + 0.0)


def within(response: str, low: float, high: float) -> ET.Element:
    """Ask for low <= response <= high, which is false where nothing was entered.

    Players do not implement `toleranceMode`.
    """
    return element(
        "and",
        element("gte", variable(response), value("float", number(low))),
        element("lte", variable(response), value("float", number(high))),
    )


def chosen(response: str, kind: str, text: str) -> ET.Element:
    """Ask whether a choice is among the chosen ones."""
    return element("member", value(kind, text), variable(response))


def outcomes(found: Sequence[Scored]) -> list[ET.Element]:
    """Declare SCORE and the counts of the parts."""
    return [_outcome("SCORE"), *(_outcome(f"COUNT_{part.ident}") for part in found)]


def _outcome(identifier: str) -> ET.Element:
    default = element("defaultValue", element("value", text="0"))
    return element("outcomeDeclaration", default, identifier=identifier, cardinality="single", baseType="float")


def processing(found: Sequence[Scored]) -> ET.Element:
    """Count what is right in every part, then divide once: players round each outcome that is set."""
    units = [part.share / (part.full - part.floor) for part in found]
    whole = lcm(*(unit.denominator for unit in units))
    rules: list[ET.Element] = []
    for part in found:
        count = f"COUNT_{part.ident}"
        rules.append(_set(count, value("float", number(-part.floor))))
        rules += [
            _if(t.condition, _set(count, _sum(variable(count), value("float", number(t.counts))))) for t in part.tests
        ]
        rules.append(_if(element("lt", variable(count), value("float", "0")), _set(count, value("float", "0"))))
    earned = [
        element("product", variable(f"COUNT_{part.ident}"), value("float", number(int(unit * whole))))
        for part, unit in zip(found, units, strict=True)
    ]
    rules.append(_set("SCORE", element("divide", _sum(*earned), value("float", number(whole)))))
    return element("responseProcessing", *rules)


def _if(condition: ET.Element, *rules: ET.Element) -> ET.Element:
    return element("responseCondition", element("responseIf", condition, *rules))


def _set(identifier: str, expression: ET.Element) -> ET.Element:
    return element("setOutcomeValue", expression, identifier=identifier)


def _sum(*terms: ET.Element) -> ET.Element:
    return element("sum", *terms)


def declaration(identifier: str, cardinality: str, kind: str, right: Iterable[str]) -> ET.Element:
    """Declare a response with what is right."""
    correct = element("correctResponse", *(element("value", text=text) for text in right))
    return element("responseDeclaration", correct, identifier=identifier, cardinality=cardinality, baseType=kind)
