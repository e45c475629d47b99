"""Moodle's own rules, written again from its documentation: what an imported question gives for a response."""

import html
import re

from lxml import etree

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PLACE = re.compile(r"\{(\d+):NUMERICAL:(.*?)(?<!\\)\}", re.DOTALL)
ALTERNATIVE = re.compile(
    r"~?(=|%(-?[0-9]+(?:[.,][0-9]*)?)%)?(.+?(?<!\\|&)(?=[~#}]|$))(#(.*?(?<!\\)(?=[~}]|$)))?", re.DOTALL
)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
FRACTIONS = {100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5}
FRACTIONS |= {11.11111, 10, 5, 0}


def read_questions(path):
    """Return the questions by idnumber, in their categories."""
    found, category = {}, ""
    for question in etree.parse(path).getroot():
        if question.get("type") == "category":
            category = question.findtext("category/text")
        else:
            question.set("category", category)
            assert question.findtext("idnumber") not in found
            found[question.findtext("idnumber")] = question
    return found


def alternatives(text):
    """Take the answers of one cloze place apart: fraction, number, tolerance, feedback."""
    found = []
    for match in ALTERNATIVE.finditer(text):
        fraction = 1.0 if match[1] == "=" else float(match[2] or 0) / 100
        value, _, tolerance = match[3].partition(":")
        assert NUMBER.fullmatch(value), value
        assert NUMBER.fullmatch(tolerance), tolerance
        feedback = html.unescape(match[5] or "").replace(r"\}", "}").replace(r"\#", "#")
        found.append((fraction, float(value), float(tolerance), feedback))
    return found


def places(question):
    """Return weight and answers of every place of a cloze question."""
    text = question.findtext("questiontext/text")
    found = [(int(m[1]), alternatives(m[2])) for m in PLACE.finditer(text)]
    assert len(found) == text.count(":NUMERICAL:")
    return found


def answers(question):
    """Return the answers of a numerical question."""
    return [
        (
            float(a.get("fraction")) / 100,
            float(a.findtext("text")),
            float(a.findtext("tolerance")),
            a.findtext("feedback/text") or "",
        )
        for a in question.findall("answer")
    ]


def numeric(found, entered):
    """Return fraction and feedback of the first answer within its tolerance."""
    if not NUMBER.fullmatch(entered.strip()):
        return 0.0, ""
    response = float(entered)
    return next(((f, told) for f, v, t, told in found if v - t <= response <= v + t), (0.0, ""))


def earned(question, entered, right):
    """Return the fraction that a response earns; `right` says which letters the platform's texts stand for."""
    match question.get("type"):
        case "numerical":
            return numeric(answers(question), entered[0])[0]
        case "cloze":
            found = places(question)
            got = sum(w * numeric(a, e)[0] for (w, a), e in zip(found, entered, strict=True))
            return got / sum(w for w, _ in found)
        case "multichoice":
            return _multichoice(question, entered)
        case "matching":
            return _matching(question, entered, right)
        case "ordering":
            return _ordering(question, entered, right)


def _multichoice(question, entered):
    shares = [float(a.get("fraction")) for a in question.findall("answer")]
    assert {abs(s) for s in shares} <= FRACTIONS
    got = sum(shares[LETTERS.index(letter)] for letter in entered) / 100
    return min(max(0.0, got), 1.0)


def _matching(question, entered, right):
    rights = [s.findtext("answer/text") for s in question.findall("subquestion")]
    menu = dict(zip(right, rights, strict=True))
    return sum(menu[LETTERS.index(e)] == r for e, r in zip(entered, rights, strict=False)) / len(rights)


def _ordering(question, entered, right):
    """Return the longest ordered subset's share; every subset is tried, as its size is the rule."""
    assert question.findtext("gradingtype") == "LONGEST_ORDERED_SUBSET"
    assert [float(a.get("fraction")) for a in question.findall("answer")] == list(range(1, len(right) + 1))
    order = [right.index(LETTERS.index(letter)) for letter in entered]
    subsets = [[o for at, o in enumerate(order) if mask >> at & 1] for mask in range(1 << len(order))]
    best = max((len(s) for s in subsets if s == sorted(s)), default=0)
    return best / len(right) if best > 1 else 0.0
