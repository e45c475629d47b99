"""The words of one entry, filled in and written for a platform."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from quizgen.authoring.steps import Mistake
from quizgen.formats.lms.entries import Entry
from quizgen.formats.lms.markup import Formula, block_xhtml, inline_xhtml
from quizgen.formats.sheet import choice_rule, rounding_rule, shown_options, wanted_words
from quizgen.model import CodeBody, ConceptBody, Field, NumericBody, Select
from quizgen.solution import picture_text, solution_values, stem_values
from quizgen.wording import options, pairs, render, sequence
from quizgen.wording.phrases import phrase


@dataclass(frozen=True)
class Texts:
    """Writes an entry's words as XHTML, formulas by `formula`."""

    entry: Entry
    formula: Formula

    @property
    def title(self) -> str:
        """Return the question's title, plain."""
        return self.entry.record.titles[self.entry.language]

    @cached_property
    def _words(self) -> dict[str, str]:
        return self.entry.record.words[self.entry.language]

    @cached_property
    def _stem_values(self) -> Any:
        return stem_values(self.entry.item.variant)

    @cached_property
    def _solution_values(self) -> Any:
        return solution_values(self.entry.item.variant, self.entry.key)

    def stem(self) -> str:
        """Return the text that asks, how to answer, and the conventions."""
        conventions = self._conventions()
        said = picture_text(self.entry.item.variant, self._words)
        told = block_xhtml(f"{render(self._words['stem'], self._stem_values)}\n\n{said}".rstrip(), self.formula)
        hint = f"<p><em>{escape(self._hint())}</em></p>" if self._hint() else ""
        return "\n".join(part for part in (told, conventions, self._code(), hint) if part)

    def _conventions(self) -> str:
        words = self.entry.record.convention_words[self.entry.language]
        lines = [inline_xhtml(words[name], self.formula) for name in self.entry.record.conventions]
        if not lines:
            return ""
        head = escape(phrase("conventions", self.entry.language))
        return f"<p>{head}</p>\n<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"

    def _hint(self) -> str:
        body, language = self.entry.item.variant.body, self.entry.language
        match body:
            case NumericBody():
                shared = {f.rounding for f in body.asked(self.entry.item.ask)}
                return rounding_rule(shared.pop(), language) if len(shared) == 1 else phrase("round-each", language)
            case ConceptBody():
                return choice_rule(body, language)
            case CodeBody():
                return ""

    def _code(self) -> str:
        body = self.entry.item.variant.body
        if not isinstance(body, CodeBody):
            return ""
        shown = f'def {body.signature}:\n    """{self._words["docstring"].strip()}"""'
        example = f">>> {body.example.call}\n{body.example.result}"
        return f"<pre>{escape(shown, quote=False)}</pre>\n<pre>{escape(example, quote=False)}</pre>"

    def label(self, field: Field) -> str:
        """Return what stands beside a step's cells: its name, its shape and, where steps differ, its rounding."""
        language = self.entry.language
        body = self.entry.item.variant.body
        text = inline_xhtml(render(self._words[field.name], self._stem_values), self.formula)
        asked = body.asked(self.entry.item.ask) if isinstance(body, NumericBody) else ()
        wanted = wanted_words(field, language, alone=len({f.rounding for f in asked}) > 1, power="power-typed")
        return f"{text} <em>({escape(wanted)})</em>"

    def choices(self) -> tuple[list[str], list[str]]:
        """Return the lettered texts and, for matching, the rows."""
        body = self.entry.item.variant.body
        if not isinstance(body, ConceptBody):
            return [], []
        texts, rows = shown_options(body, self._words)
        return self._filled(texts), self._filled(rows)

    def reasons(self) -> list[str]:
        """Return why each shown option, pair or place is as it is."""
        body = self.entry.item.variant.body
        if not isinstance(body, ConceptBody):
            return []
        pool: tuple[Any, ...]
        match body.select:
            case Select.MATCH:
                pool = pairs(self._words["pairs"])
            case Select.ORDER:
                pool = sequence(self._words["sequence"])
            case Select.ONE | Select.SEVERAL:
                pool = options(self._words["options"])
        return self._filled([pool[i].reason for i in body.options])

    def _filled(self, texts: Iterable[str]) -> list[str]:
        return [inline_xhtml(render(text, self._solution_values), self.formula) for text in texts]

    def solution(self) -> str:
        """Return the worked solution."""
        return block_xhtml(render(self._words["solution"], self._solution_values), self.formula)

    def mistakes(self, found: Iterable[Mistake]) -> str:
        """Return what a student is told who made one of these mistakes."""
        told = [self._mistake(mistake) for mistake in found]
        if len(told) == 1:
            return told[0]
        either = escape(phrase("mistake-or", self.entry.language))
        return f"{either}<ul>" + "".join(f"<li>{text}</li>" for text in told) + "</ul>"

    def _mistake(self, mistake: Mistake) -> str:
        text = inline_xhtml(render(self._words[mistake.name], self._solution_values), self.formula)
        if mistake.other_convention:
            text += " " + escape(phrase("other-convention-note", self.entry.language))
        return text
