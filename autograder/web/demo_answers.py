"""What simulated students type: right answers, answers that a listed mistake gives, and nothing."""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np

from autograder.web.form import ANSWER, SOURCE, places
from quizgen.authoring.code import CodeQuestion, Function
from quizgen.authoring.numeric import NumericQuestion, thaw
from quizgen.bank import Question, Shelf
from quizgen.marking.concept import LETTERS
from quizgen.model import CodeBody, ConceptBody, ConceptKey, Item, Key, NumericBody, NumericKey, Rounding, Select

BLANK = 0.07
"""Share of the items that nobody gets to."""


def answer(item: Item, key: Key, shelf: Shelf, rng: np.random.Generator, skill: float) -> dict[str, str]:
    """Return the texts of an item's boxes, field -> text: right with the probability `skill`, empty where blank."""
    fate, question = rng.random(), shelf.find(item.variant.question)
    if fate < BLANK:
        return {}
    known = question if question is not None and question.version == item.variant.version else None
    right = fate < BLANK + skill * (1 - BLANK)
    match item.variant.body, key:
        case NumericBody() as body, NumericKey():
            return _numbers(item, body, _values(item, key, known, rng, right=right))
        case ConceptBody() as body, ConceptKey():
            return _letters(item, body, key.right if right else _other(body, key.right, rng))
        case CodeBody() as body, _:
            return _function(body, known, rng, right=right)
        case _:
            raise AssertionError(item)  # keys and bodies are of one kind


def _values(
    item: Item, key: NumericKey, question: Question | None, rng: np.random.Generator, *, right: bool
) -> Mapping[str, Any]:
    """Return every step's value: the right ones, or what the program gives with one of its mistakes."""
    values = {step.name: step.value for step in key.steps}
    if right or question is None or not isinstance(question.template, NumericQuestion):
        return values
    program = question.template.program
    mistakes = list(program.mistakes.values())
    wrong = program.run(thaw(item.variant.givens), swaps=(mistakes[rng.integers(len(mistakes))],))
    finite = all(np.all(np.isfinite(np.asarray(wrong[name], dtype=np.float64))) for name in values)
    return wrong if finite else values


def _numbers(item: Item, body: NumericBody, values: Mapping[str, Any]) -> dict[str, str]:
    rounding = {f.name: f.rounding for f in body.fields}
    return {
        p.field: _written(float(np.asarray(values[p.part], dtype=np.float64)[p.index]), rounding[p.part])
        for p in places(item)
    }


def _written(value: float, rounding: Rounding) -> str:
    if rounding.significant is not None:
        return f"{value:.{rounding.significant - 1}e}"
    return f"{value:.{rounding.decimals or 0}f}"


def _letters(item: Item, body: ConceptBody, chosen: tuple[int, ...]) -> dict[str, str]:
    letters = [LETTERS[n] for n in chosen]
    match body.select:
        case Select.ONE:
            return {ANSWER: letters[0]}
        case Select.SEVERAL:
            return {f"{ANSWER}[{letter}]": letter for letter in letters}
        case Select.MATCH | Select.ORDER:
            return {p.field: letter for p, letter in zip(places(item), letters, strict=True)}


def _other(body: ConceptBody, right: tuple[int, ...], rng: np.random.Generator) -> tuple[int, ...]:
    """Choose wrongly: another option, one too many or too few, or two places exchanged."""
    count = len(body.options)
    match body.select:
        case Select.ONE:
            return ((right[0] + int(rng.integers(1, count))) % count,)
        case Select.SEVERAL:
            return tuple(sorted(set(right) ^ {int(rng.integers(count))}))
        case Select.MATCH | Select.ORDER:
            return (*right[1:], right[0])


def _function(body: CodeBody, question: Question | None, rng: np.random.Generator, *, right: bool) -> dict[str, str]:
    """Write a function: one of the question's own right solutions, or one of its mistakes."""
    if question is None or not isinstance(question.template, CodeQuestion):
        return {}
    template = question.template
    candidates = list((template.solutions if right else template.mistakes).values())
    for at in rng.permutation(len(candidates)):
        text = source_of(candidates[at], body.function)
        if text:
            return {SOURCE: text}
    return {}


def source_of(function: Function, name: str) -> str:
    """Return a function's source under another name, with what it uses of its module; empty where that is no text."""
    found: dict[str, str] = {}
    if not inspect.isfunction(function):
        return ""
    try:
        whole = _plain(function, name)
        is_whole = _gather(whole, function, name, found)
    except (OSError, SyntaxError):
        return ""  # typed where no source is kept
    return "\n\n".join([*found.values(), whole]) if is_whole else ""


def _gather(text: str, function: Function, name: str, found: dict[str, str]) -> bool:
    """Collect the functions, modules and numbers that a text names; say whether nothing else is needed."""
    for used in sorted({n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)}):
        value = function.__globals__.get(used)
        if used not in function.__globals__ or used in found or used == "np":
            continue
        if used == name:  # a helper of the very name that is asked for
            return False
        if inspect.isfunction(value):
            found[used] = ""  # claims its place: helpers may call each other
            helper = _plain(value, used)
            if not _gather(helper, value, name, found):
                return False
            found[used] = helper
        elif isinstance(value, ModuleType):
            found[used] = f"import {value.__name__} as {used}"
        elif isinstance(value, int | float):
            found[used] = f"{used} = {value!r}"
        else:
            return False
    return True


def _plain(function: Function, name: str) -> str:
    """Return a function as a student would write it: no decorators, annotations or docstring."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(tree, ast.FunctionDef)  # noqa: S101 - the source of a function
    plain = _Plain().visit(tree)
    plain.name = name
    return ast.unparse(ast.fix_missing_locations(plain)) + "\n"


class _Plain(ast.NodeTransformer):
    """Takes off what students do not write."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.decorator_list, node.returns = [], None
        if ast.get_docstring(node) is not None and len(node.body) > 1:
            node.body = node.body[1:]
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        return ast.Assign(targets=[node.target], value=node.value) if node.value is not None else None
