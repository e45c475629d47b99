"""What all tests share."""

import gc

import pytest
from hypothesis import settings

from tests.browsers import Chromium

# Speed is measured by bench/, not by tests: an example may take as long as a busy machine makes it.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")


def pytest_collection_finish():
    """Keep the garbage collector from looking through thousands of collected tests over and over."""
    gc.freeze()


@pytest.fixture(scope="session")
def chromium():
    """Start one browser for all tests of this process: a start costs a second of processor time."""
    started = Chromium()
    yield started
    started.close()


@pytest.fixture(scope="module")
def browser(chromium):
    """Return the browser; tests open contexts of their own in it."""
    with chromium.shown() as shown:
        yield shown
