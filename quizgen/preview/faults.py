"""What is wrong with a question's words, each with the file and line that its author has to mend."""

from collections.abc import Iterator, Mapping
from typing import Any

from quizgen.bank import Question
from quizgen.errors import AuthorError
from quizgen.model import Item, Key, Language, NumericBody
from quizgen.solution import solution_values, stem_values
from quizgen.wording import LatexError, Words, WordsError, options, pairs, parse, render, sequence, to_html

LISTS = {"options": options, "pairs": pairs, "sequence": sequence}


def faults(question: Question, item: Item, key: Key, language: Language) -> Iterator[str]:
    """Fill in every section, and yield `file:line: section: what is wrong`."""
    words = question.words[language]
    body = item.variant.body
    given = (
        {"stem", "picture", *(f.name for f in body.fields)} if isinstance(body, NumericBody) else {"stem", "picture"}
    )
    for name in words.sections:
        values = stem_values(item.variant) if name in given else solution_values(item.variant, key)
        try:
            _write(name, words, values)
        except WordsError as error:
            yield f"{words.file}:{_line(words, name, error)}: section {name!r}: {error.problem}{_formula(error)}"
        except AuthorError as error:
            yield f"{words.file}:{words.lines[name]}: section {name!r}: {error}"


def _write(name: str, words: Words, values: Mapping[str, Any]) -> None:
    text = words.sections[name]
    if name in LISTS:
        LISTS[name](text)
    to_html(parse(render(text, values)))


def _line(words: Words, name: str, error: WordsError) -> int:
    """Return the line in the file; a formula says no line, so that it is looked for."""
    inside = error.line
    if isinstance(error, LatexError) and not inside:
        before, found, _ = words.sections[name].partition(error.source)
        inside = before.count("\n") + 1 if found else 1
    return words.lines[name] + max(inside, 1) - 1


def _formula(error: WordsError) -> str:
    return f" (in {error.source!r})" if isinstance(error, LatexError) and error.source else ""
