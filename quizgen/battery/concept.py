"""Concept questions: the key marks itself correct, ticking everything does not, options differ, reasons stay hidden."""

from collections.abc import Iterator

from quizgen.authoring.concept import ConceptQuestion
from quizgen.bank import POOL_SECTIONS, Question
from quizgen.battery.words import check_rendering
from quizgen.marking.concept import LETTERS, mark_concept
from quizgen.model import Ask, ConceptBody, ConceptKey, Item, Key, Language, Select, Status, Variant
from quizgen.solution import stem_values
from quizgen.wording import OptionText, PairText, PlaceText, options, pairs, render, sequence


def check_concept(question: Question, template: ConceptQuestion, variant: Variant, key: Key) -> Iterator[str]:
    """Check one variant."""
    body = variant.body
    if not isinstance(body, ConceptBody) or not isinstance(key, ConceptKey):
        yield f"a concept question drew {type(body).__name__} and {type(key).__name__}"
        return
    if body.select is not template.select:
        yield f"it draws {body.select}, but says {template.select}"
    yield from _check_marks(Item(number=1, points=1.0, ask=Ask.STEPS, variant=variant), body, key)
    broken = [*check_rendering(question, variant, stem_values(variant)), *_check_languages(question, template)]
    yield from broken
    for language in question.languages if not broken else ():
        texts = shown_texts(question, variant, body, language)
        twice = sorted(t for t in set(texts) if texts.count(t) > 1)
        if twice:
            yield f"{language}: two options read the same: {twice[0]!r}"


def _check_marks(item: Item, body: ConceptBody, key: ConceptKey) -> Iterator[str]:
    right = ", ".join(LETTERS[i] for i in key.right)
    if mark_concept(item, key, {"answer": right}).status is not Status.CORRECT:
        yield "the key does not mark itself correct"
    everything = list(LETTERS[: len(body.options)])
    if body.select is not Select.SEVERAL or len(key.right) == len(everything):
        return
    if mark_concept(item, key, {"answer": everything}).credit > 0:
        yield "ticking everything earns something"


def _check_languages(question: Question, template: ConceptQuestion) -> Iterator[str]:
    """All languages must offer the same pool: as many entries, with the same marks."""
    section = POOL_SECTIONS[template.select]
    shapes = {
        language: tuple(_mark(entry) for entry in entries(words.sections[section], template.select))
        for language, words in question.words.items()
    }
    if len(set(shapes.values())) > 1:
        yield f"the languages {', '.join(sorted(shapes))} offer different options"


def _mark(entry: OptionText | PairText | PlaceText) -> bool | str:
    return entry.mark if isinstance(entry, OptionText) else ""


def entries(text: str, select: Select) -> tuple[OptionText, ...] | tuple[PairText, ...] | tuple[PlaceText, ...]:
    """Read the pool of one language."""
    match select:
        case Select.MATCH:
            return pairs(text)
        case Select.ORDER:
            return sequence(text)
        case Select.ONE | Select.SEVERAL:
            return options(text)


def shown_texts(question: Question, variant: Variant, body: ConceptBody, language: Language) -> list[str]:
    """Return the texts with letters as a paper shows them; for matching, the rows too."""
    pool = entries(question.words[language].sections[POOL_SECTIONS[body.select]], body.select)
    shown = [pool[i] for i in body.options]
    texts = [e.left if isinstance(e, PairText) else e.text for e in shown]
    texts += [e.right for e in (pool[i] for i in body.targets) if isinstance(e, PairText)]
    return [render(text, stem_values(variant)) for text in texts]
