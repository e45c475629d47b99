"""What is exported: every variant of an exam once, or fresh variants of its questions, each with its key."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import msgspec

from quizgen.assembly import check_languages, seed_from
from quizgen.authoring.numeric import NumericQuestion
from quizgen.bank import Question, Shelf
from quizgen.model import Exam, Item, Key, Language, Paper, QuestionRecord


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """One variant as it is exported; `question` is None where the bank has changed since the exam was made."""

    item: Item
    key: Key
    record: QuestionRecord
    language: Language
    question: Question | None = None

    @cached_property
    def ident(self) -> str:
        """Return a name that no other variant of the export has: letters, digits and dashes."""
        variant = self.item.variant
        content = msgspec.json.encode((variant, self.item.ask, self.item.points, self.language), order="deterministic")
        return f"{variant.question.replace('/', '-')}-{hashlib.sha256(content).hexdigest()[:12]}"

    @property
    def solver(self) -> NumericQuestion | None:
        """Return the steps and mistakes of a numeric question."""
        template = self.question.template if self.question is not None else None
        return template if isinstance(template, NumericQuestion) else None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The entries of one paper, in order."""

    paper: Paper
    entries: tuple[Entry, ...]


def sheets(exam: Exam, shelf: Shelf) -> tuple[Sheet, ...]:
    """Take an exam apart, paper by paper."""
    current = {i: _current(record, shelf) for i, record in exam.questions.items()}
    return tuple(
        Sheet(
            paper=paper,
            entries=tuple(
                Entry(
                    item=item,
                    key=key,
                    record=exam.questions[item.variant.question],
                    language=paper.language,
                    question=current[item.variant.question],
                )
                for item, key in zip(paper.items, exam.keys[paper.student], strict=True)
            ),
        )
        for paper in exam.papers
    )


def distinct(found: tuple[Sheet, ...]) -> tuple[Entry, ...]:
    """Return every variant once, those of one question together."""
    unique = {entry.ident: entry for sheet in found for entry in sheet.entries}
    return tuple(sorted(unique.values(), key=lambda e: (e.record.id, e.language, e.ident)))


def fresh(exam: Exam, shelf: Shelf, count: int) -> tuple[Entry, ...]:
    """Draw so many new variants of each of the exam's questions, in the exam's language."""
    first: dict[str, Item] = {}
    for paper in exam.papers:
        for item in paper.items:
            first.setdefault(item.variant.question, item)
    drawn = (entry for i in sorted(first) for entry in _drawn(exam, shelf.question(i), first[i], count))
    return tuple({entry.ident: entry for entry in drawn}.values())


def _drawn(exam: Exam, question: Question, like: Item, count: int) -> Iterator[Entry]:
    check_languages([question], exam.language)
    record = question.record()
    for number in range(count):
        variant, key = question.draw(seed_from(exam.seed, "variant", question.id, number))
        item = Item(number=like.number, points=like.points, ask=like.ask, variant=variant)
        yield Entry(item=item, key=key, record=record, language=exam.language, question=question)


def _current(record: QuestionRecord, shelf: Shelf) -> Question | None:
    question = shelf.find(record.id)
    return question if question is not None and question.version == record.version else None


def chosen_entries(exam: Exam, shelf: Shelf, variants: int) -> tuple[Entry, ...]:
    """Return so many fresh variants of each question, or with 0 those that are on the exam's papers."""
    return fresh(exam, shelf, variants) if variants else distinct(sheets(exam, shelf))
