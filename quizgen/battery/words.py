"""Words: every section that is wanted, none that is not, and all of them render in every language."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from quizgen.authoring.code import CodeQuestion
from quizgen.authoring.concept import ConceptQuestion
from quizgen.authoring.numeric import NumericQuestion
from quizgen.bank import POOL_SECTIONS, Question
from quizgen.errors import AuthorError
from quizgen.model import LANGUAGES, Variant
from quizgen.solution import stem_values
from quizgen.wording import parse, render, to_html

MARKUP = frozenset("$*`\\")
"""Signs that mean something in Markdown only."""


def check_sections(question: Question) -> Iterator[str]:
    """Compare the sections of each language's words with what the question needs."""
    wanted = set(_wanted_sections(question))
    for language in LANGUAGES:
        if language not in question.languages:
            yield f"it has no words in {language!r}"
            continue
        words = question.words[language]
        if not str(words.meta.get("title", "")).strip():
            yield f"{language}: the front matter has no title"
        for section in sorted(wanted - set(words.sections)):
            yield f"{language}: no section {section!r}"
        for section in sorted(set(words.sections) - wanted):
            yield f"{language}: section {section!r} belongs to nothing in the question"


def is_complete(question: Question) -> bool:
    """Say whether no language lacks a section: only then can variants be looked at as students see them."""
    wanted = set(_wanted_sections(question))
    return all(wanted <= set(words.sections) for words in question.words.values())


def _wanted_sections(question: Question) -> Iterator[str]:
    yield from ("stem", "solution")
    template = question.template
    if not isinstance(template, CodeQuestion) and template.has_picture:
        yield "picture"
    match template:
        case NumericQuestion():
            yield from template.program.steps
            yield from template.program.mistakes
        case ConceptQuestion():
            yield POOL_SECTIONS[template.select]
        case CodeQuestion():
            yield "docstring"
            yield from template.groups
            yield from template.mistakes


def check_rendering(question: Question, variant: Variant, values: Mapping[str, Any]) -> Iterator[str]:
    """Render every section; what students see, from the givens alone."""
    steps = question.template.program.steps if isinstance(question.template, NumericQuestion) else {}
    for language in question.languages:
        for name, text in question.words[language].sections.items():
            seen_by_students = name in {"stem", "picture"} or name in steps
            try:
                filled = render(text, stem_values(variant) if seen_by_students else values)
                _check_markup(filled)
            except AuthorError as error:
                yield f"{language}: section {name!r}: {error}"
                continue
            if name == "picture" and (markup := sorted(MARKUP & set(filled))):
                yield f"{language}: section 'picture' is read aloud and printed plain, but has {' '.join(markup)}"


def _check_markup(text: str) -> None:
    """Write a text as HTML; most draws differ in their digits only, and those say nothing new about the markup."""
    try:
        _write(re.sub(r"[0-9]", "0", text))
    except AuthorError:
        to_html(parse(text))


@lru_cache(maxsize=4096)
def _write(text: str) -> None:
    to_html(parse(text))
