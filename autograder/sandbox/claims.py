"""Understands what a child claims and how it ended; whatever has not the form of a claim is none."""

import os
import signal

from autograder.sandbox.inside import codec
from autograder.sandbox.outcomes import (
    Call,
    Died,
    MissingFunction,
    Outcome,
    OutOfMemory,
    ProtocolError,
    Raised,
    Returned,
    TimedOut,
    WrongSignature,
)
from autograder.sandbox.worker import Ended

_MOST_TEXT = 2000
_MOST_LINES = 40
_CONTROLS = [number for number in (*range(32), *range(127, 160)) if chr(number) not in "\t\n"]
_HARMLESS = dict.fromkeys(_CONTROLS, "\N{REPLACEMENT CHARACTER}") | {ord("\r"): "\n"}


def read(  # noqa: PLR0911 - one return per kind of claim
    reply: codec.Value, call: Call, cpu_seconds: float
) -> Outcome | None:
    """Understand a claim; None if it has not the form of one."""
    if not named(reply):
        return None
    match reply:
        case ("returned", value, None) if not call.echo:
            return Returned(value, None, cpu_seconds)
        case ("returned", value, tuple(after)) if call.echo and len(after) == len(call.args):
            return Returned(value, after, cpu_seconds)
        case ("raised", str(kind), str(message), tuple(lines)):
            return Raised(shown(kind), shown(message), shown_lines(lines))
        case ("memory",):
            return OutOfMemory()
        case ("missing", tuple(found)):
            return MissingFunction(call.function, shown_lines(found))
        case ("signature", str(wanted), str(got)):
            return WrongSignature(shown(wanted), shown(got))
        case ("refused", str(reason)):
            return ProtocolError(f"returned {shown(reason)}")
        case _:
            return None


def named(reply: codec.Value) -> bool:
    """Tell whether an answer is a tuple that begins with a word; only then may it be compared with words.

    An array in the place of the word would be compared element by element.
    """
    return isinstance(reply, tuple) and bool(reply) and isinstance(reply[0], str)


def death(ended: Ended | None) -> Died | OutOfMemory:
    """Tell from the kernel's word how a child died."""
    if ended is None or not ended.by_itself:
        return Died(None, "the process hung up on the judge")
    code = os.waitstatus_to_exitcode(ended.status)
    if code >= 0:
        return Died(None, f"the process ended itself with exit code {code}")
    if -code == signal.SIGKILL:  # neither the judge nor the processor limit: the kernel's out-of-memory killer
        return OutOfMemory()
    return Died(-code, f"the process crashed with {_signal_name(-code)}")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def ending(outcome: Outcome) -> str:
    """Say in words how a call ended that spoils the further ones."""
    match outcome:
        case TimedOut(seconds):
            return f"took more than {seconds:.3g} seconds"
        case OutOfMemory():
            return "needed more memory than it may have"
        case Died(reason=reason) | ProtocolError(reason=reason):
            return f"failed: {reason}"
        case _:
            return "could not be finished"


def shown(text: str, *, most: int = _MOST_TEXT) -> str:
    """Cut a student's text and take the control characters out that a terminal would obey."""
    return text[:most].replace("\r\n", "\n").translate(_HARMLESS)


def shown_lines(items: tuple[codec.Value, ...]) -> tuple[str, ...]:
    """Keep what is text, as far as one wants to read."""
    return tuple(shown(item) for item in items[:_MOST_LINES] if isinstance(item, str))
