"""Moodle XML: one category for each question, holding its variants for random draws."""

import xml.etree.ElementTree as ET
from base64 import b64encode
from collections.abc import Iterable
from functools import partial
from itertools import groupby
from pathlib import Path

from quizgen.bank import installed
from quizgen.formats.export import Options
from quizgen.formats.lms import coderunner
from quizgen.formats.lms.cloze import cloze, number
from quizgen.formats.lms.entries import Entry, chosen_entries
from quizgen.formats.lms.expected import expecting
from quizgen.formats.lms.fields import parts
from quizgen.formats.lms.limits import Limits, Order
from quizgen.formats.lms.markup import latex_formula
from quizgen.formats.lms.matches import targets
from quizgen.formats.lms.mistakes import traps
from quizgen.formats.lms.package import document
from quizgen.formats.lms.pictures import illustrated, image
from quizgen.formats.lms.texts import Texts
from quizgen.model import CodeBody, ConceptBody, ConceptKey, Exam, NumericBody, Select

LIMITS = Limits(order=Order.LONGEST, names_mistakes=True, runs_code=True)
SHARES = {1: "100", 2: "50", 3: "33.33333", 4: "25", 5: "20", 6: "16.66667", 7: "14.28571", 8: "12.5", 9: "11.11111"}
SHARES |= {10: "10", 20: "5"}
"""Moodle takes fractions only from its own list; of these, one per number of right options."""
FIGURE = '<p><img src="@@PLUGINFILE@@/{name}" alt="{alt}"/></p>'
POINTS = "cloze questions count the marks of their cells: set each question's points in the quiz"


def write(exam: Exam, out: Path, options: Options) -> tuple[str, ...]:
    """Write the questions of an exam, and beside them what responses must earn."""
    entries = chosen_entries(exam, installed(), options.variants)
    with expecting(entries, LIMITS, "moodle", out) as write_expected:
        out.write_bytes(moodle_xml(exam, entries))
        return (*write_expected(), POINTS)


def moodle_xml(exam: Exam, entries: Iterable[Entry]) -> bytes:
    """Return the file; entries of one question stand together."""
    quiz = ET.Element("quiz")
    for path, found in groupby(entries, key=partial(_category, exam)):
        quiz.append(_category_element(path))
        variants = tuple(found)
        tests = coderunner.hidden_tests(variants[0])
        quiz.extend(_question(entry, tests) for entry in variants)
    return document(quiz)


def _category(exam: Exam, entry: Entry) -> str:
    title = exam.title.replace("/", "//")
    language = "" if entry.language == exam.language else f"/{entry.language}"
    return f"$course$/top/{title}/{entry.record.id}{language}"


def _category_element(path: str) -> ET.Element:
    question = ET.Element("question", type="category")
    _text(question, "category", path)
    return question


def _question(entry: Entry, tests: tuple[ET.Element, ...]) -> ET.Element:
    texts = Texts(entry, latex_formula)
    body = entry.item.variant.body
    match body:
        case NumericBody():
            return _numeric(entry, texts)
        case ConceptBody():
            return _concept(texts, body)
        case CodeBody():
            question = _head("coderunner", texts, illustrated(texts, FIGURE))
            coderunner.fill(question, body, tests)
            return question


def _head(kind: str, texts: Texts, stem: str) -> ET.Element:
    question = ET.Element("question", type=kind)
    _text(question, "name", f"{texts.title} [{texts.entry.ident[-12:]}]")
    _file(_html(question, "questiontext", stem), texts.entry)
    _html(question, "generalfeedback", texts.solution())
    ET.SubElement(question, "defaultgrade").text = f"{texts.entry.item.points:.7f}"
    ET.SubElement(question, "penalty").text = "0"
    ET.SubElement(question, "hidden").text = "0"
    ET.SubElement(question, "idnumber").text = texts.entry.ident
    return question


def _numeric(entry: Entry, texts: Texts) -> ET.Element:
    found = parts(entry)
    if len(found) > 1 or len(found[0].cells) > 1:
        return _head("cloze", texts, f"{illustrated(texts, FIGURE)}\n{cloze(texts)}")
    (part,), (cell,) = found, found[0].cells
    question = _head("numerical", texts, f"{illustrated(texts, FIGURE)}\n<p>{texts.label(part.field)}</p>")
    _number(question, "100", cell.value, cell.radius)
    for trap in traps(entry, part)[0]:
        _number(question, "0", trap.value, trap.radius, texts.mistakes(trap.mistakes))
    for name, value in {"unitgradingtype": "0", "unitpenalty": "0", "showunits": "3", "unitsleft": "0"}.items():
        ET.SubElement(question, name).text = value
    return question


def _number(question: ET.Element, fraction: str, value: float, radius: float, feedback: str = "") -> None:
    answer = ET.SubElement(question, "answer", fraction=fraction, format="moodle_auto_format")
    ET.SubElement(answer, "text").text = number(value)
    ET.SubElement(answer, "tolerance").text = number(radius)
    _html(answer, "feedback", feedback)


def _concept(texts: Texts, body: ConceptBody) -> ET.Element:
    match body.select:
        case Select.ONE | Select.SEVERAL:
            return _multichoice(texts, one=body.select is Select.ONE)
        case Select.MATCH:
            return _matching(texts)
        case Select.ORDER:
            return _ordering(texts)


def _right(texts: Texts) -> tuple[int, ...]:
    key = texts.entry.key
    return key.right if isinstance(key, ConceptKey) else ()


def _multichoice(texts: Texts, *, one: bool) -> ET.Element:
    question = _head("multichoice", texts, illustrated(texts, FIGURE))
    for name, value in {"single": "true" if one else "false", "shuffleanswers": "0", "answernumbering": "ABCD"}.items():
        ET.SubElement(question, name).text = value
    right = _right(texts)
    choices = texts.choices()[0]
    share, cost = SHARES[len(right)], SHARES[max(1, min(len(right), len(choices) - len(right)))]
    for at, (text, reason) in enumerate(zip(choices, texts.reasons(), strict=True)):
        fraction = share if at in right else "0" if one else f"-{cost}"
        answer = ET.SubElement(question, "answer", fraction=fraction, format="html")
        ET.SubElement(answer, "text").text = text
        _html(answer, "feedback", reason)
    return question


def _matching(texts: Texts) -> ET.Element:
    told, answers = targets(texts)
    question = _head("matching", texts, illustrated(texts, FIGURE) + told)
    ET.SubElement(question, "shuffleanswers").text = "false"
    for row, right in zip(texts.choices()[1], _right(texts), strict=True):
        sub = ET.SubElement(question, "subquestion", format="html")
        ET.SubElement(sub, "text").text = row
        _text(sub, "answer", answers[right])
    return question


def _ordering(texts: Texts) -> ET.Element:
    question = _head("ordering", texts, illustrated(texts, FIGURE))
    settings = {
        "layouttype": "VERTICAL",
        "selecttype": "ALL",
        "selectcount": "0",
        "gradingtype": "LONGEST_ORDERED_SUBSET",
        "showgrading": "SHOW",
        "numberingstyle": "none",
    }
    for name, value in settings.items():
        ET.SubElement(question, name).text = value
    choices = texts.choices()[0]
    for place, at in enumerate(_right(texts), start=1):
        answer = ET.SubElement(question, "answer", fraction=f"{place}.0000000", format="html")
        ET.SubElement(answer, "text").text = choices[at]
    return question


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(ET.SubElement(parent, name), "text").text = text


def _html(parent: ET.Element, name: str, xhtml: str) -> ET.Element:
    made = ET.SubElement(parent, name, format="html")
    ET.SubElement(made, "text").text = xhtml
    return made


def _file(text: ET.Element, entry: Entry) -> None:
    """Put the picture's file into the text that shows it."""
    drawn = image(entry)
    if drawn is not None:
        file = ET.SubElement(text, "file", name=drawn.name, path="/", encoding="base64")
        file.text = b64encode(drawn.content).decode("ascii")
