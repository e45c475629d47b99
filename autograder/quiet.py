"""Silence for code that warns of what nobody here can act on: also in threads, where Python's own mixes up filters."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_one_at_a_time = threading.RLock()


@contextmanager
def without_warnings() -> Iterator[None]:
    """Drop warnings; one thread at a time, for filters belong to the whole process."""
    with _one_at_a_time, warnings.catch_warnings(action="ignore"):
        yield
