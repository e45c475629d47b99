"""One student's folder or zip as a Submission."""

import hashlib
from collections.abc import Callable, Sequence

from autograder.intake.candidates import ANSWERS, SOLUTION, choose, choose_notebook, named
from autograder.intake.limits import MAX_NOTEBOOK_BYTES, shown
from autograder.intake.nested import Unpacked
from autograder.intake.notebook import read_notebook
from autograder.intake.source import RefusedError, Source
from quizgen.model import Reason, Submission


def read_hand_in(student: str, open_source: Callable[[], Source], notes: Sequence[Reason] = ()) -> Submission:
    """Read a folder, zip or files; whatever is wrong with it becomes a reason, never an exception."""
    try:
        source = Unpacked(open_source())
    except RefusedError as error:
        return _submission(student, None, None, [*notes, error.reason])
    problems = [*notes, *source.listing.problems]
    notebook = choose_notebook(source.listing.paths)
    if notebook.problem is not None:
        problems.append(notebook.problem)
    if notebook.path is not None:
        return _from_notebook(student, source, notebook.path, problems)
    answers = _read(source, ANSWERS, problems)
    solution = _read(source, SOLUTION, problems)
    if answers is None and solution is None and not problems:
        problems.append(_nothing(source.listing.paths))
    return _submission(student, answers, solution, problems)


def digest_of(answers: bytes | None, solution: bytes | None) -> str:
    """Return the SHA-256 over names, lengths and bytes of the two files."""
    digest = hashlib.sha256()
    for name, data in ((ANSWERS, answers), (SOLUTION, solution)):
        if data is not None:
            digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _from_notebook(student: str, source: Source, path: str, problems: list[Reason]) -> Submission:
    try:
        files = read_notebook(shown(path), source.read(path, MAX_NOTEBOOK_BYTES))
    except RefusedError as error:
        return _submission(student, None, None, [*problems, error.reason])
    if files.problem is not None:
        problems.append(files.problem)
    return _submission(student, files.answers, files.solution, problems)


def _read(source: Source, name: str, problems: list[Reason]) -> bytes | None:
    choice = choose(name, source.listing.paths)
    if choice.problem is not None:
        problems.append(choice.problem)
    if choice.path is None:
        return None
    try:
        data = source.read(choice.path)
    except RefusedError as error:
        problems.append(error.reason)
        return None
    if not data:
        problems.append(Reason(phrase="empty-file", values={"name": shown(choice.path)}))
    return data


def _nothing(paths: tuple[str, ...]) -> Reason:
    return Reason(phrase="no-files", values={"found": named(paths)}) if paths else Reason(phrase="empty-hand-in")


def _submission(student: str, answers: bytes | None, solution: bytes | None, problems: list[Reason]) -> Submission:
    digest = digest_of(answers, solution)
    return Submission(student=student, digest=digest, answers=answers, solution=solution, problems=tuple(problems))
