"""What a submission tries from inside; each attempt has a control without any wall, in which it succeeds."""

import os
import platform
import select
import socket
import tempfile
import uuid
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox import Call, Died, Limits, Returned, Sandbox, TimedOut
from autograder.sandbox.inside.layers import ALL, LANDLOCK, LIMITS, NAMESPACES, PRIVILEGES, SECCOMP, STRANGER_USER

HOSTILE = (Path(__file__).parent / "hostile.py").read_bytes()
CONTENT = [
    "read a file",
    "read passwords",
    "list a folder",
    "read numpy",
    "read the judge's environment",
    "write a file",
    "write to shared memory",
    "make a folder",
    "link",
    "reach TCP",
    "reach an abstract socket",
]

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="the attacks use x86_64 call numbers")


class World:
    """Real files and servers outside, which the attacks try to reach."""

    def __init__(self, folder):
        self.folder = folder
        self.mark = f"sandbox-{uuid.uuid4().hex}"
        folder.chmod(0o777)
        (folder / "canary").write_text("secret")
        (folder / "canary").chmod(0o644)
        tcp, udp, unix, abstract = (
            socket.create_server(("127.0.0.1", 0)),
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
            socket.socket(socket.AF_UNIX),
            socket.socket(socket.AF_UNIX),
        )
        udp.bind(("127.0.0.1", 0))
        unix.bind(str(folder / "server"))
        (folder / "server").chmod(0o777)
        unix.listen()
        abstract.bind("\0" + self.mark)
        abstract.listen()
        self.servers = [tcp, udp, unix, abstract]
        self.values = {
            "folder": str(folder),
            "canary": str(folder / "canary"),
            "numpy": np.__file__,
            "judge": os.getpid(),
            "mark": self.mark,
            "tcp": tcp.getsockname()[1],
            "udp": udp.getsockname()[1],
            "unix": str(folder / "server"),
            "key": int(uuid.uuid4().hex[:7], 16),
        }

    def hits(self):
        ready, _, _ = select.select(self.servers, [], [], 0)
        return len(ready)

    def traces(self):
        left = {path.name for path in self.folder.iterdir()} - {"canary", "server"}
        shared = Path("/dev/shm") / self.mark  # noqa: S108 - where POSIX shared memory lives
        return left | ({"shared memory"} if shared.exists() else set())

    def close(self):
        for server in self.servers:
            server.close()
        (Path("/dev/shm") / self.mark).unlink(missing_ok=True)  # noqa: S108 - the same


@pytest.fixture
def world():
    # pytest's own tmp_path lies in a folder that only root may enter, which would hide a hole.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        place = Path(folder) / "world"
        place.mkdir()
        made = World(place)
        yield made
        made.close()


def attempt_all(sandbox, world, names):
    calls = [Call(function="attempt", args=(name, world.values)) for name in names]
    outcomes = sandbox.run(HOSTILE, calls, Limits(call_seconds=5)).outcomes
    return dict(zip(names, outcomes, strict=True))


def all_names(sandbox):
    (outcome,) = sandbox.run(HOSTILE, [Call(function="names", args=())]).outcomes
    return outcome.value


def test_nothing_can_be_done_at_any_level(leveled, world):
    names = all_names(leveled)
    done = [name for name, outcome in attempt_all(leveled, world, names).items() if "done" in str(outcome)]
    assert not done
    assert world.hits() == 0
    assert world.traces() == set()
    leveled.canary()


def test_the_attempts_succeed_without_walls(world):
    with Sandbox(unsafe=True, layers=frozenset()) as bare:
        assert bare.level.number == 0
        names = [name for name in all_names(bare) if name != "execute"]
        failed = {}
        for name in names:
            (outcome,) = bare.run(HOSTILE, [Call(function="attempt", args=(name, world.values))], Limits()).outcomes
            if outcome != Returned("done", None, getattr(outcome, "cpu_seconds", 0)):
                failed[name] = outcome
        execute = attempt_all(bare, world, ["execute"])["execute"]
    assert isinstance(execute, Died)
    assert failed == {}
    assert world.hits() == len(world.servers)
    assert world.traces() == {"mark", "made", "link", "shared memory"}


@pytest.mark.parametrize(
    "layers",
    [
        frozenset({SECCOMP, PRIVILEGES, STRANGER_USER}),
        frozenset({NAMESPACES, PRIVILEGES, STRANGER_USER}),
        frozenset({LANDLOCK, PRIVILEGES, STRANGER_USER}),
        ALL - {SECCOMP},
        ALL - {LANDLOCK},
        ALL - {NAMESPACES},
        ALL - {LIMITS},
    ],
    ids=[
        "seccomp alone",
        "namespaces alone",
        "Landlock alone",
        "no seccomp",
        "no Landlock",
        "no namespaces",
        "no limits",
    ],
)
def test_each_wall_alone_keeps_files_and_servers_out(layers, world):
    applied = layers if os.geteuid() == 0 else layers - {STRANGER_USER}
    with Sandbox(unsafe=True, layers=applied) as sandbox:
        if sandbox.level.layers != applied:
            pytest.skip(f"not all of these walls hold on this machine: {sandbox.level.probes}")
        done = [name for name, outcome in attempt_all(sandbox, world, CONTENT).items() if "done" in str(outcome)]
    assert not done
    assert world.hits() == 0
    assert world.traces() == set()


def test_the_kernel_refuses_every_forbidden_call(leveled):
    (outcome,) = leveled.run(HOSTILE, [Call(function="unrefused", args=())]).outcomes
    assert outcome == Returned((), None, outcome.cpu_seconds)


def test_only_five_descriptors_are_open(leveled):
    (outcome,) = leveled.run(HOSTILE, [Call(function="descriptors", args=())]).outcomes
    assert outcome.value == (0, 1, 2, 3, 4)


def test_the_child_is_nobody(leveled):
    (outcome,) = leveled.run(HOSTILE, [Call(function="identity", args=())]).outcomes
    user, process, parent = outcome.value
    assert user != 0
    if leveled.level.number == 3:
        assert (process, parent) == (1, 0)


def test_nothing_of_the_judge_is_told(leveled):
    (outcome,) = leveled.run(HOSTILE, [Call(function="environment", args=())]).outcomes
    assert outcome.value == ({}, [""], [])


def test_the_x32_calls_are_deadly(sandbox):
    source = HOSTILE + b"\ndef f(): return raw(0x40000000 + 39)\n"
    (outcome,) = sandbox.run(source, [Call(function="f", args=())]).outcomes
    assert isinstance(outcome, Died)


def test_ignoring_every_signal_does_not_help(leveled):
    source = b"""
import sys
signal = sys.modules["_signal"]
def f():
    for number in range(1, 65):
        try: signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError): pass
    while True:
        try:
            while True: pass
        except BaseException: pass
"""
    (outcome,) = leveled.run(source, [Call(function="f", args=())], Limits(call_seconds=0.2)).outcomes
    assert outcome == TimedOut(0.2)
    leveled.canary()


def test_no_mark_is_left_for_the_next_submission(leveled):
    leave = b"""
import builtins, sys
import numpy as np
def f():
    builtins.mark = np.mark = sys.mark = 1
    np.add = None
    sys.modules["os"].environ["MARK"] = "1"
"""
    look = b"""
import builtins, sys
import numpy as np
def f():
    marks = [hasattr(place, "mark") for place in (builtins, np, sys)]
    return marks, "MARK" in sys.modules["os"].environ, float(np.add(1, 1))
"""
    calls = [Call(function="f", args=())]
    leveled.run(leave, calls)
    (outcome,) = leveled.run(look, calls).outcomes
    assert outcome.value == ([False, False, False], False, 2.0)
