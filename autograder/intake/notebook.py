"""A notebook as the two files that are asked for: its answer cells become answers.toml, its function cells solution.py.

Nothing in it is executed, and what it printed is not looked at. A literal is taken as what it says; anything else as
the text that was written, which is then read, or found unreadable, as if it stood in answers.toml.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.intake.decoding import decode
from autograder.intake.source import RefusedError
from quizgen.model import Reason, Value

MAX_ANSWER = 20_000
"""Characters of an answer's cell that are looked at."""
MAX_DEPTH = 8
"""Lists within lists."""
_ANSWER = re.compile(r"item([0-9]{1,6})-(\w+)")
_FUNCTION = re.compile(r"setup|code[0-9]{1,6}")
_OURS = re.compile(f"{_ANSWER.pattern}|{_FUNCTION.pattern}")
_COMMENT = re.compile(r"#.*")
_SHELL = re.compile(r"^(\s*)[%!?](?=\S)", re.MULTILINE)
_UNPARSABLE = (SyntaxError, ValueError, MemoryError, RecursionError)


@dataclass(frozen=True, kw_only=True)
class Files:
    """What a notebook says, as answers.toml and solution.py; None where it has no function cell.

    `problem` is what there is to say about a notebook in which none of the paper's cells is found.
    """

    answers: bytes
    solution: bytes | None
    problem: Reason | None = None


def read_notebook(name: str, data: bytes) -> Files:
    """Take a notebook apart, or raise RefusedError where it is none."""
    found = _parsed(name, data)
    cells = _places(found)
    functions = [text for cell, text in cells.items() if _FUNCTION.fullmatch(cell)]
    only_setup = not any(cell.startswith("code") and _FUNCTION.fullmatch(cell) for cell in cells)
    return Files(
        answers=_toml(_heads(found), _answers(cells)).encode("utf-8", "replace"),
        solution=None if only_setup else _joined(functions).encode("utf-8", "replace"),
        problem=None if cells else Reason(phrase="no-answer-cells", values={"name": name}),
    )


def _parsed(name: str, data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(decode(data) or "")
    except (ValueError, RecursionError):
        raise RefusedError("not-a-notebook", name=name) from None
    if not isinstance(found, dict) or not isinstance(found.get("cells"), list):
        raise RefusedError("not-a-notebook", name=name)
    return found


def _places(found: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of each of the paper's cells; a copy of one counts only where its id is nowhere else."""
    places: dict[str, str] = {}
    certain = set()
    for name, text, by_id in _cells(found):
        if name not in places or (by_id and name not in certain):
            places[name] = text
        if by_id:
            certain.add(name)
    return places


def _cells(found: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Yield name and text of each of the paper's cells, and whether its id says so.

    Older programs keep the id among the metadata; others give cells new ids and leave the metadata alone.
    """
    for cell in found["cells"]:
        if not isinstance(cell, dict):
            continue
        metadata = cell.get("metadata")
        known = metadata if isinstance(metadata, dict) else {}
        lines = cell.get("source")
        text = "".join(line for line in lines if isinstance(line, str)) if isinstance(lines, list) else lines
        for name, by_id in ((cell.get("id"), True), (known.get("id"), True), (known.get("quizgen"), False)):
            if isinstance(name, str) and isinstance(text, str) and _OURS.fullmatch(name):
                yield name, text, by_id
                break


def _heads(found: Mapping[str, Any]) -> dict[str, str]:
    metadata = found.get("metadata")
    about = metadata.get("quizgen") if isinstance(metadata, dict) else None
    known = about if isinstance(about, dict) else {}
    return {name: known[name] for name in ("student", "paper") if isinstance(known.get(name), str)}


def _answers(cells: Mapping[str, str]) -> dict[int, dict[str, Value]]:
    items: dict[int, dict[str, Value]] = {}
    for cell, text in cells.items():
        if found := _ANSWER.fullmatch(cell):
            items.setdefault(int(found[1]), {})[found[2]] = answer(text, found[2])
    return items


def answer(text: str, name: str) -> Value:
    """Read an answer's cell: what was assigned to `name` last, or else all that stands there."""
    if len(text) > MAX_ANSWER:
        return text
    try:
        body = ast.parse(text).body
    except _UNPARSABLE:
        return _bare(text, name)
    assigned = [s.value for s in body if isinstance(s, ast.Assign) and _assigns(s, name)]
    if not assigned and len(body) == 1 and isinstance(body[0], ast.Expr):
        assigned = [body[0].value]
    return _value(assigned[-1], text) if assigned else _bare(text, name)


def _assigns(statement: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in statement.targets)


def _value(node: ast.expr, text: str, depth: int = 0) -> Value:
    """Return a text, or a list that holds texts, as it is; all else as it was written."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Constant) and node.value in {None, ...}:
        return ""
    texts = any(isinstance(n, ast.Constant) and isinstance(n.value, str) for n in ast.walk(node))
    if isinstance(node, ast.List | ast.Tuple) and texts and depth < MAX_DEPTH:
        return [_value(one, text, depth + 1) for one in node.elts]
    return ast.get_source_segment(text, node) or ""


def _bare(text: str, name: str) -> str:
    """Return what stands behind the last `name =`, without comments and quotation marks."""
    plain = _COMMENT.sub("", text)
    written = re.split(rf"(?m)^\s*{re.escape(name)}\s*=(?!=)", plain)[-1].strip()
    return written.strip("\"'“”‘’").strip()


def _joined(functions: list[str]) -> str:
    return "\n\n\n".join(_without_commands(text).strip("\n") for text in functions) + "\n"


def _without_commands(text: str) -> str:
    """Turn a notebook's own commands, such as %timeit and !pip, into comments; Python is left alone."""
    try:
        ast.parse(text)
    except _UNPARSABLE:
        return _SHELL.sub(r"\1pass  # ", text)
    return text


def _toml(heads: Mapping[str, str], items: Mapping[int, Mapping[str, Value]]) -> str:
    lines = [f"{name} = {_quoted(text)}" for name, text in heads.items()]
    for number, answers in items.items():
        lines += ["", f"[item{number}]", *(f"{_quoted(name)} = {_literal(v)}" for name, v in answers.items())]
    return "\n".join(lines) + "\n"


def _literal(value: Value) -> str:
    return f"[{', '.join(_literal(v) for v in value)}]" if isinstance(value, list) else _quoted(value)


def _quoted(text: str) -> str:
    """Write a text as TOML; JSON's escapes are TOML's, but for the one control character that JSON leaves alone."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
