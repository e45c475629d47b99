"""A bank: one package of questions, found by their files being there, each with the digest of all it depends on."""

import hashlib
import importlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from quizgen.authoring.code import CodeQuestion
from quizgen.authoring.concept import ConceptQuestion
from quizgen.authoring.numeric import NumericQuestion
from quizgen.bank.fault import FAULTS, told
from quizgen.bank.question import Question, Template
from quizgen.errors import AuthorError
from quizgen.model import Language
from quizgen.wording import Words, read_words


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
