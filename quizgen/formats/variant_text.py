"""One variant as text for a terminal: the item as it is asked, its key, its solution and its mistakes."""

import textwrap
from collections.abc import Iterator

from quizgen.authoring.code import CodeQuestion
from quizgen.authoring.numeric import NumericQuestion
from quizgen.bank import Question
from quizgen.formats.keys import key_rows
from quizgen.formats.markdown import MARKDOWN
from quizgen.formats.plaintext import block_text, hung_text
from quizgen.formats.sheet import CodeBox, item_sheet
from quizgen.marking.concept import LETTERS
from quizgen.model import CodeBody, ConceptBody, ConceptKey, Item, Key, Language, NumericBody, Select
from quizgen.solution import solution_values
from quizgen.wording import options, pairs, parse, render, sequence
from quizgen.wording.phrases import phrase

INDENT = "  "


def item_text(question: Question, item: Item, language: Language, width: int) -> str:
    """Write an item as a student reads it."""
    sheet = item_sheet(item, question.record(), language, MARKDOWN)
    parts = [block_text(parse(sheet.stem), width), sheet.hint]
    if isinstance(item.variant.body, NumericBody):
        names = [f.name for f in item.variant.body.asked(item.ask)]
        labels = [f"{box.label} ({box.wanted})" for box in sheet.boxes]
        parts += ["\n".join(_listed(f"{n}: ", t, width) for n, t in zip(names, labels, strict=True))]
    parts += ["\n".join(_listed(f"{i}. ", row, width) for i, row in enumerate(sheet.rows, start=1))]
    parts += ["\n".join(_listed(f"{c.letter}  ", c.text, width) for c in sheet.choices)]
    if sheet.code is not None:
        parts += [_code(sheet.code)]
    parts += [block_text(parse(text), width) for text in sheet.conventions]
    return "\n\n".join(part for part in parts if part)


def _listed(sign: str, text: str, width: int) -> str:
    return hung_text(parse(text), INDENT + sign, width)


def _code(code: CodeBox) -> str:
    example = f">>> {code.example_call}\n{code.example_result}"
    docstring = textwrap.indent(f'"""{code.docstring}\n\n{example}\n"""', "    ", lambda line: bool(line.strip()))
    return f"{code.signature}\n{docstring}"


def key_text(question: Question, item: Item, key: Key, language: Language, width: int) -> str:
    """Write what is right, and how far from it is still accepted."""
    rows = key_rows(item, key, question.record(), language)
    if isinstance(key, ConceptKey):
        return "\n".join(
            _listed(f"{row.label}  ", row.value, width) if row.value else INDENT + row.label for row in rows
        )
    return "\n".join(f"{INDENT}{row.label}: {row.value}  {row.within}".rstrip() for row in rows)


def solution_text(question: Question, item: Item, key: Key, language: Language, width: int) -> str:
    """Write the worked solution with this variant's numbers."""
    words = question.words[language].sections["solution"]
    return block_text(parse(render(words, solution_values(item.variant, key))), width)


def mistakes_text(question: Question, item: Item, key: Key, language: Language, width: int) -> str:
    """Write what is known to go wrong, or for options why each is right or wrong."""
    words, values = question.words[language].sections, solution_values(item.variant, key)
    if isinstance(item.variant.body, ConceptBody):
        return "\n".join(
            _listed(f"{sign}  ", render(text, values), width) for sign, text in reasons(question, item, language)
        )
    names: Iterator[str] = iter(())
    if isinstance(question.template, NumericQuestion):
        names = iter(question.template.program.mistakes)
    elif isinstance(question.template, CodeQuestion):
        names = iter(question.template.mistakes)
    return "\n".join(_listed(f"{name}: ", render(words[name], values), width) for name in names if name in words)


def reasons(question: Question, item: Item, language: Language) -> list[tuple[str, str]]:
    """Return, for each option or row shown, its letter or number and the template of the reason."""
    body, words = item.variant.body, question.words[language].sections
    if not isinstance(body, ConceptBody):
        return []
    match body.select:
        case Select.MATCH:
            left = pairs(words["pairs"])
            return [(str(at), left[i].reason) for at, i in enumerate(body.options, start=1)]
        case Select.ORDER:
            places = sequence(words["sequence"])
            return [(LETTERS[at], places[i].reason) for at, i in enumerate(body.options)]
        case Select.ONE | Select.SEVERAL:
            pool = options(words["options"])
            return [(LETTERS[at], pool[i].reason) for at, i in enumerate(body.options)]


def variant_text(question: Question, item: Item, key: Key, language: Language, width: int) -> str:
    """Write all of a variant, for an instructor."""
    facts = question.facts
    about = f"{facts.source} · level {facts.level} · {facts.minutes:g} {phrase('minutes', language)}"
    parts = [about, item_text(question, item, language, width)]
    if not isinstance(item.variant.body, CodeBody):
        parts.append(_headed("key", key_text(question, item, key, language, width), language))
    parts.append(_headed("solution", solution_text(question, item, key, language, width), language))
    heading = "reason-for-option" if isinstance(item.variant.body, ConceptBody) else "mistakes"
    known = mistakes_text(question, item, key, language, width)
    return "\n\n".join([*parts, _headed(heading, known, language)] if known else parts)


def _headed(heading: str, text: str, language: Language) -> str:
    return f"{phrase(heading, language)}\n{text}"
