"""Jinja2 with delimiters that leave LaTeX its braces: `<< value >>`, `<% statement %>`, `<# comment #>`."""

from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from types import TracebackType
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, Undefined, UndefinedError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from quizgen.wording import matrices, numbers
from quizgen.wording.errors import WordsError

MARKS = ("<<", "<%", "<#", ">>", "%>", "#>")
"""Text without any of these is its own filling; Jinja2 must see a stray closing one to refuse it."""


def render(text: str, values: Mapping[str, object]) -> str:
    """Fill `values` into the template `text`; what comes out is Markdown."""
    if not any(mark in text for mark in MARKS):
        return text
    template = _template(text)
    try:
        return template.render(values)
    except UndefinedError as error:
        known = ", ".join(sorted(values)) or "none"
        raise WordsError(f"{error.message}; known names: {known}", line=_line(error.__traceback__)) from error
    except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise WordsError(f"the template fails: {error}", line=_line(error.__traceback__)) from error


@lru_cache(maxsize=4096)
def _template(text: str) -> Template:
    try:
        return _environment().from_string(text)
    except TemplateSyntaxError as error:
        raise WordsError(f"the template cannot be read: {error.message}", line=error.lineno) from error


class _Environment(ImmutableSandboxedEnvironment):
    """Filters bind tighter than * and +: `2 * x | num` would print the text of x twice."""

    intercepted_binops = frozenset({"*", "+"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, str) or isinstance(right, str):
            raise TypeError(f"{operator} has a text beside it; write (a {operator} b) | filter, and join texts with ~")
        return super().call_binop(context, operator, left, right)


@lru_cache(maxsize=1)
def _environment() -> _Environment:
    environment = _Environment(
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update({name: _strict(function) for name, function in FILTERS.items()})
    return environment


def _strict(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a filter name the variable that is missing rather than complain of its type."""

    @wraps(function)
    def checked(value: object, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, Undefined):
            str(value)
        return function(value, *args, **kwargs)

    return checked


def _line(traceback: TracebackType | None) -> int:
    """Return the template's line in which an error arose; Jinja names its own frames <template>."""
    line = 0
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == "<template>":
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


FILTERS: Mapping[str, Callable[..., Any]] = {
    "num": numbers.latex_number,
    "signed": numbers.signed,
    "paren": numbers.paren,
    "fixed": numbers.fixed,
    "significant": numbers.significant,
    "times10": numbers.times10,
    "plain": numbers.plain,
    "vec": matrices.column,
    "row": matrices.row,
    "mat": matrices.matrix,
    "grid": matrices.grid,
}
