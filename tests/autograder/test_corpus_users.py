"""The hostile part of the corpus once more: as root in a container, and as an ordinary user."""

import json
import os
import platform
import subprocess
import sys

import pytest

from autograder.sandbox import probe
from tests.autograder.sandbox import corpus
from tests.autograder.sandbox.interpreters import NOBODY, REPOSITORY, SITE, interpreter_for_nobody

SCRIPT = f"""
import sys
sys.path[:0] = [{str(REPOSITORY)!r}, {str(SITE)!r}]
sys.dont_write_bytecode = True
from tests.autograder.sandbox import rerun
rerun.main()
"""
SHARES = 2
"""The corpus is cut in two, for two cores."""

pytestmark = [
    pytest.mark.skipif(platform.machine() != "x86_64", reason="the attacks use x86_64 call numbers"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user; this user's own run is the test"),
]


def rerun(interpreter, share, place, **user):
    order = json.dumps({"place": place, "layers": None, "names": corpus.HOSTILE[share::SHARES]})
    command = [interpreter, "-c", SCRIPT, order]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **user)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert "refused" not in result, result
    return result["level"], {name: effects for name, effects in result["found"].items() if effects}


@pytest.mark.parametrize("share", range(SHARES))
def test_as_root_in_a_container(share):
    level, achieved = rerun(sys.executable, share, "container")
    assert achieved == {}
    assert level == min(2, probe().number)


@pytest.mark.parametrize("share", range(SHARES))
def test_as_an_ordinary_user(share):
    interpreter = interpreter_for_nobody()
    level, achieved = rerun(interpreter, share, "here", user=NOBODY, group=NOBODY, extra_groups=[])
    assert achieved == {}
    assert level == probe().number
