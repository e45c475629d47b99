"""Numbers as text: in LaTeX, and plain as a student would type them.

A *cell* is a number or a text that was already formatted; filters hand formatted cells on unchanged,
so that `<< y | fixed(3) | mat >>` keeps its zeros.
"""

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, TypeAlias

Cell: TypeAlias = int | float | str
Nested: TypeAlias = Any
"""A cell, or nested lists, tuples or a NumPy array of cells."""
Parts: TypeAlias = tuple[str, int | None]
"""A mantissa and its power of ten, None for a number written without one."""

DIGITS = 10
"""Significant digits that are shown of a float: 0.30000000000000004 is 0.3."""
CLEAN = 14
"""Significant digits that are trusted of a float when it is rounded further."""
WIDE = Context(prec=400)
SMALL, LARGE = 1e-3, 1e10
"""Magnitudes outside [SMALL, LARGE) are written with a power of ten."""


def format_number(value: Cell) -> str:
    """Write a number as a student would type it: 0.3, -2, 1.2e-4."""
    return _plain_power(*_shortest(value))


def latex_number(value: Cell) -> str:
    r"""Write a number in LaTeX: 0.3, -2, 1.2 \times 10^{-4}, 10^{-5}."""
    return _with_power(*_shortest(value))


def format_value(value: Nested, *, decimals: int | None = None, significant: int | None = None) -> str:
    """Write a value of any rank, plain, to so many decimals or else significant digits: `[0.250, -1.000]`."""
    if decimals is not None:
        return plain(fixed(value, decimals))
    if significant is not None:
        digits = significant
        return plain(each(value, lambda cell: _plain_power(*_significant(cell, digits))))
    return plain(value)


def plain(value: Nested) -> str:
    """Write a value of any rank as a student would type it: `[[1, 0.5], [0, -2]]`."""
    value = to_lists(value)
    if isinstance(value, list):
        return "[" + ", ".join(plain(entry) for entry in value) + "]"
    return format_number(value)


def fixed(value: Nested, decimals: int) -> Nested:
    """Turn every number, at any rank, into text with exactly `decimals` decimals."""
    return each(value, lambda cell: _fixed(cell, decimals))


def significant(value: Nested, digits: int) -> Nested:
    r"""Turn every number, at any rank, into LaTeX with so many significant digits: 0.500, 1.20 \times 10^{-4}."""
    return each(value, lambda cell: _with_power(*_significant(cell, digits)))


def times10(value: Nested, decimals: int | None = None) -> Nested:
    r"""Turn every number, at any rank, into m \times 10^{e}, its mantissa with so many decimals."""
    return each(value, lambda cell: cell if isinstance(cell, str) else _with_power(*_split(_number(cell), decimals)))


def signed(value: Cell) -> str:
    """Write a number as a further term of a sum: `+ 0.5`, `- 0.5`."""
    text = latex_number(value)
    return f"- {text[1:]}" if text.startswith("-") else f"+ {text}"


def paren(value: Cell) -> str:
    """Write a number as a factor: negative ones stand in parentheses."""
    text = latex_number(value)
    return f"({text})" if text.startswith("-") else text


def each(value: Nested, function: Callable[[Cell], str]) -> Nested:
    """Apply a function to every cell; lists stay lists."""
    value = to_lists(value)
    return [each(entry, function) for entry in value] if isinstance(value, list) else function(value)


def to_lists(value: Nested) -> Nested:
    """Turn arrays and tuples into nested lists, and NumPy scalars into numbers."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return [to_lists(entry) for entry in value] if isinstance(value, list | tuple) else value


def _number(value: object) -> int | float:
    value = to_lists(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"a number is wanted here, not {value!r}")
    if math.isnan(value):
        raise ValueError("a value to be printed is not a number (NaN)")
    return value


def _shortest(value: Cell) -> Parts:
    if isinstance(value, str):
        return value, None
    number = _number(value)
    if isinstance(number, int) or math.isinf(number):
        return str(number), None
    text = f"{number:.{DIGITS}g}"
    size = abs(float(text))
    if size == 0:
        return "0", None
    if SMALL <= size < LARGE:
        return text, None
    mantissa, _, exponent = f"{number:.{DIGITS - 1}e}".partition("e")
    return mantissa.rstrip("0").rstrip("."), int(exponent)


def _fixed(cell: Cell, decimals: int) -> str:
    if isinstance(cell, str):
        return cell
    number = _number(cell)
    return str(number) if math.isinf(number) else _rounded(_decimal(number), -decimals)


def _significant(cell: Cell, digits: int) -> Parts:
    if isinstance(cell, str):
        return cell, None
    number = _number(cell)
    if math.isinf(number):
        return str(number), None
    mantissa, exponent = _split(number, digits - 1)
    if exponent is not None and SMALL <= abs(number) < LARGE:
        return _rounded(_decimal(number), exponent - digits + 1), None
    return mantissa, exponent


def _split(number: float, decimals: int | None) -> Parts:
    """Return the mantissa, with so many decimals or as few as it needs, and the power of ten; 0 has none."""
    exact = _decimal(number)
    if not exact:
        return _rounded(exact, -(decimals or 0)), None
    exponent = exact.adjusted()
    if decimals is None:
        return f"{exact.scaleb(-exponent).normalize():f}", exponent
    mantissa = _rounded(exact.scaleb(-exponent), -decimals)
    if abs(Decimal(mantissa)) >= 10:
        mantissa, exponent = _rounded(exact.scaleb(-exponent - 1), -decimals), exponent + 1
    return mantissa, exponent


def _decimal(number: float) -> Decimal:
    """Return the number as a decimal, cleaned of the noise of binary arithmetic, so that halves round up."""
    return Decimal(number) if isinstance(number, int) else Decimal(f"{number:.{CLEAN}g}")


def _rounded(exact: Decimal, exponent: int) -> str:
    """Round half up, as people do, to a multiple of a power of ten; never `-0`."""
    text = f"{exact.quantize(Decimal(1).scaleb(exponent), ROUND_HALF_UP, WIDE):f}"
    return text.removeprefix("-") if text.strip("-0.") == "" else text


def _plain_power(mantissa: str, exponent: int | None) -> str:
    return mantissa if exponent is None else f"{mantissa}e{exponent}"


def _with_power(mantissa: str, exponent: int | None) -> str:
    if exponent is None:
        return mantissa.replace("inf", r"\infty")
    if mantissa.strip("-") == "1":
        return mantissa.replace("1", f"10^{{{exponent}}}")
    return rf"{mantissa} \times 10^{{{exponent}}}"
