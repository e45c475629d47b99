"""Every hostile submission does succeed where nothing stops it; else its test in the sandbox would show nothing."""

import json
import platform
import subprocess
import sys

import pytest

from tests.autograder.sandbox import corpus
from tests.autograder.sandbox.interpreters import REPOSITORY, SITE

SERVER = f"""
import sys
sys.path[:0] = [{str(REPOSITORY)!r}, {str(SITE)!r}]
from tests.autograder.sandbox import naive
naive.main()
"""
EFFECTS = {
    "died": "its grader is gone without a report",
    "file": "a file has appeared, changed or vanished",
    "flood": "megabytes were printed",
    "hangs": "its grader waits for ever",
    "hit": "a server was reached",
    "ipc": "shared memory, a queue, a semaphore or a key was left behind",
    "killed": "another process was killed",
    "marks": "a wrong submission earned full marks",
    "memory": "much memory was used",
    "poison": "the next student got other marks",
    "process": "a process was left behind",
    "said": "it could do what it says it did",
    "secret": "a secret was printed",
}

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="the attacks use x86_64 call numbers")


@pytest.fixture(scope="module")
def naive():
    """Start the grader without a sandbox; every submission gets a throw-away machine of its own."""
    command = [sys.executable, "-B", "-c", SERVER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:

        def run(name, comparison, rights):
            server.stdin.write(f"{name} {comparison} {rights}\n")
            server.stdin.flush()
            result = json.loads(server.stdout.readline())
            if result["effects"] is None:
                pytest.skip("no namespaces here, so that there is no machine to throw away")
            return set(result["effects"]), result["output"]

        yield run
        server.stdin.close()


@pytest.mark.parametrize("name", corpus.HOSTILE)
def test_control(name, naive):
    control = corpus.control(name)
    effects, output = naive(name, control.get("compare", "allclose"), control.get("rights", "own"))
    if "none" in control:
        assert control["none"]
        assert "marks" not in effects
        return
    assert control["effect"] in EFFECTS
    if control["effect"] not in effects:
        assert control.get("impossible", "nothing excuses it") in output


def test_an_honest_submission_has_no_effect(naive):
    assert naive("plain", "allclose", "own")[0] == {"marks"}
