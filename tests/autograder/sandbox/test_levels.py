import os
import shutil
import subprocess
import sys

import pytest

from autograder.sandbox import Call, Sandbox, SandboxRefused, probe
from autograder.sandbox.inside.layers import LANDLOCK, NAMESPACES, SECCOMP
from autograder.sandbox.levels import level_of, wanted_layers
from tests.autograder.sandbox.interpreters import NOBODY, REPOSITORY, SITE, interpreter_for_nobody

TRY = f"""
import sys
sys.path[:0] = [{str(REPOSITORY)!r}, {str(SITE)!r}]
sys.dont_write_bytecode = True
from autograder.sandbox import Call, Sandbox
with Sandbox(max_level=int(sys.argv[1])) as sandbox:
    run = sandbox.run(b"def f(x): return x + 1", [Call(function="f", args=(1,))])
    print(sandbox.level.number, run.outcomes[0].value)
    print(*sorted(sandbox.level.layers), sep=",", file=sys.stderr)
"""


def test_every_probe_has_a_reason_or_holds():
    level = probe()
    assert {SECCOMP, LANDLOCK, NAMESPACES} <= {item.name for item in level.probes}
    for item in level.probes:
        assert item.holds == (item.reason == "")
        assert item.holds == (item.remedy == "")


@pytest.mark.parametrize(
    ("failures", "number"),
    [
        ({}, 3),
        ({NAMESPACES: "unshare: Operation not permitted"}, 2),
        ({LANDLOCK: "not there"}, 2),
        ({LANDLOCK: "not there", NAMESPACES: "refused"}, 1),
        ({SECCOMP: "not there"}, 0),
    ],
)
def test_the_level_follows_from_what_failed(failures, number):
    level = level_of(wanted_layers(3), failures, 7)
    assert level.number == number
    assert not level.layers & failures.keys()


def test_below_level_one_nothing_runs():
    with pytest.raises(SandboxRefused, match="cannot be shut in"):
        Sandbox(max_level=0)


def test_unsafe_runs_are_marked():
    with Sandbox(max_level=0, unsafe=True) as sandbox:
        run = sandbox.run(b"def f(): return 1", [Call(function="f", args=())])
    assert run.level == 0
    assert run.outcomes[0].value == 1


def test_unsafe_is_a_permission_not_a_wish():
    with Sandbox(unsafe=True) as sandbox:
        assert sandbox.level.number == probe().number


def test_a_wall_that_does_not_stand_is_noticed(monkeypatch):
    with Sandbox(max_level=0, unsafe=True) as sandbox:
        monkeypatch.setattr(sandbox._worker, "level", level_of(wanted_layers(3), {}, 7))
        with pytest.raises(SandboxRefused, match="a wall does not stand"):
            sandbox.canary()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("level", [3, 2, 1])
def test_an_ordinary_user_gets_the_same_levels(level):
    command = [interpreter_for_nobody(), "-c", TRY, str(level)]
    done = subprocess.run(
        command, user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, text=True, check=False, cwd="/"
    )
    assert done.stdout == f"{min(level, probe(level).number)} 2\n", done.stderr


@pytest.mark.skipif(shutil.which("unshare") is None, reason="unshare(1) is not installed")
@pytest.mark.parametrize(
    ("keep", "number"),
    [("", 3), ("setpriv --bounding-set -sys_admin --inh-caps -sys_admin --", 2)],
    ids=["with the right to mount", "as in a container"],
)
def test_root_without_user_namespaces(keep, number):
    script = f'echo 0 > /proc/sys/user/max_user_namespaces && exec {keep} "$0" -c "$1" 3'
    command = ["unshare", "--user", "--map-root-user", "sh", "-c", script, sys.executable, TRY]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unshare" in done.stderr or "setpriv" in done.stderr:
        pytest.skip(f"cannot be simulated here: {done.stderr}")
    assert done.stdout == f"{number} 2\n", done.stderr
