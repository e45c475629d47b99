import pytest

from autograder.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox():
    with Sandbox() as shared:
        yield shared


@pytest.fixture(scope="session", params=[3, 2, 1])
def leveled(request):
    with Sandbox(max_level=request.param) as shared:
        if shared.level.number != request.param:
            pytest.skip(f"level {request.param} does not hold on this machine: {shared.level}")
        yield shared
