"""Functions as Moodle's CodeRunner questions: one visible example, one hidden test for each group of frozen cases."""

import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from quizgen.authoring.source import unfreeze
from quizgen.formats.lms.entries import Entry
from quizgen.model import CaseGroup, CodeBody, FrozenCase, QuestionRecord

ANSWER = '"""{{ STUDENT_ANSWER | e(\'py\') }}"""'
RUN = f"""\
import contextlib, io
with contextlib.redirect_stdout(io.StringIO()):
    exec(compile({ANSWER}, "solution.py", "exec"), globals())
"""
NAMES = "nan, inf = np.nan, np.inf\n"
SETTINGS = {
    "coderunnertype": "python3",
    "prototypetype": "0",
    "allornothing": "0",
    "penaltyregime": "0",
    "precheck": "2",
    "iscombinatortemplate": "0",
    "allowmultiplestdins": "0",
    "validateonsave": "0",
}


@cache
def template() -> str:
    """Return the program that runs each test: the student's answer, what judges it, then the test."""
    judging = files("quizgen.formats.lms").joinpath("judging.py").read_text(encoding="utf-8")
    return f"{RUN}\n{judging}\n{NAMES}{{{{ TEST.testcode }}}}\n"


def fill(question: ET.Element, body: CodeBody, hidden: Iterable[ET.Element]) -> None:
    """Add CodeRunner's own elements to a question."""
    for name, value in SETTINGS.items():
        ET.SubElement(question, name).text = value
    ET.SubElement(question, "answerpreload").text = f"import numpy as np\n\n\ndef {body.signature}:\n    "
    ET.SubElement(question, "template").text = template()
    tests = ET.SubElement(question, "testcases")
    example = f"print(near({body.example.call}, {body.example.result}))"
    tests.append(_test(code=example, expected="True", mark=0.0, example=True))
    tests.extend(hidden)


def hidden_tests(entry: Entry) -> tuple[ET.Element, ...]:
    """Return one test for each group of frozen cases; all variants of a question share them."""
    record, body = entry.record, entry.item.variant.body
    if not isinstance(body, CodeBody):
        return ()
    found = []
    for group in record.groups:
        token = _token(record, group)
        call = _call(body.function, group, [c for c in record.cases if c.group == group.name])
        code = f'print("{token}" if {call} else "wrong")'
        found.append(_test(code=code, expected=token, mark=group.weight, example=False))
    return tuple(found)


def _test(*, code: str, expected: str, mark: float, example: bool) -> ET.Element:
    attributes = {
        "testtype": "0",
        "useasexample": str(int(example)),
        "hiderestiffail": "0",
        "mark": f"{mark:.7f}",
    }
    test = ET.Element("testcase", attributes)
    texts = {
        "testcode": code,
        "stdin": "",
        "expected": expected,
        "extra": "",
        "display": "SHOW" if example else "HIDE",
    }
    for name, value in texts.items():
        ET.SubElement(ET.SubElement(test, name), "text").text = value
    return test


def _token(record: QuestionRecord, group: CaseGroup) -> str:
    """Return what only a passed group prints: nobody can print it without having seen the test."""
    seen = f"{record.id}/{record.version}/{group.name}"
    return f"passed-{hashlib.sha256(seen.encode()).hexdigest()[:12]}"


def _call(function: str, group: CaseGroup, cases: list[FrozenCase]) -> str:
    listed = ", ".join(
        f"({_source(tuple(unfreeze(a) for a in c.arguments))}, {_source(unfreeze(c.expected))})" for c in cases
    )
    return (
        f"passes({function}, [{listed}], {group.rtol!r}, {group.atol!r}, "
        f"keeps_dtype={group.keeps_dtype}, keeps_input={group.keeps_input}, strided={group.strided})"
    )


def _source(value: Any) -> str:
    """Write a case value as Python, with every digit."""
    if isinstance(value, np.ndarray):
        return f"np.array({value.ravel().tolist()!r}, dtype=np.dtype({str(value.dtype)!r})).reshape({value.shape!r})"
    if isinstance(value, tuple):
        return "(" + "".join(f"{_source(v)}, " for v in value) + ")"
    return repr(value)
