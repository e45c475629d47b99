"""Which of the files found are the two that are asked for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath

from autograder.intake.limits import shown
from quizgen.model import Reason

ANSWERS = "answers.toml"
SOLUTION = "solution.py"
NOTEBOOK = ".ipynb"
_ALIKE = 0.7
"""How alike two names are for one to be a slip for the other: `answers.toml.txt` is 0.86."""
_NAMED = 5
"""How many files a message names."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The path of a file that is asked for, or None, and what there is to say about it."""

    path: str | None = None
    problem: Reason | None = None


def choose(name: str, paths: Sequence[str]) -> Choice:
    """Choose a file by its name, at the top or one folder below; the one at the top goes first."""
    same = [p for p in paths if PurePosixPath(p).name.casefold() == name]
    near = [p for p in same if _depth(p) <= 1]
    top = [p for p in near if _depth(p) == 0]
    if len(near) == 1:
        return Choice(path=near[0], problem=_copies(name, near[0], paths))
    if len(top) == 1:
        others = named([p for p in near if p != top[0]])
        return Choice(path=top[0], problem=Reason(phrase="extra-candidate", values={"name": name, "others": others}))
    if near:
        return Choice(problem=Reason(phrase="two-candidates", values={"name": name, "paths": named(near)}))
    if same:
        return Choice(problem=Reason(phrase="file-too-deep", values={"name": name, "path": shown(same[0])}))
    return Choice(problem=_misnamed(name, paths))


def _copies(name: str, taken: str, paths: Sequence[str]) -> Reason | None:
    """Name the copies that a browser numbered: `answers (1).toml` may be the newer one."""
    stem, _, suffix = name.partition(".")
    numbered = re.compile(rf"{stem}[ _-]*\(?\d{{1,3}}\)?\.{suffix}", re.IGNORECASE)
    others = [p for p in paths if numbered.fullmatch(PurePosixPath(p).name)]
    return Reason(phrase="numbered-copies", values={"name": shown(taken), "others": named(others)}) if others else None


def choose_notebook(paths: Sequence[str]) -> Choice:
    """Choose the notebook; where one of the two files is there, it is passed over."""
    near = [p for p in paths if PurePosixPath(p).suffix.casefold() == NOTEBOOK and _depth(p) <= 1]
    found = [p for p in near if _depth(p) == 0] or near
    if not found:
        return Choice()
    if any(PurePosixPath(p).name.casefold() in {ANSWERS, SOLUTION} for p in paths):
        return Choice(problem=Reason(phrase="notebook-passed-over", values={"name": shown(found[0])}))
    if len(found) > 1:
        return Choice(problem=Reason(phrase="two-notebooks", values={"paths": named(found)}))
    return Choice(path=found[0])


def named(paths: Sequence[str]) -> str:
    """Name some paths in a message."""
    return ", ".join(shown(p) for p in paths[:_NAMED]) + (", …" if len(paths) > _NAMED else "")


def _misnamed(name: str, paths: Sequence[str]) -> Reason | None:
    others = {PurePosixPath(p).name.casefold(): p for p in paths}
    alike = get_close_matches(name, sorted(others.keys() - {ANSWERS, SOLUTION}), n=1, cutoff=_ALIKE)
    return Reason(phrase="misnamed-file", values={"name": name, "found": shown(others[alike[0]])}) if alike else None


def _depth(path: str) -> int:
    """Count the folders that a file lies in; a zip within the hand-in is none."""
    return sum(not part.casefold().endswith(".zip") for part in path.split("/")[:-1])
