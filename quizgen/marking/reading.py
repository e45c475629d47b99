"""Numbers as people write them: `1/3`, `-0.25`, `2e-3`, `0.5*0.2`, full-width digits, U+2212, NumPy's own print."""

import math
import re
import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quizgen.errors import StudentError
from quizgen.model import Reason, Value

MAX_CELLS = 4096
MAX_TEXT = 20_000
_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?"
_DECIMAL = re.compile(rf"[+-]?{_NUMBER}")
_POWER = rf"(?:{_NUMBER})(?:\^[+-]?\d{{1,3}})?"
_FACTOR = re.compile(rf"\s*([+-]?)\s*({_POWER})\s*")
_SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "﹣": "-", "÷": "/"} | dict.fromkeys("×✕✖⨯∗·⋅", "*"))
_RAISED = re.compile(r"[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_SPACES = re.compile(r"[^\S\n]+")
_POWERS = re.compile(r" ?(?:\^|\*\*) ?(?:[({] ?([+-]?) ?(\d{1,3}) ?[)}]|([+-]?) ?(\d{1,3}))")
_LETTER_TIMES = re.compile(r"(?<=[\d.]) ?[xX] ?(?=10\^)")
_COMMA_NUMBER = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d{1,3}|\s*\*\s*10\^[+-]?\d{1,3})?%?")
_BRACKETS = str.maketrans("(){}（）【】", "[][][][]")


class UnreadableError(StudentError):
    """A response in a form that cannot be read; `reason` says why, for the student."""

    def __init__(self, phrase: str, **values: str) -> None:
        self.reason = Reason(phrase=phrase, values=values)
        super().__init__(f"{phrase}: {values}")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a response says: an array, or nothing (blank), or a reason why it cannot be read."""

    array: NDArray[np.float64] | None = None
    reason: Reason | None = None
    raw: str = ""

    @property
    def blank(self) -> bool:
        """Say whether nothing was written."""
        return self.array is None and self.reason is None


def read(raw: Value) -> Reading:
    """Read a response: a number, a text or (nested) lists of these; blank cells become NaN."""
    text = raw.strip() if isinstance(raw, str) else str(raw)
    if is_blank(raw):
        return Reading(raw="")
    try:
        cells = _cells(raw)
        array = _array(cells)
    except UnreadableError as error:
        return Reading(reason=error.reason, raw=_short(text))
    return Reading(array=array, raw=_short(text))


def is_blank(raw: Value) -> bool:
    """Say whether a response holds nothing at all."""
    if isinstance(raw, list):
        return all(is_blank(v) for v in raw)
    return raw is None or (isinstance(raw, str) and not normalize(raw).strip(" []"))


def normalize(text: str) -> str:
    """Bring full-width forms, signs, spaces and powers into the characters a calculator has: 4.27*10^-5."""
    if _is_plain(text):
        return _SPACES.sub(" ", text.strip())
    raised = _RAISED.sub(lambda found: f"^{found[0]}", text.translate(_SIGNS))
    plain = unicodedata.normalize("NFKC", raised).translate(_SIGNS).strip()
    return _LETTER_TIMES.sub("*", _POWERS.sub(r"^\1\2\3\4", _SPACES.sub(" ", plain)))


def _is_plain(text: str) -> bool:
    """Say whether only spaces can differ from what a calculator has: most answers are so, and read much faster."""
    return text.isascii() and not ("^" in text or "**" in text or "x" in text or "X" in text)


def read_number(text: str) -> float:
    """Read one number: decimal, fraction, product, scientific form or power of ten, perhaps with a percent sign."""
    plain = normalize(text)
    if _DECIMAL.fullmatch(plain):
        return _finite(float(plain), text)
    pointed = _decimal_point(plain)
    plain = pointed.removesuffix("%")
    value, at, operator = 1.0, 0, "*"
    while True:
        found = _FACTOR.match(plain, at)
        if found is None:
            raise UnreadableError("not-a-number", text=_short(text))
        value = _apply(value, operator, _factor(found), text)
        at = found.end()
        if at == len(plain):
            break
        operator = plain[at]
        if operator not in "*/":
            raise UnreadableError("not-a-number", text=_short(text))
        at += 1
    return _finite(value if plain == pointed else value / 100, text)


def _finite(value: float, text: str) -> float:
    if not math.isfinite(value):
        raise UnreadableError("not-finite", text=_short(text))
    return value


def _factor(found: re.Match[str]) -> float:
    base, _, power = found[2].partition("^")
    try:
        value = float(base) ** int(power) if power else float(base)
    except (OverflowError, ZeroDivisionError):
        raise UnreadableError("not-finite", text=_short(found[0])) from None
    return -value if found[1] == "-" else value


def _apply(value: float, operator: str, factor: float, text: str) -> float:
    if operator == "*":
        return value * factor
    if factor == 0:
        raise UnreadableError("divides-by-zero", text=_short(text))
    return value / factor


def _decimal_point(text: str) -> str:
    """Turn a decimal comma into a point where it cannot be anything else."""
    found = re.fullmatch(r"([+-]?)(\d*),(\d+)(.*)", text)
    if found is None or "." in text:
        return text
    sign, whole, part, rest = found.groups()
    if len(part) == 3 and whole not in {"", "0"}:
        raise UnreadableError("ambiguous-comma", text=_short(text))
    return f"{sign}{whole or '0'}.{part}{rest}"


def _cells(raw: Value) -> Value:
    """Turn a response into nested lists of numbers."""
    if isinstance(raw, bool):
        raise UnreadableError("not-a-number", text=str(raw).lower())
    if isinstance(raw, int | float):
        if not abs(raw) < 1e300:
            raise UnreadableError("not-finite", text=_short(str(raw)))
        return float(raw)
    if isinstance(raw, list):
        return [float("nan") if is_blank(v) else _cells(v) for v in raw]
    if isinstance(raw, str):
        text = normalize(raw)
        simple = len(text) <= MAX_TEXT and _DECIMAL.fullmatch(text)
        return _finite(float(text), text) if simple else _from_text(text)
    raise UnreadableError("not-a-number", text=_short(str(raw)))


def _from_text(text: str) -> Value:
    if len(text) > MAX_TEXT:
        raise UnreadableError("too-long", limit=str(MAX_TEXT))
    bare = re.sub(r",?\s*dtype\s*=\s*[\w.]+", "", text)
    bare = re.sub(r"^(?:np\.|numpy\.)?array\s*\((.*)\)$", r"\1", bare, flags=re.DOTALL)
    bare = bare.translate(_BRACKETS)
    if "[" in bare or "]" in bare:
        return _from_brackets(bare)
    rows = [r.strip() for r in re.split(r"[;\n]", bare) if r.strip()]
    if len(rows) > 1:
        split = [_one(row) or _row(row) for row in rows]
        return [r[0] for r in split] if all(len(r) == 1 for r in split) else split
    cells = _one(bare) or _row(bare)
    return cells[0] if len(cells) == 1 else cells


def _from_brackets(text: str) -> Value:
    """Read bracketed lists, with or without commas; plain rows inside a bracket may be divided by `;` or new lines."""
    stack: list[list[Value]] = [[]]
    for part in re.findall(r"[\[\]]|[^\[\]]+", text):
        if part == "[":
            stack.append([])
        elif part == "]":
            if len(stack) == 1:
                raise UnreadableError("brackets", text=_short(text))
            closed = stack.pop()
            stack[-1].append(closed)
        else:
            stack[-1].extend(_row(part) if not _has_rows(part) else [_row(r) for r in re.split(r"[;\n]", part)])
    if len(stack) != 1 or not stack[0]:
        raise UnreadableError("brackets", text=_short(text))
    return stack[0][0] if len(stack[0]) == 1 else stack[0]


def _has_rows(text: str) -> bool:
    parts = [p for p in re.split(r"[;\n]", text) if p.strip(" ,")]
    return ";" in text and len(parts) > 1


def _one(text: str) -> list[float]:
    """Read a row that is one number with a decimal comma; return nothing where it is not."""
    return [read_number(text)] if _COMMA_NUMBER.fullmatch(text.strip()) else []


def _row(text: str) -> list[float]:
    """Read the cells of one row: divided by commas, else by spaces; one cell may be a product with spaces."""
    stripped = text.strip().strip(",;").strip()
    if not stripped:
        return []
    if re.search(r"\d,\d", stripped) and re.search(r"\d\s+[\d+-]", stripped):
        raise UnreadableError("ambiguous-comma", text=_short(stripped))
    parts = re.split(r"\s*,\s*|(?<![*/^(+\s-])\s+(?![*/^\s])", stripped)
    return [read_number(p) for p in parts if p.strip()] if all(p.strip() for p in parts) else _raise_gap(stripped)


def _raise_gap(text: str) -> list[float]:
    raise UnreadableError("empty-cell", text=_short(text))


def _array(cells: Value) -> NDArray[np.float64]:
    try:
        array = np.array(cells, dtype=np.float64)
    except ValueError:
        raise UnreadableError("ragged") from None
    if array.size > MAX_CELLS:
        raise UnreadableError("too-long", limit=str(MAX_CELLS))
    return array


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:57] + "..."
