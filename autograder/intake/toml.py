"""TOML with the line and column of what is broken, and without what makes its parser hang."""

import re
import tomllib
from typing import Any

MAX_DOTTED_PARTS = 16
"""Parts of a dotted key; tomllib takes the square of their number: 16 minutes for 250 KB."""
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)$")
_TOKENS = re.compile(
    r"""
      (?P<space> [ \t]++ )
    | (?P<other> \#[^\n]*+
               | \"\"\"(?:[^\\"]|\\.|"(?!""))*+(?:"{3,5})?
               | '''(?:[^']|'(?!''))*+(?:'{3,5})? )
    | (?P<part>  [\w-]++ | "(?:[^"\\\n]|\\[^\n])*+"? | '[^'\n]*+'? )
    | (?P<dot>   \. )
    | (?P<else>  . )
    """,
    re.VERBOSE | re.DOTALL,
)


class BrokenTomlError(ValueError):
    """Text that is not TOML; `line` and `column` count from 1."""

    def __init__(self, line: int, column: int) -> None:
        self.line = line
        self.column = column
        super().__init__(f"line {line}, column {column}")


def parse(text: str) -> dict[str, Any]:
    """Parse TOML, or raise BrokenTomlError."""
    at = _long_key(text)
    if at is not None:
        raise _broken_at(text, at)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        raise BrokenTomlError(int(found[1]), int(found[2])) if found else _broken_at(text, len(text.rstrip())) from None
    except (ValueError, RecursionError):
        raise BrokenTomlError(1, 1) from None


def _long_key(text: str) -> int | None:
    """Return where a dotted key gets longer than any that is meant."""
    if text.count(".") < MAX_DOTTED_PARTS:
        return None
    parts, joined = 0, False
    for token in _TOKENS.finditer(text):
        if token.lastgroup == "part":
            parts = parts + 1 if joined else 1
            if parts > MAX_DOTTED_PARTS:
                return token.start()
        if token.lastgroup != "space":
            joined = token.lastgroup == "dot" and parts > 0
    return None


def _broken_at(text: str, at: int) -> BrokenTomlError:
    return BrokenTomlError(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
