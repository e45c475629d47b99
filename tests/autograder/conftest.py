from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox import Sandbox

EXAMPLE = Path(__file__).parents[2] / "examples" / "midterm"


@pytest.fixture(scope="session")
def example() -> Path:
    """Return the folder of the example that is shipped."""
    return EXAMPLE


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Start one real sandbox for all tests of grading."""
    with Sandbox() as started:
        yield started
