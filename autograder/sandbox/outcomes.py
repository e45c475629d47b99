"""What can come of calling code nobody trusts; every word in it is the student's claim, never more than an answer."""

from dataclasses import dataclass
from typing import TypeAlias

from autograder.sandbox.inside.codec import Value


class SandboxRefused(RuntimeError):  # noqa: N818 - it reads as what it is
    """The operator's machine or settings: student code must not be run like this."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one submission may use; seconds are wall-clock, memory is on top of what NumPy itself takes."""

    call_seconds: float = 2.0
    total_seconds: float = 10.0
    load_seconds: float = 3.0
    memory_bytes: int = 512 * 2**20
    output_bytes: int = 65536
    reply_bytes: int = 16 * 2**20


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call to make; `echo` also asks for the arguments as they are after it.

    With `strided`, arrays arrive as views with gaps in memory, as slices of larger arrays do.
    """

    function: str
    args: tuple[Value, ...]
    echo: bool = False
    strided: bool = False


@dataclass(frozen=True)
class Returned:
    """The call returned; the processor time was measured from outside."""

    value: Value
    args_after: tuple[Value, ...] | None
    cpu_seconds: float


@dataclass(frozen=True)
class Raised:
    """The call raised; the traceback holds the student's own lines only, outermost first."""

    kind: str
    message: str
    traceback: tuple[str, ...]


@dataclass(frozen=True)
class TimedOut:
    """The call was stopped after this many seconds."""

    seconds: float


@dataclass(frozen=True)
class OutOfMemory:
    """The call wanted more memory than it may have."""


@dataclass(frozen=True)
class Died:
    """The process ended in the middle of the call."""

    signal: int | None
    reason: str


@dataclass(frozen=True)
class MissingFunction:
    """The submission has no such function, but these."""

    name: str
    found: tuple[str, ...]


@dataclass(frozen=True)
class WrongSignature:
    """The function cannot be called with these arguments."""

    wanted: str
    got: str


@dataclass(frozen=True)
class NotLoaded:
    """The submission could not be imported, so no call was made."""

    kind: str
    message: str
    traceback: tuple[str, ...]


@dataclass(frozen=True)
class NotRun:
    """The call was not made, because of what happened before it."""

    reason: str


@dataclass(frozen=True)
class ProtocolError:
    """What came back was not a value; the reason can be shown to the student."""

    reason: str


Outcome: TypeAlias = (
    Returned
    | Raised
    | TimedOut
    | OutOfMemory
    | Died
    | MissingFunction
    | WrongSignature
    | NotLoaded
    | NotRun
    | ProtocolError
)


@dataclass(frozen=True, kw_only=True)
class Run:
    """What came of one submission: one outcome per call, in order.

    The output may contain the inputs, because the code can print them: do not show that of hidden cases to students.
    """

    outcomes: tuple[Outcome, ...]
    output: str
    level: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
