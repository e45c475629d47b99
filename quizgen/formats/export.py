"""The forms an exam can leave in, by name: each has one writer, imported only when it is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from quizgen.errors import InstructorError

if TYPE_CHECKING:
    from quizgen.model import Exam

PAGES = ("a4", "letter")


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the command line chose; a writer reads what concerns its format."""

    page: str = "a4"
    large_print: bool = False
    variants: int = 0


Writer: TypeAlias = "Callable[[Exam, Path, Options], tuple[str, ...]]"
"""Writes the exam to a file or folder that is new, and returns in sentences what its format could not express."""

WRITERS: dict[str, str] = {
    "html": "quizgen.formats.html:export",
    "pdf": "quizgen.formats.pdf:export",
    "notebook": "quizgen.formats.notebook:export",
    "moodle": "quizgen.formats.lms.moodle:write",
    "qti21": "quizgen.formats.lms.qti:write_21",
    "qti30": "quizgen.formats.lms.qti:write_30",
    "canvas": "quizgen.formats.lms.canvas:write",
    "gradescope": "quizgen.formats.gradescope:export",
    "prairielearn": "quizgen.formats.prairielearn:export",
}
"""Where each format's writer is: `module:function`."""
PLATFORMS = ("moodle", "qti21", "qti30", "canvas", "prairielearn")
"""The forms that can hold fresh variants in place of papers."""


def export(exam: "Exam", form: str, out: Path, options: Options, *, force: bool = False) -> tuple[str, ...]:
    """Write the exam in one of the forms, and return what could not be expressed in it."""
    if options.variants and form not in PLATFORMS:
        raise InstructorError(f"--variants is for {', '.join(PLATFORMS)}; {form} writes the papers of the exam")
    _check_free(out, force=force)
    return _writer(form)(exam, out, options)


def _writer(form: str) -> Writer:
    module, _, name = WRITERS[form].partition(":")
    found: Writer = getattr(import_module(module), name)
    return found


def _check_free(out: Path, *, force: bool) -> None:
    taken = any(out.iterdir()) if out.is_dir() else out.exists()
    if taken and not force:
        raise InstructorError(f"{out} is there already; choose another place, or --force to write over it")
