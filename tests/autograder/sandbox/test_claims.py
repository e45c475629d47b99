"""How a child's end is told, from the kernel's word alone."""

import signal

import pytest

from autograder.sandbox import Died, OutOfMemory
from autograder.sandbox.claims import death, shown_lines
from autograder.sandbox.worker import Ended


def ended(status, *, by_itself=True):
    return Ended(status=status, by_itself=by_itself, cpu_seconds=0.0, peak_bytes=0)


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (None, Died(None, "the process hung up on the judge")),
        (ended(0, by_itself=False), Died(None, "the process hung up on the judge")),
        (ended(0), Died(None, "the process ended itself with exit code 0")),
        (ended(3 << 8), Died(None, "the process ended itself with exit code 3")),
        (ended(signal.SIGSEGV), Died(signal.SIGSEGV, "the process crashed with SIGSEGV")),
        (ended(63), Died(63, "the process crashed with signal 63")),
        (ended(signal.SIGKILL), OutOfMemory()),
    ],
)
def test_every_end_has_its_words(end, told):
    assert death(end) == told


def test_of_many_lines_the_first_forty_are_shown_and_none_that_is_no_text():
    assert shown_lines(tuple(str(n) for n in range(100))) == tuple(str(n) for n in range(40))
    assert shown_lines(("a", 1, None, "b\x1b[2J")) == ("a", "b\N{REPLACEMENT CHARACTER}[2J")
