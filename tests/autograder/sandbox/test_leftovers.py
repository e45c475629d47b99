import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.sandbox import Call, Limits, Returned, Sandbox, SandboxRefused
from autograder.sandbox.inside.layers import NAMESPACES

LOOP = b"def f():\n    while True: pass\n"
JUDGE = """
import sys
from autograder.sandbox import Call, Limits, Sandbox
sandbox = Sandbox(max_level=int(sys.argv[1]))
print("ready", flush=True)
limits = Limits(call_seconds=60, total_seconds=60)
sandbox.run(b"def f():\\n    while True: pass", [Call(function="f", args=())], limits)
"""


def parents():
    """Map every living process to its parent; zombies do not live."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except (OSError, ValueError):
            continue
        if state != "Z":
            found[int(path.parent.name)] = int(parent)
    return found


def descendants(root):
    tree = parents()
    found, frontier = set(), {root}
    while frontier:
        frontier = {child for child, parent in tree.items() if parent in frontier} - found
        found |= frontier
    return found


def wait_until_dead(processes):
    end = time.monotonic() + 5
    while time.monotonic() < end and processes & parents().keys():
        time.sleep(0.02)
    return processes & parents().keys()


@pytest.mark.parametrize("level", [3, 2, 1])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_outlives_a_judge_that_is_killed(level, number):
    judge = subprocess.Popen([sys.executable, "-c", JUDGE, str(level)], stdout=subprocess.PIPE)
    with judge:
        judge.stdout.readline()
        time.sleep(0.1)
        family = descendants(judge.pid)
        assert len(family) >= 2
        judge.send_signal(number)
    assert wait_until_dead(family) == set()


@pytest.mark.parametrize("level", [3, 2, 1])
def test_nothing_outlives_its_turn(level):
    before = descendants(os.getpid())
    with Sandbox(max_level=level) as sandbox:
        sandbox.run(LOOP, [Call(function="f", args=())], Limits(call_seconds=0.1))
        calm = descendants(os.getpid())
        for _ in range(3):
            sandbox.run(LOOP, [Call(function="f", args=())], Limits(call_seconds=0.1))
        assert len(descendants(os.getpid())) <= len(calm) + 1
    assert wait_until_dead(descendants(os.getpid()) - before) == set()


def test_descriptors_do_not_pile_up(sandbox):
    def count():
        return len(list(Path("/proc/self/fd").iterdir()))

    sandbox.run(LOOP, [Call(function="f", args=())], Limits(call_seconds=0.05))
    before = count()
    for _ in range(5):
        sandbox.run(LOOP, [Call(function="f", args=())], Limits(call_seconds=0.05))
    assert count() == before


def test_a_process_tree_dies_with_its_pid_namespace():
    source = b"""
import sys, time
os = sys.modules["os"]
def f():
    for _ in range(5):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0: pass
            while True: time.sleep(1)
    return 1
"""
    with Sandbox(unsafe=True, layers=frozenset({NAMESPACES}), spare=False) as sandbox:
        if NAMESPACES not in sandbox.level.layers:
            pytest.skip(f"namespaces do not hold on this machine: {sandbox.level.probes}")
        before = descendants(os.getpid())
        (outcome,) = sandbox.run(source, [Call(function="f", args=())]).outcomes
        assert isinstance(outcome, Returned)
        assert wait_until_dead(descendants(os.getpid()) - before) == set()


def kill(processes):
    for process in processes:
        with contextlib.suppress(ProcessLookupError):  # gone with the one before it
            os.kill(process, signal.SIGKILL)


def test_a_lost_zygote_is_replaced():
    with Sandbox() as sandbox:
        lost = descendants(sandbox._worker._process.pid)
        kill(lost)
        assert wait_until_dead(lost) == set()
        (outcome,) = sandbox.run(b"def f(): return 1", [Call(function="f", args=())]).outcomes
        assert outcome.value == 1


def test_a_closed_sandbox_runs_nothing():
    sandbox = Sandbox()
    sandbox.close()
    sandbox.close()
    with pytest.raises(SandboxRefused):
        sandbox._worker.order(Limits())


def test_a_sandbox_leaves_no_descriptor_behind():
    def count():
        return len(list(Path("/proc/self/fd").iterdir()))

    before = count()
    with Sandbox() as sandbox:
        sandbox.run(LOOP, [Call(function="f", args=())], Limits(call_seconds=0.05))
        kill(descendants(sandbox._worker._process.pid))
        sandbox.run(LOOP, [Call(function="f", args=())], Limits(call_seconds=0.05))
    assert count() == before


def test_a_signal_to_its_group_reaches_only_the_sender():
    source = b"import sys\nos = sys.modules['os']\ndef f(): os.killpg(0, 9)\ndef g(): return 1"
    with Sandbox(unsafe=True, layers=frozenset()) as sandbox:
        worker = sandbox._worker
        for _ in range(5):
            _, after = sandbox.run(source, [Call(function="f", args=()), Call(function="g", args=())]).outcomes
            assert isinstance(after, Returned)
        assert sandbox._worker is worker
