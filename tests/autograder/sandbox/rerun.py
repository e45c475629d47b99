"""Runs hostile submissions in a sandbox as it is asked for, and prints as JSON what they have achieved.

As a script it is started by the tests: in a throw-away machine, in one like a container, or as another user.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from autograder.sandbox import Limits, Sandbox, SandboxRefused
from tests.autograder.sandbox import corpus, guard, tasks
from tests.autograder.sandbox.world import World, adopt_orphans, descendants

QUICK = Limits(
    call_seconds=0.3,
    load_seconds=0.6,
    total_seconds=corpus.LIMITS.total_seconds,
    memory_bytes=corpus.LIMITS.memory_bytes,
)


def main():
    """Read the order from the command line."""
    order = json.loads(sys.argv[1])
    if order["place"] != "here":
        guard.enter()
    if order["place"] == "container":
        guard.container()
    adopt_orphans()
    layers = None if order["layers"] is None else frozenset(order["layers"])
    try:
        sandbox = Sandbox(layers=layers, unsafe=layers is not None)
    except SandboxRefused as error:
        print(json.dumps({"refused": str(error)}))  # noqa: T201 - the test reads it
        return
    with sandbox, tempfile.TemporaryDirectory() as folder:
        strict = layers is None
        found = Rerun(sandbox, Path(folder)).all(order["names"], strict=strict)
        applied = sorted(sandbox.level.layers)
    print(json.dumps({"level": sandbox.level.number, "layers": applied, "found": found}))  # noqa: T201 - the same


class Rerun:
    """One sandbox, and decoys that are renewed when something has happened to them."""

    def __init__(self, sandbox, folder):
        self.sandbox = sandbox
        self.folder = folder
        folder.chmod(0o755)
        self.undisturbed = self.next_student()
        self.world = None

    def next_student(self):
        return corpus.verdicts(self.sandbox, tasks.HONEST, QUICK)

    def all(self, names, *, strict):
        """Run them in turn; where it is not strict, the next student comes once, in the end."""
        found = {name: self.run(name, strict=strict) for name in names}
        self.renew()
        if strict:
            self.sandbox.canary()
        found["whoever comes last"] = [] if self.next_student() == self.undisturbed else ["poison"]
        return found

    def renew(self):
        """Take the decoys away; the next submission gets others."""
        if self.world is not None:
            self.world.close()
        self.world = None

    def run(self, name, *, strict):
        """Run one and say what came of it; `strict` also asks for its verdict and the next student."""
        if self.world is None:
            place = self.folder / name
            place.mkdir()
            self.world = World(place)
            os.environ["GRADER_SECRET"] = self.world.secret
        before = descendants(os.getpid())
        judged, output = corpus.verdicts(self.sandbox, self.world.fill(tasks.source(name)), QUICK)
        effects = self.world.effects(output)
        if sum(verdict.points for verdict in judged) > corpus.expected(name)["points"] and goal(name) == "marks":
            effects.add("marks")
        if len(settled(before)) > 2:
            effects.add("process")
        if effects:
            self.renew()
        if strict:
            effects |= set(corpus.differences(name, judged))
            effects |= set() if self.next_student() == self.undisturbed else {"poison"}
        return sorted(effects)


def goal(name):
    """Name the effect that a submission is after."""
    return corpus.control(name).get("effect", "")


def settled(before):
    """Wait a moment for processes to be buried."""
    end = time.monotonic() + 1
    while len(descendants(os.getpid()) - before) > 2 and time.monotonic() < end:
        time.sleep(0.01)
    return descendants(os.getpid()) - before
