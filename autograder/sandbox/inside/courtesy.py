"""Says in a sentence what the kernel refuses with a number: files, questions to the user, threads, a debugger.

None of this is a wall: a submission that takes it away meets the wall behind it.
"""

import builtins
import io
import sys
import threading
from collections.abc import Callable
from typing import Any, NoReturn

_NO_FILES = "a submission neither reads nor writes files"
_NO_THREADS = "threads cannot be started here: a submission runs in one process and one thread"
_NO_INPUT = "input() cannot be used here: nobody is there to answer"
_NO_DEBUGGER = "breakpoint() cannot be used here: nobody is there to debug"


def explain() -> None:
    """Replace what cannot work by what says so."""
    builtins.open = io.open = _opener(builtins.open)
    builtins.input = _refusal(EOFError, _NO_INPUT)
    sys.breakpointhook = _refusal(RuntimeError, _NO_DEBUGGER)
    threading.Thread.start = _refusal(RuntimeError, _NO_THREADS)  # type: ignore[method-assign]


def _opener(real: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(file: object, *arguments: Any, **named: Any) -> Any:
        if isinstance(file, int):  # an open descriptor, as of standard output
            return real(file, *arguments, **named)
        name = file if isinstance(file, str) else getattr(file, "name", "")
        raise PermissionError(f"the file {str(name)[:100]!r} cannot be opened: {_NO_FILES}")

    return guarded


def _refusal(kind: type[Exception], sentence: str) -> Callable[..., NoReturn]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise kind(sentence)

    return refuse
