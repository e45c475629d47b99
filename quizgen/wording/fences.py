"""Fenced code blocks in Markdown lines: what stands in them is neither heading, option nor reason."""

import re
from collections.abc import Iterator

from quizgen.wording.errors import WordsError

FENCE = re.compile(r"\s*(?:- (?:\[[^]]*\] )?|\d+\. )?(`{3,}|~{3,})([^`]*)")


def outside_fences(lines: list[str], start: int = 0, file: str = "", first: int = 1) -> Iterator[int]:
    """Yield the indices, from `start`, of lines outside fenced code; `first` is the number errors give to line 0."""
    fence, opened = "", 0
    for i in range(start, len(lines)):
        match = FENCE.fullmatch(lines[i])
        if not fence:
            yield i
            if match:
                fence, opened = match[1], i
        elif match and match[1].startswith(fence) and not match[2].strip():
            fence = ""
    if fence:
        raise WordsError(f"code fence {fence} is never closed", file=file, line=first + opened)
