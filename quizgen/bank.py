"""Installed banks (entry-point group `quizgen.banks`) -> questions by id: a file being there is its registration."""

import hashlib
import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, cached_property
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from traceback import extract_tb
from types import ModuleType
from typing import Any, TypeAlias

from quizgen.authoring.code import CodeQuestion
from quizgen.authoring.concept import ConceptQuestion, Pool
from quizgen.authoring.numeric import Draw, Facts, NumericQuestion
from quizgen.authoring.source import as_source, freeze
from quizgen.authoring.steps import to_json
from quizgen.errors import AuthorError, InstructorError
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
from quizgen.wording import Words, options, pairs, read_words, sequence

ENTRY_POINTS = "quizgen.banks"
Template: TypeAlias = NumericQuestion | ConceptQuestion | CodeQuestion
POOL_SECTIONS = {Select.ONE: "options", Select.SEVERAL: "options", Select.MATCH: "pairs", Select.ORDER: "sequence"}
FROZEN_SEED = 0
FEW = 20
"""Names that a message can list."""
FAULTS = (
    AuthorError,
    ArithmeticError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What a question's own code can raise."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A template together with its words: what draws variants."""

    id: str
    template: Template
    words: Mapping[Language, Words]
    version: str
    conventions: Mapping[Language, Mapping[str, str]]

    def __reduce__(self) -> "tuple[Callable[[str], Question], tuple[str]]":
        """Travel to other processes by name: a template's functions cannot."""
        return _again, (self.id,)

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


@dataclass(frozen=True)
class Bank:
    """One package of questions: `topic/question.py` and its words beside it."""

    name: str
    package: ModuleType

    @property
    def folder(self) -> Path:
        """Return where the package lies."""
        return Path(str(self.package.__file__)).parent

    @cached_property
    def _stems(self) -> dict[str, Path]:
        """Map each id to the path of its files, less their endings."""
        found = {}
        for words in sorted(self.folder.glob("*/*.*.md")):
            stem = words.with_name(words.name.split(".")[0])
            found[f"{words.parent.name}/{stem.name}".replace("_", "-")] = stem
        return found

    @property
    def ids(self) -> tuple[str, ...]:
        """Name all questions."""
        return tuple(self._stems)

    @cached_property
    def version(self) -> str:
        """Return a digest of everything in the bank."""
        files = sorted(p for p in self.folder.rglob("*") if p.suffix in {".py", ".md"})
        return _digest(files, self.folder)

    @cached_property
    def _conventions(self) -> dict[Language, dict[str, str]]:
        return {
            path.name.split(".")[1]: dict(read_words(path).sections)
            for path in sorted(self.folder.glob("conventions.*.md"))
        }

    def question(self, question_id: str) -> Question:
        """Load one question by its id."""
        if question_id not in self._loaded:
            self._loaded[question_id] = self._load(question_id)
        return self._loaded[question_id]

    def files(self, question_id: str) -> tuple[Path, ...]:
        """List the files that a question is written in, and the conventions that it may name."""
        stem = self._stems[question_id]
        own = [*stem.parent.glob(f"{stem.name}.*.md"), *stem.parent.glob(f"{stem.name}.py")]
        return tuple(sorted([*own, *self.folder.glob("conventions.*.md")]))

    @cached_property
    def _loaded(self) -> dict[str, Question]:
        return {}

    def _load(self, question_id: str) -> Question:
        stem = self._stems[question_id]
        files = sorted(stem.parent.glob(f"{stem.name}.*.md"))
        words = {path.name.split(".")[1]: read_words(path) for path in files}
        code = stem.with_suffix(".py")
        module = self._import(stem, question_id) if code.exists() else None
        template = _template(module, words, question_id)
        sources = [*files, *([code, *self._references(module)] if module else [])]
        for name in template.facts.conventions:
            for language in words:
                if name not in self._conventions.get(language, {}):
                    raise AuthorError(f"{question_id}: convention {name!r} has no words in conventions.{language}.md")
        return Question(
            id=question_id,
            template=template,
            words=words,
            version=_digest(sources, self.folder),
            conventions=self._conventions,
        )

    def _import(self, stem: Path, question_id: str) -> ModuleType:
        name = f"{self.package.__name__}.{stem.parent.name}.{stem.name}"
        try:
            return importlib.import_module(name)
        except FAULTS as error:
            raise AuthorError(f"{question_id} cannot be imported: {told(error, question_id)}") from error

    def _references(self, module: ModuleType) -> list[Path]:
        """List the bank's own modules that a question's functions come from, also by way of others.

        Its version depends on them: a window that is cut differently gives another maximum.
        """
        found: set[str] = set()
        unread = [module]
        while unread:
            new = {n for n in _homes(unread.pop()) if n.startswith(f"{self.package.__name__}.")} - found
            found |= new
            unread += [sys.modules[name] for name in new]
        return [Path(str(sys.modules[name].__file__)) for name in sorted(found - {module.__name__})]


@dataclass(frozen=True)
class Shelf:
    """All installed banks together."""

    banks: tuple[Bank, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Name all questions of all banks."""
        return tuple(i for bank in self.banks for i in bank.ids)

    @property
    def topics(self) -> tuple[str, ...]:
        """Name all topics, in the banks' order."""
        return tuple(dict.fromkeys(i.partition("/")[0] for i in self.ids))

    @property
    def versions(self) -> dict[str, str]:
        """Return each bank's digest."""
        return {bank.name: bank.version for bank in self.banks}

    def find(self, question_id: str) -> Question | None:
        """Load a question, or return None where no bank has it."""
        bank = next((b for b in self.banks if question_id in b.ids), None)
        return bank.question(question_id) if bank else None

    def question(self, question_id: str) -> Question:
        """Load a question; an unknown id is answered with the nearest ones."""
        found = self.find(question_id)
        if found is None:
            raise InstructorError(f"no question {question_id!r}; {nearest(question_id, self.ids)}")
        return found

    def __iter__(self) -> Iterator[Question]:
        return (bank.question(i) for bank in self.banks for i in bank.ids)


def installed() -> Shelf:
    """Find every installed bank; no two may have a question of the same id."""
    points = sorted(entry_points(group=ENTRY_POINTS), key=lambda p: p.name)
    if not points:
        raise InstructorError(f"no question bank is installed (entry-point group {ENTRY_POINTS!r})")
    banks = tuple(_open(point) for point in points)
    owners: dict[str, str] = {}
    for bank in banks:
        for question_id in bank.ids:
            if question_id in owners:
                raise AuthorError(f"{question_id} is in two banks: {owners[question_id]} and {bank.name}; rename one")
            owners[question_id] = bank.name
    return Shelf(banks)


def _again(question_id: str) -> Question:
    """Find in this process a question that came from another."""
    return _installed_once().question(question_id)


_installed_once = cache(installed)


def _open(point: EntryPoint) -> Bank:
    try:
        return Bank(point.name, point.load())
    except (ImportError, AttributeError) as error:
        raise AuthorError(f"bank {point.name!r} ({point.value}) cannot be loaded: {error}") from error


def told(error: Exception, question_id: str) -> str:
    """Say what a question's own code raised, and at which line of its file."""
    if isinstance(error, SyntaxError):
        return f"{Path(error.filename or '').name}:{error.lineno}: {type(error).__name__}: {error.msg}"
    stem = question_id.rpartition("/")[2].replace("-", "_")
    frames = extract_tb(error.__traceback__)
    frame = next((f for f in reversed(frames) if Path(f.filename).stem == stem), frames[-1])
    return f"{Path(frame.filename).name}:{frame.lineno}: {type(error).__name__}: {error}"


def nearest(name: str, known: tuple[str, ...]) -> str:
    """Say which known names are nearest to one that is not known."""
    close = get_close_matches(name, known, n=3, cutoff=0.4)
    if close:
        return f"did you mean {', '.join(close)}?"
    return f"there are {', '.join(known)}" if len(known) <= FEW else f"`quizgen list` names all {len(known)}"


def _template(module: ModuleType | None, words: Mapping[Language, Words], question_id: str) -> Template:
    if module is not None:
        template = getattr(module, "question", None)
        if not isinstance(template, NumericQuestion | ConceptQuestion | CodeQuestion):
            raise AuthorError(f"{question_id}: its Python file defines no `question`")
        return template
    meta: dict[str, Any] = {k: v for k, v in next(iter(words.values())).meta.items() if k != "title"}
    meta["conventions"] = tuple(meta.get("conventions", ()))
    try:
        return ConceptQuestion(**meta)
    except (TypeError, ValueError) as error:
        raise AuthorError(f"{question_id}: front matter: {error}") from error


def _frozen_cases(template: CodeQuestion) -> Iterator[FrozenCase]:
    # Cases about time are large and say nothing about right or wrong; own forwards are compared with nothing stored.
    cases = (c for c in template.draw_cases(FROZEN_SEED) if c.group.name not in template.gradients)
    for case in (c for c in cases if c.group.max_ratio is None):
        yield FrozenCase(
            group=case.group.name,
            arguments=[freeze(a) for a in case.arguments],
            expected=freeze(template.reference(*case.arguments)),
        )


def _homes(module: ModuleType) -> set[str]:
    """Name the modules that a module's functions come from; a package also holds what others have imported."""
    values = () if hasattr(module, "__path__") else vars(module).values()
    homes = {v.__name__ if isinstance(v, ModuleType) else getattr(v, "__module__", None) for v in values}
    return {home for home in homes if isinstance(home, str)}


def _digest(files: list[Path], folder: Path) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
