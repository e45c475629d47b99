"""A question: a template together with its words, which draws variants and freezes itself for an exam."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from quizgen.authoring.code import CodeQuestion
from quizgen.authoring.concept import ConceptQuestion, Pool
from quizgen.authoring.numeric import Draw, Facts, NumericQuestion
from quizgen.authoring.source import as_source, freeze
from quizgen.authoring.steps import to_json
from quizgen.bank.fault import FAULTS, told
from quizgen.errors import AuthorError
from quizgen.model import (
    CodeBody,
    CodeKey,
    Example,
    FrozenCase,
    Key,
    Kind,
    Language,
    QuestionRecord,
    Select,
    Value,
    Variant,
)
from quizgen.wording import Words, options, pairs, sequence

Template: TypeAlias = NumericQuestion | ConceptQuestion | CodeQuestion
POOL_SECTIONS = {Select.ONE: "options", Select.SEVERAL: "options", Select.MATCH: "pairs", Select.ORDER: "sequence"}
FROZEN_SEED = 0


@dataclass(frozen=True, kw_only=True)
class Question:
    """A template together with its words: what draws variants."""

    id: str
    template: Template
    words: Mapping[Language, Words]
    version: str
    conventions: Mapping[Language, Mapping[str, str]]

    @property
    def kind(self) -> Kind:
        """Return what is handed in."""
        return self.template.kind

    @property
    def topic(self) -> str:
        """Return the part of the id before the slash."""
        return self.id.partition("/")[0]

    @property
    def facts(self) -> Facts:
        """Return source, level, minutes and conventions."""
        return self.template.facts

    @property
    def languages(self) -> tuple[Language, ...]:
        """Name the languages it has words in."""
        return tuple(sorted(self.words))

    def title(self, language: Language) -> str:
        """Return its title."""
        return str(self.words[language].meta["title"])

    def draw(self, seed: int) -> tuple[Variant, Key]:
        """Draw the variant of that seed, and its key apart from it."""
        drawn = self.draw_whole(seed)
        return self.variant(seed, drawn), drawn.key

    def variant(self, seed: int, drawn: Draw) -> Variant:
        """Return what was drawn, less its key, with where it came from."""
        return Variant(
            question=self.id,
            version=self.version,
            seed=seed,
            givens=drawn.givens,
            body=drawn.body,
            picture=drawn.picture,
        )

    def draw_whole(self, seed: int) -> Draw:
        """Draw with the reasons for which earlier draws were refused."""
        try:
            match self.template:
                case NumericQuestion():
                    return self.template.draw(seed)
                case ConceptQuestion():
                    return self._draw_concept(self.template, seed)
                case CodeQuestion():
                    return self._draw_code(self.template, seed)
        except AuthorError as error:
            raise AuthorError(f"{self.id} with seed {seed}: {error}") from error
        except FAULTS as error:
            raise AuthorError(f"{self.id} with seed {seed}: {told(error, self.id)}") from error

    def _draw_concept(self, template: ConceptQuestion, seed: int) -> Draw:
        drawn = template.draw(seed, self.pool)
        context = {name: to_json(value) for name, value in template.context(drawn.givens).items() if name != "mistakes"}
        if template.program.mistakes:
            wrong = template.context(drawn.givens)["mistakes"]
            context["mistakes"] = {name: to_json(value) for name, value in wrong.items()}
        return replace(drawn, givens=context)

    def _draw_code(self, template: CodeQuestion, seed: int) -> Draw:
        case = template.example(seed)
        call = ", ".join(as_source(a) for a in case.arguments)
        result = as_source(template.reference(*case.arguments))
        example = Example(call=f"{template.function}({call})", result=result)
        body = CodeBody(function=template.function, signature=template.signature, example=example)
        return Draw(givens={}, body=body, key=CodeKey())

    @cached_property
    def pool(self) -> Pool:
        """Return what the words offer to choose from."""
        if not isinstance(self.template, ConceptQuestion):
            raise AuthorError(f"{self.id} is not a concept question")
        words = next(iter(self.words.values()))
        text = words.sections[POOL_SECTIONS[self.template.select]]
        match self.template.select:
            case Select.MATCH:
                rights = [pair.right for pair in pairs(text)]
                return Pool(length=len(rights), targets=tuple(rights.index(r) for r in rights))
            case Select.ORDER:
                return Pool(length=len(sequence(text)))
            case Select.ONE | Select.SEVERAL:
                marks = tuple(option.mark for option in options(text))
                return Pool(length=len(marks), marks=marks)

    def record(self) -> QuestionRecord:
        """Return all of it that an exam freezes."""
        names = self.facts.conventions
        return QuestionRecord(
            id=self.id,
            version=self.version,
            kind=self.kind,
            source=self.facts.source,
            level=self.facts.level,
            minutes=self.facts.minutes,
            conventions=names,
            titles={language: self.title(language) for language in self.languages},
            words={language: dict(self.words[language].sections) for language in self.languages},
            convention_words={
                language: {name: self.conventions[language][name] for name in names} for language in self.languages
            },
            groups=tuple(self.template.groups.values()) if isinstance(self.template, CodeQuestion) else (),
            cases=tuple(_frozen_cases(self.template)) if isinstance(self.template, CodeQuestion) else (),
        )

    def facts_json(self) -> dict[str, Value]:
        """Return what `quizgen list --json` prints of it."""
        return {
            "id": self.id,
            "topic": self.topic,
            "kind": self.kind.value,
            "level": self.facts.level,
            "minutes": self.facts.minutes,
            "languages": list(self.languages),
            "version": self.version,
            "source": self.facts.source,
            "titles": {language: self.title(language) for language in self.languages},
        }


def _frozen_cases(template: CodeQuestion) -> Iterator[FrozenCase]:
    # Cases about time are large and say nothing about right or wrong; own forwards are compared with nothing stored.
    cases = (c for c in template.draw_cases(FROZEN_SEED) if c.group.name not in template.gradients)
    for case in (c for c in cases if c.group.max_ratio is None):
        yield FrozenCase(
            group=case.group.name,
            arguments=[freeze(a) for a in case.arguments],
            expected=freeze(template.reference(*case.arguments)),
        )
