"""Every descriptor is given back, also where there are none left to be had."""

import os
import resource
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.sandbox import Call, Limits, Returned, Sandbox, SandboxRefused

SOURCE = b"""
import sys

def same(x):
    return x

def forever():
    while True:
        pass

def gone():
    sys.modules["os"]._exit(3)
"""
CALLS = [
    Call(function=name, args=args) for name, args in (("same", (1,)), ("forever", ()), ("gone", ()), ("same", (2,)))
]


NEEDED = 6
"""Descriptors that ordering a child takes for a moment: three pipes."""


def held():
    """Return the descriptors of this process."""
    return {int(link.name) for link in Path("/proc/self/fd").iterdir()}


@contextmanager
def room_for(count):
    """Let this process open only so many further descriptors."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = [os.open("/dev/null", os.O_RDONLY)]
    while len(taken) < count:
        taken.append(os.open("/dev/null", os.O_RDONLY))
    for descriptor in taken:
        os.close(descriptor)
    resource.setrlimit(resource.RLIMIT_NOFILE, (taken[-1] + 1 if count else taken[0], hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_nothing_is_kept_of_what_ran():
    before = held()
    with Sandbox() as sandbox:
        sandbox.run(SOURCE, CALLS, Limits(call_seconds=0.05))
        warm = held()
        for seconds in (0.05, 0.05, 0.06):
            sandbox.run(SOURCE, CALLS, Limits(call_seconds=seconds))
            assert len(held()) == len(warm)
    assert held() == before


@pytest.mark.parametrize("room", range(12))
def test_without_descriptors_a_run_fails_as_ours_and_the_next_one_works(room):
    with Sandbox(spare=False) as sandbox:
        before = held()
        with room_for(room):
            try:
                done = [type(o) for o in sandbox.run(SOURCE, CALLS[:1]).outcomes]
            except (OSError, SandboxRefused):
                done = []
        assert done == ([] if room < NEEDED else [Returned])
        assert len(held()) <= len(before)
        assert isinstance(sandbox.run(SOURCE, CALLS[:1]).outcomes[0], Returned)
