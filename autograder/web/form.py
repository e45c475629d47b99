"""A paper as a form: every box with its name, and the files that the saved texts are handed in as.

`solution.py` is one module, as if the student had written it so: the boxes of all functions in the order of the paper.
A box that does not compile would cost all of them, so it is replaced by a function that raises its error when it is
called, and stays in the file as a comment: its own item gets the verdict it would get alone, and nothing typed is lost.
"""

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from autograder.quiet import without_warnings
from quizgen.marking.concept import LETTERS
from quizgen.marking.reading import normalize, read
from quizgen.model import CodeBody, ConceptBody, Field, Item, NumericBody, Paper, Select, Value

Texts: TypeAlias = Mapping[str, str]
"""Field -> text as typed, of one item."""
Saved: TypeAlias = Mapping[int, Texts]
"""Item number -> its texts."""
ANSWER = "answer"
SOURCE = "source"
SOLUTION_HEAD = "import numpy as np\n"
"""NumPy is there in every box, as on the paper's own form."""
MOST_LAMBDAS = 200
"""In one box: some thousands, one in the other, take Python seconds to compile, and all others wait."""
_MANY = frozenset("[];\n,")


@dataclass(frozen=True, kw_only=True)
class Place:
    """One box of an item: a cell of a step, a choice, a letter or a function.

    `field` names it in the store, `part` what it is a piece of; `tick` is the letter that a ticked box stands for.
    """

    field: str
    part: str
    index: tuple[int, ...] = ()
    tick: str = ""


def places(item: Item) -> tuple[Place, ...]:
    """Return every box of an item, in the order of the page."""
    match item.variant.body:
        case NumericBody() as body:
            return tuple(p for asked in body.asked(item.ask) for p in _cells(asked))
        case ConceptBody(select=Select.ONE):
            return (Place(field=ANSWER, part=ANSWER),)
        case ConceptBody(select=Select.SEVERAL) as body:
            letters = LETTERS[: len(body.options)]
            return tuple(Place(field=f"{ANSWER}[{a}]", part=ANSWER, tick=a) for a in letters)
        case ConceptBody() as body:
            return tuple(Place(field=f"{ANSWER}[{n}]", part=ANSWER) for n in range(1, len(body.options) + 1))
        case CodeBody():
            return (Place(field=SOURCE, part=SOURCE),)


def _cells(asked: Field) -> tuple[Place, ...]:
    return tuple(
        Place(field=f"{asked.name}[{','.join(map(str, at))}]" if at else asked.name, part=asked.name, index=at)
        for at in product(*map(range, asked.shape))
    )


def box_name(number: int, field: str) -> str:
    """Return the name that a box has in HTML and in what the page sends."""
    return f"item{number}:{field}"


def boxes(paper: Paper) -> dict[str, tuple[int, Place]]:
    """Return every box of a paper by its name in HTML: what is not among them was never asked."""
    return {box_name(item.number, place.field): (item.number, place) for item in paper.items for place in places(item)}


def posted(paper: Paper, form: Mapping[str, str], *, whole: bool = False) -> dict[int, dict[str, str]]:
    """Take the texts of known boxes out of what a browser sent, with one kind of line end.

    Browsers leave out choices that are not made: of a whole form, those are blank.
    """
    found: dict[int, dict[str, str]] = {}
    for name, (number, place) in boxes(paper).items():
        text = form.get(name, "" if whole and _is_choice(place) else None)
        if text is not None:
            found.setdefault(number, {})[place.field] = _lines(text)
    return found


def _is_choice(place: Place) -> bool:
    return place.part == ANSWER


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def stub(body: CodeBody) -> str:
    """Return what an editor holds before anything is written; running it says that nothing was written."""
    return f'def {body.signature}:\n    raise NotImplementedError("{body.function}")\n'


def filled(item: Item, texts: Texts) -> tuple[int, int]:
    """Return how many boxes of an item are filled, and of how many; ticks count as one box."""
    found, body = places(item), item.variant.body
    if isinstance(body, CodeBody):
        return int(written(body, texts)), 1
    full = sum(bool(texts.get(p.field, "").strip()) for p in found)
    return (min(full, 1), 1) if found[0].tick else (full, len(found))


def written(body: CodeBody, texts: Texts) -> bool:
    """Say whether a function was written at all."""
    return _lines(texts.get(SOURCE, "")).strip() not in {"", stub(body).strip()}


def answers_toml(paper: Paper, saved: Saved) -> bytes:
    """Write answers.toml with what was typed, cell by cell; what is wholly blank is left out."""
    lines = [f"student = {_quoted(paper.student)}", f"paper = {_quoted(paper.code)}"]
    for item in paper.items:
        texts = saved.get(item.number, {})
        found = [(part, _answer(item, part, texts)) for part in _parts(item)]
        lines += ["", f"[item{item.number}]", *(f"{_quoted(n)} = {_literal(v)}" for n, v in found if v is not None)]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _parts(item: Item) -> list[str]:
    return list(dict.fromkeys(p.part for p in places(item) if p.part != SOURCE))


def _answer(item: Item, part: str, texts: Texts) -> Value | None:
    """Return one answer as marking reads it, or None where nothing was typed."""
    found = [p for p in places(item) if p.part == part]
    typed = {p.index: texts.get(p.field, "") for p in found}
    full = [texts[p.field] for p in found if texts.get(p.field, "").strip()]
    match item.variant.body:
        case _ if not full:
            return None
        case NumericBody(fields=fields):
            shape = next(f.shape for f in fields if f.name == part)
            return full[0] if len(full) == 1 and len(found) > 1 and _is_whole(full[0]) else _nested(typed, shape)
        case ConceptBody(select=Select.SEVERAL):
            return full
        case ConceptBody(select=Select.ONE):
            return full[0]
        case _:
            return [texts.get(p.field, "") for p in found]


def _is_whole(text: str) -> bool:
    """Say whether one cell holds several numbers: without scripts a matrix is pasted into one box."""
    array = read(text).array
    return array.size > 1 if array is not None else bool(_MANY & set(normalize(text)))


def _nested(typed: Mapping[tuple[int, ...], str], shape: tuple[int, ...], at: tuple[int, ...] = ()) -> Value:
    if len(at) == len(shape):
        return typed[at]
    return [_nested(typed, shape, (*at, n)) for n in range(shape[len(at)])]


def _literal(value: Value) -> str:
    return f"[{', '.join(_literal(v) for v in value)}]" if isinstance(value, list) else _quoted(value)


def _quoted(text: str) -> str:
    """Write a text as TOML; JSON's escapes are TOML's, but for the one control character that JSON leaves alone."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def solution_py(paper: Paper, saved: Saved) -> bytes | None:
    """Write solution.py from the editors' boxes, or return None for a paper without functions."""
    bodies = {i.number: i.variant.body for i in paper.items if isinstance(i.variant.body, CodeBody)}
    source = SOLUTION_HEAD
    for number, body in bodies.items():
        source += f"\n\n# {number}.\n"
        source += _source(body, saved.get(number, {}), source)
    return source.encode("utf-8", "replace") if bodies else None


def _source(body: CodeBody, texts: Texts, before: str) -> str:
    """Return one box as it stands in the file; what was never written is the stub, and marked blank."""
    text = _lines(texts.get(SOURCE, "")).strip("\n")
    if not text.strip():
        return stub(body)
    fault = _fault(text, before)
    if fault is None:
        return f"{text}\n"
    return f"def {body.signature}:\n    raise SyntaxError({fault!a})\n{_commented(text)}\n"


def _fault(text: str, before: str) -> str | None:
    """Say why a box cannot follow what stands before it in the file, as Python says it, with the box's own line."""
    whole = f"{before}{text}\n"
    try:
        with without_warnings():
            if text.count("lambda") > MOST_LAMBDAS and _lambdas(whole, before.count("\n")) > MOST_LAMBDAS:
                return f"more than {MOST_LAMBDAS} lambdas"
            compile(whole, "solution.py", "exec", dont_inherit=True)
    except SyntaxError as error:
        line = (error.lineno or 0) - before.count("\n")
        return f"line {max(line, 1)}: {error.msg}"
    except (ValueError, MemoryError, RecursionError, OverflowError) as error:
        return f"{type(error).__name__}: {error}"
    return None


def _lambdas(source: str, after: int) -> int:
    """Count the lambdas that begin after a line."""
    return sum(isinstance(n, ast.Lambda) and n.lineno > after for n in ast.walk(ast.parse(source)))


def _commented(text: str) -> str:
    """Turn lines into comments; a character that Python refuses or takes for a line end becomes a space."""
    lines = ("".join(c if c.isprintable() or c == "\t" else " " for c in line) for line in text.split("\n"))
    return "\n".join(f"# {line}" for line in lines)
