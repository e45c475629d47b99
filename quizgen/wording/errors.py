"""What is wrong with a question's words: the author mends the file and line that are named."""

from quizgen.errors import AuthorError


class WordsError(AuthorError):
    """Words that cannot be read, filled in or set; `file` and `line` are empty and 0 where they are not known."""

    def __init__(self, problem: str, *, file: str = "", line: int = 0) -> None:
        self.problem = problem
        self.file = file
        self.line = line
        super().__init__(_place(file, line) + problem)


class LatexError(WordsError):
    """A formula that cannot be set; `position` counts characters of `source` from 0, None where it is not known."""

    def __init__(self, problem: str, *, source: str = "", position: int | None = None) -> None:
        self.source = source
        self.position = position
        where = "" if position is None else f" at character {position}"
        super().__init__(f"formula {source!r}{where}: {problem}" if source else problem)


def _place(file: str, line: int) -> str:
    if file:
        return f"{file}:{line}: " if line else f"{file}: "
    return f"line {line}: " if line else ""
