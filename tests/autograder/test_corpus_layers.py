"""Each wall is switched off, and each stands alone: the table of what then gets through is also in the manual."""

import json
import os
import platform
import subprocess
import sys

import pytest

from autograder.sandbox.inside.layers import (
    ALL,
    LANDLOCK,
    LIMITS,
    NAMESPACES,
    PRIVILEGES,
    SECCOMP,
    STRANGER_USER,
    USER_NAMESPACE,
)
from tests.autograder.sandbox import corpus
from tests.autograder.sandbox.interpreters import REPOSITORY, SITE

OUTSIDE = {"file", "secret", "said", "hit", "killed", "ipc", "process", "marks", "poison"}
NAMES = [name for name in corpus.HOSTILE if corpus.control(name).get("effect") in OUTSIDE]
AROUND = {PRIVILEGES, LIMITS, STRANGER_USER}
WALLS = {
    "without seccomp": ALL - {SECCOMP},
    "without Landlock": ALL - {LANDLOCK},
    "without namespaces": ALL - {NAMESPACES},
    "without limits": ALL - {LIMITS},
    "without dropping privileges": ALL - {PRIVILEGES},
    "without another user": ALL - {STRANGER_USER},
    "without a user namespace for every child": ALL - {USER_NAMESPACE},
    "seccomp alone, as root": {SECCOMP},
    "namespaces alone": {NAMESPACES} | AROUND,
    "Landlock alone": {LANDLOCK} | AROUND,
}
IN_ITS_OWN_MEMORY = {"kernel_executable_memory", "net_pair"}
GETS_THROUGH = {
    "without seccomp": IN_ITS_OWN_MEMORY,
    "namespaces alone": IN_ITS_OWN_MEMORY | {"kernel_namespaces", "net_listening"},
    "Landlock alone": IN_ITS_OWN_MEMORY
    | {"kernel_namespaces", "net_netlink", "net_udp", "net_unix", "read_by_stat"}
    | {"ipc_message_queue", "ipc_semaphore", "ipc_shared_memory"},
}
SCRIPT = f"""
import sys
sys.path[:0] = [{str(REPOSITORY)!r}, {str(SITE)!r}]
from tests.autograder.sandbox import rerun
rerun.main()
"""

pytestmark = [
    pytest.mark.skipif(platform.machine() != "x86_64", reason="the attacks use x86_64 call numbers"),
    pytest.mark.skipif(os.geteuid() != 0, reason="the table is of a judge who is root and can become another user"),
]


@pytest.mark.parametrize("which", WALLS)
def test_what_gets_through(which):
    order = json.dumps({"place": "guard", "layers": sorted(WALLS[which]), "names": NAMES})
    done = subprocess.run([sys.executable, "-B", "-c", SCRIPT, order], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    if set(result["layers"]) != WALLS[which]:
        pytest.skip(f"not all of these walls hold on this machine: {result['layers']}")
    through = {name: effects for name, effects in result["found"].items() if effects}
    assert through.keys() == GETS_THROUGH.get(which, set()), through


def test_the_table_stands_in_the_manual():
    text = (REPOSITORY / "docs" / "sandbox.md").read_text(encoding="utf-8")
    for which in WALLS:
        names = ", ".join(f"`{name}`" for name in sorted(GETS_THROUGH.get(which, ()))) or "nothing"
        assert f"| {which} | {names} |" in text
