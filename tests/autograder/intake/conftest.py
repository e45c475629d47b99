import signal
from contextlib import contextmanager

import pytest


@pytest.fixture
def time_limit():
    @contextmanager
    def limit(*, seconds: int):
        def stop(signum, frame):
            raise TimeoutError(f"took longer than {seconds} seconds")

        before = signal.signal(signal.SIGALRM, stop)
        signal.alarm(seconds)
        try:
            yield
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)

    return limit
