"""What a question's own code can raise, and how that is said."""

from pathlib import Path
from traceback import extract_tb

from quizgen.errors import AuthorError

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


def told(error: Exception, question_id: str) -> str:
    """Say what a question's own code raised, and at which line of its file."""
    if isinstance(error, SyntaxError):
        return f"{Path(error.filename or '').name}:{error.lineno}: {type(error).__name__}: {error.msg}"
    stem = question_id.rpartition("/")[2].replace("-", "_")
    frames = extract_tb(error.__traceback__)
    frame = next((f for f in reversed(frames) if Path(f.filename).stem == stem), frames[-1])
    return f"{Path(frame.filename).name}:{frame.lineno}: {type(error).__name__}: {error}"
