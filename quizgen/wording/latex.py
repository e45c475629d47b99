"""LaTeX formulas as MathML: the only module that knows math-core."""

import html
import re
from functools import lru_cache

from math_core import LatexError as _MathCoreError
from math_core import LatexToMathML

from quizgen.wording.errors import LatexError

XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
POSITION = re.compile(r"(\d+): ")
COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
RULE = "0.05em solid currentcolor;"
LAST_RULE = re.compile(
    r'<mtable(?: style="([^"]*)")?((?:(?!</?mtable).)*)'
    rf'<mtr><mtd style="border-top: {RULE}[^"]*"></mtd></mtr></mtable>'
)
# Combining characters have no width to stretch or center: the font's style rules draw the line over or under
# whatever stands before a `line`, and the arrow of a vector becomes one with a width.
LINE = ('<mo stretchy="true">\u0332</mo>', '<mo class="line" stretchy="true">\u0332</mo>')
VECTOR = ('<mo stretchy="false">\u20d7</mo>', '<mo class="vector" stretchy="false">\u2192</mo>')

_converter = LatexToMathML(fancy_error=False)


@lru_cache(maxsize=8192)
def mathml(latex: str, *, display: bool) -> str:
    """Return a formula as a `<math>` element that is well-formed XML and carries its LaTeX as `alttext`."""
    source = latex.strip()
    if not source:
        raise LatexError("a formula is empty")
    if control := CONTROL.search(source):
        raise LatexError("a control character", source=source, position=control.start())
    if comment := COMMENT.search(source):
        raise LatexError(r"% hides the rest of the line; write \%", source=source, position=comment.start())
    try:
        element = _converter.convert_with_local_state(source, displaystyle=display)
    except _MathCoreError as error:
        raise _error(source, str(error)) from error
    element = f'<math alttext="{html.escape(source)}"' + ENTITY.sub(_character, element[5:])
    return _closed_below(element.replace(*LINE).replace(*VECTOR))


def _character(entity: re.Match[str]) -> str:
    """Replace what HTML alone has a name for."""
    return entity[0] if entity[1] in XML_ENTITIES else html.unescape(entity[0])


def _closed_below(element: str) -> str:
    r"""Make the rule after the last `\\ \hline` the table's border: math-core puts it on top of an empty row."""
    if "</mtd></mtr></mtable>" not in element or "border-top" not in element:
        return element
    return LAST_RULE.sub(rf'<mtable style="\g<1>border-bottom: {RULE}"\2</mtable>', element)


def _error(source: str, message: str) -> LatexError:
    found = POSITION.match(message)
    if found is None:
        return LatexError(message, source=source)
    return LatexError(message[found.end() :], source=source, position=int(found[1]))
