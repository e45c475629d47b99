"""Code that is alike: winnowing (Schleimer, Wilkerson and Aiken 2003) over normalized tokens; pure.

Written here and not taken from copydetect: that one needs a plotting library, had its last release in March 2024, and
hashes with Python's own `hash`, which differs from run to run: the same files need not give the same answer.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Literal, Name, String, Text

GRAM = 12
"""Tokens in a fingerprint: shorter matches are noise."""
WINDOW = 6
"""Of so many neighboring fingerprints one is kept: a match of GRAM + WINDOW - 1 = 17 tokens is always found."""
THRESHOLD = 0.6
"""Share of the shorter code that must be found in the other to be listed."""
LEAST = 40
"""Tokens in common, about four lines: two students who wrote only a line or two are not compared."""
REPEATS = 16
"""Places of one fingerprint that are lined up with the other code's: a line repeated a thousand times has a million."""
MANY, MANY_SHARE = 10, 0.1
"""What more than this many, and this share, of the class wrote is how it is done, and nobody's own."""


@dataclass(frozen=True)
class Token:
    """One token as it is compared, and the line that it stands in, from 1."""

    text: str
    line: int


@dataclass(frozen=True)
class Code:
    """One student's code as tokens, with the fingerprints that winnowing keeps: (hash, first token)."""

    tokens: tuple[Token, ...]
    prints: tuple[tuple[int, int], ...]

    @cached_property
    def places(self) -> dict[int, list[int]]:
        """Map each hash to where it begins."""
        found: dict[int, list[int]] = {}
        for value, at in self.prints:
            found.setdefault(value, []).append(at)
        return found

    def covered(self, among: Iterable[int]) -> int:
        """Count the tokens in fingerprints of these hashes."""
        return len({at + i for value in among for at in self.places.get(value, ()) for i in range(GRAM)})


@dataclass(frozen=True, kw_only=True)
class Block:
    """Lines of the one that match lines of the other, both ends included."""

    first: tuple[int, int]
    second: tuple[int, int]
    tokens: int


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two students whose code is alike: the share of the shorter code that is found in the other."""

    first: str
    second: str
    share: float
    tokens: int
    blocks: tuple[Block, ...]


def similar_pairs(codes: Mapping[str, str], starters: Mapping[str, str], threshold: float) -> tuple[Pair, ...]:
    """Compare everybody's code, less what each was given to start with; the most alike come first."""
    read = {student: tokenize(text) for student, text in codes.items()}
    given = {value for text in set(starters.values()) for value, _ in _hashed(tokenize(text))}
    kept = {student: tuple(p for p in winnow(tokens) if p[0] not in given) for student, tokens in read.items()}
    holders = Counter(value for prints in kept.values() for value in {v for v, _ in prints})
    limit = max(MANY, MANY_SHARE * len(kept))
    known = {
        student: Code(read[student], tuple(p for p in prints if holders[p[0]] <= limit))
        for student, prints in kept.items()
    }
    pairs = (_pair(a, b, known[a], known[b]) for a, b in _candidates(known))
    return tuple(sorted((p for p in pairs if p.share >= threshold and p.tokens >= LEAST), key=_rank))


def _rank(pair: Pair) -> tuple[float, int, str, str]:
    return -pair.share, -pair.tokens, pair.first, pair.second


def _candidates(codes: Mapping[str, Code]) -> list[tuple[str, str]]:
    """List the pairs that have a fingerprint in common."""
    holders: dict[int, list[str]] = {}
    for student in sorted(codes):
        for value in codes[student].places:
            holders.setdefault(value, []).append(student)
    return sorted({pair for students in holders.values() for pair in combinations(students, 2)})


def _pair(first: str, second: str, one: Code, two: Code) -> Pair:
    shared = one.places.keys() & two.places.keys()
    shares = [code.covered(shared) / code.covered(code.places) for code in (one, two)]
    tokens = min(one.covered(shared), two.covered(shared))
    return Pair(first=first, second=second, share=max(shares), tokens=tokens, blocks=_blocks(one, two, shared))


def _blocks(one: Code, two: Code, shared: Iterable[int]) -> tuple[Block, ...]:
    """Join fingerprints that follow each other in both; of blocks within each other the longest stays."""
    matches = sorted(
        (i - j, i) for value in shared for i in one.places[value][:REPEATS] for j in two.places[value][:REPEATS]
    )
    runs: list[list[int]] = []
    for shift, at in matches:
        if runs and runs[-1][0] == shift and at <= runs[-1][2]:
            runs[-1][2] = at + GRAM
        else:
            runs.append([shift, at, at + GRAM])
    found: list[tuple[int, int, int]] = []
    for shift, start, end in sorted(runs, key=lambda r: (r[1] - r[2], r)):
        if not any(start < e and s < end for _, s, e in found):
            found.append((shift, start, end))
    return tuple(
        Block(first=_lines(one, s, e), second=_lines(two, s - shift, e - shift), tokens=e - s)
        for shift, s, e in sorted(found, key=lambda f: f[1])
    )


def _lines(code: Code, start: int, end: int) -> tuple[int, int]:
    return code.tokens[start].line, code.tokens[end - 1].line


def tokenize(text: str) -> tuple[Token, ...]:
    """Read Python, also where it is broken; one's own names, numbers and texts are all alike, comments are nothing."""
    return tuple(_tokens(PythonLexer(stripnl=False).get_tokens(text)))


def _tokens(found: Iterable[tuple[Any, str]]) -> Iterator[Token]:
    line, before = 1, ""
    for kind, text in found:
        plain = _plain(kind, text, before)
        if plain:
            yield Token(plain, line)
            before = plain
        line += text.count("\n")


def _plain(kind: Any, text: str, before: str) -> str:
    if kind in Text or kind in Comment or kind in String.Doc or not text.strip():
        return ""
    if kind in String:
        return "" if before == "text" else "text"
    if kind in Literal.Number:
        return "number"
    # What follows a dot cannot be renamed: it is NumPy's name.
    own = kind in Name and kind not in Name.Builtin and before != "."
    return "name" if own else text


def winnow(tokens: tuple[Token, ...]) -> list[tuple[int, int]]:
    """Keep of every WINDOW neighboring fingerprints the least, of equal ones the last."""
    hashed = _hashed(tokens)
    width = min(WINDOW, len(hashed))
    windows = (hashed[i : i + width] for i in range(len(hashed) - width + 1)) if hashed else ()
    return list(dict.fromkeys(min(window, key=lambda p: (p[0], -p[1])) for window in windows))


def _hashed(tokens: tuple[Token, ...]) -> list[tuple[int, int]]:
    texts = [t.text for t in tokens]
    return [(_hash(texts[i : i + GRAM]), i) for i in range(len(texts) - GRAM + 1)]


def _hash(texts: list[str]) -> int:
    return int.from_bytes(hashlib.blake2b("\0".join(texts).encode(), digest_size=8).digest(), "big")
