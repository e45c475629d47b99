"""Files to begin a question with: each set is a working question that passes `quizgen check` as written."""

import re
from importlib.resources import files
from keyword import iskeyword
from pathlib import Path

from quizgen.errors import InstructorError
from quizgen.model import LANGUAGES, Kind

QUESTION_ID = re.compile(r"([a-z][a-z0-9_-]*)/([a-z][a-z0-9_-]*)")
NAME = "NAME"
"""What stands in the files for the question's name."""
CODE_PREFIX = "implement_"


def write_skeleton(question_id: str, kind: Kind, bank: Path) -> tuple[Path, ...]:
    """Write the files of a new question into a bank's folder and return their paths; nothing is written over."""
    topic, name = _parts(question_id)
    if not (bank / "__init__.py").is_file():
        raise InstructorError(f"{bank} is no bank: it has no __init__.py; name a bank with --bank, or make the file")
    stem = name if kind is not Kind.CODE or name.startswith(CODE_PREFIX) else CODE_PREFIX + name
    texts = {bank / topic / f"{stem}{ending}": text for ending, text in _texts(kind, stem.removeprefix(CODE_PREFIX))}
    if taken := [path for path in texts if path.exists()]:
        raise InstructorError(f"{taken[0]} is there already; choose another name")
    (bank / topic).mkdir(exist_ok=True)
    if not (bank / topic / "__init__.py").exists():
        texts[bank / topic / "__init__.py"] = f'"""Questions on {topic.replace("_", " ")}."""\n'
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return tuple(sorted(texts))


def id_of(path: Path) -> str:
    """Return the id of the question that a file belongs to."""
    return f"{path.parent.name}/{path.name.partition('.')[0]}".replace("_", "-")


def _parts(question_id: str) -> tuple[str, str]:
    found = QUESTION_ID.fullmatch(question_id)
    if found is None:
        wanted = "topic/name in lower-case letters, digits, - and _, as in pooling/lp-pool"
        raise InstructorError(f"{question_id!r} cannot be a question's name, wanted {wanted}")
    topic, name = (part.replace("-", "_") for part in found.groups())
    for part in (topic, name.removeprefix(CODE_PREFIX)):
        if iskeyword(part):
            raise InstructorError(f"{part!r} is a word of Python; choose another name")
    return topic, name


def _texts(kind: Kind, name: str) -> list[tuple[str, str]]:
    """Return the ending and the text of each file."""
    folder = files("quizgen.skeletons")
    endings = [f".{language}.md" for language in LANGUAGES] + ([] if kind is Kind.CONCEPT else [".py"])
    sources = [folder / f"{kind}{ending.replace('.py', '.py.txt')}" for ending in endings]
    return [
        (e, source.read_text(encoding="utf-8").replace(NAME, name)) for e, source in zip(endings, sources, strict=True)
    ]
