"""The child: loads one submission and answers calls until it is killed. All that it says is only a claim."""

import hashlib
import importlib
import inspect
import linecache
import sys
from collections.abc import Callable
from functools import partial
from types import FunctionType, ModuleType, TracebackType

import numpy as np

from autograder.sandbox.inside import codec, courtesy, imports, wire

FILE = "submission.py"
REQUESTS, REPLIES = 3, 4
"""The descriptors of the two pipes, after standard input and the two outputs."""

_LINES_AT_EACH_END = 8
_MOST_NAMES = 40
_MOST_TEXT = 1000
_TEXT_BYTES = 1 << 16
_MEMORY = codec.encode(("memory",), limit=64)


def serve(reply_bytes: int) -> None:
    """Say that the walls stand, load what comes first, answer every call after it."""
    wire.send(REPLIES, wire.NO_TOKEN, codec.encode(("ready",), limit=64))
    submission = Submission(reply_bytes)
    action: Callable[[bytes], bytes] = submission.load
    while (request := wire.receive(REQUESTS)) is not None:
        token, payload = request
        _answer(token, partial(action, payload))
        action = submission.call


def _answer(token: bytes, action: Callable[[], bytes]) -> None:
    """Send what `action` says; the one place where anything a student raises ends."""
    try:
        reply = action()
    except MemoryError:
        reply = _MEMORY
    except BaseException as error:  # noqa: BLE001 - student code may raise what it likes, also SystemExit
        reply = _raised(error)
    _flush()
    wire.send(REPLIES, token, reply)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):  # the student closed or replaced it
            continue


class Submission:
    """The student's module, and which calls of it are known to fit."""

    def __init__(self, reply_bytes: int) -> None:
        self.module = ModuleType(imports.SUBMISSION)
        self.module.__file__ = FILE
        self._reply_bytes = reply_bytes
        self._fitting: dict[tuple[str, int], int] = {}

    def load(self, source: bytes) -> bytes:
        """Compile and run the file."""
        _reseed(source)
        sys.modules[imports.SUBMISSION] = self.module
        text = source.decode(errors="replace")
        linecache.cache[FILE] = (len(text), None, text.split("\n"), FILE)
        try:
            code = compile(source, FILE, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            return _unreadable(error)
        imports.guard()
        courtesy.explain()
        exec(code, self.module.__dict__)  # noqa: S102 - running the submission is what this process is for
        return codec.encode(("loaded",), limit=64)

    def call(self, request: bytes) -> bytes:
        """Make one call, if it can be made."""
        match codec.decode(request):
            case (str(name), tuple(arguments), bool(echo), bool(strided)):
                function = self.module.__dict__.get(name)
                arguments = tuple(_with_gaps(a) for a in arguments) if strided else arguments
            case _:
                raise ValueError("malformed request")
        if function is None:
            return codec.encode(("missing", self._functions()), limit=_TEXT_BYTES)
        if self._fitting.get(key := (name, len(arguments))) != id(function):
            mismatch = _mismatch(name, function, len(arguments))
            if mismatch is not None:
                return codec.encode(("signature", *mismatch), limit=_TEXT_BYTES)
            self._fitting[key] = id(function)
        value = function(*arguments)
        try:
            return codec.encode(("returned", value, arguments if echo else None), limit=self._reply_bytes)
        except codec.CodecError as error:
            return codec.encode(("refused", str(error)[:_MOST_TEXT]), limit=_TEXT_BYTES)

    def _functions(self) -> tuple[str, ...]:
        functions = (name for name, item in self.module.__dict__.items() if isinstance(item, FunctionType))
        shown = sorted(name for name in functions if name.isprintable() and name[:1] != "_" and len(name) < 100)
        return tuple(shown[:_MOST_NAMES])


def _with_gaps(value: codec.Value) -> codec.Value:
    """Turn an array into a view of every other cell of a larger one."""
    if not isinstance(value, np.ndarray) or not value.ndim:
        return value
    wide = np.zeros((*value.shape[:-1], 2 * value.shape[-1]), value.dtype)
    wide[..., ::2] = value
    return wide[..., ::2]


def _reseed(source: bytes) -> None:
    """Give the global generators a state of this submission's own, the same whenever it is marked again."""
    digest = hashlib.sha256(source).digest()
    importlib.import_module("random").seed(digest)
    np.random.seed(np.frombuffer(digest, np.uint32))  # noqa: NPY002 - the student's code may use the legacy state


def _unreadable(error: SyntaxError | ValueError) -> bytes:
    if not isinstance(error, SyntaxError):  # what some versions of Python raise for a zero byte
        return codec.encode(("raised", "SyntaxError", str(error)[:_MOST_TEXT], ()), limit=_TEXT_BYTES)
    lines: tuple[str, ...] = ()
    if error.lineno is not None:
        lines = (f"line {error.lineno}: {linecache.getline(FILE, error.lineno).strip()[:200]}",)
    message = error.msg[:_MOST_TEXT]
    if "codec can't decode" in message:
        message = f"the file is not text in UTF-8: save it as UTF-8, or name its encoding in the first line ({message})"
    return codec.encode(("raised", type(error).__name__, message, lines), limit=_TEXT_BYTES)


def _mismatch(name: str, function: object, count: int) -> tuple[str, str] | None:
    """Give what was wanted and what is there, if the call cannot be made."""
    wanted = f"{name} called with {count} positional argument{'' if count == 1 else 's'}"
    if not callable(function):
        return wanted, f"{name} is of type {type(function).__name__}, not a function"
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # a compiled function does not tell
        return None
    try:
        signature.bind(*range(count))
    except TypeError:
        return wanted, f"{name}{signature}"[:_MOST_TEXT]
    return None


def _raised(error: BaseException) -> bytes:
    """Describe an exception by its name, its message and the student's own lines."""
    lines = _own_lines(error.__traceback__)
    try:
        message = str(error)
    except BaseException:  # noqa: BLE001 - __str__ is the student's as well
        message = "(the exception has no readable message)"
    try:
        return codec.encode(("raised", type(error).__name__, message[:_MOST_TEXT], lines), limit=_TEXT_BYTES)
    except codec.CodecError:
        return codec.encode(("raised", "Exception", "(the exception has no readable message)", ()), limit=_TEXT_BYTES)


def _own_lines(trace: TracebackType | None) -> tuple[str, ...]:
    lines = []
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE:
            text = linecache.getline(FILE, trace.tb_lineno).strip()[:200]
            lines.append(f"line {trace.tb_lineno}, in {trace.tb_frame.f_code.co_name[:100]}: {text}")
        trace = trace.tb_next
    hidden = len(lines) - 2 * _LINES_AT_EACH_END
    if hidden > 0:
        lines[_LINES_AT_EACH_END:-_LINES_AT_EACH_END] = [f"... {hidden} more lines"]
    return tuple(lines)
