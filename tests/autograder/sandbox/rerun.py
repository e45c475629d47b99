"""Runs hostile submissions in a sandbox as it is asked for, and prints as JSON what they have achieved.

As a script it is started by the tests: in a throw-away machine, in one like a container, or as another user.
"""

import json
import os
import sys
import tempfile
import time

from autograder.sandbox import Limits, Sandbox, SandboxRefused
from tests.autograder.sandbox import corpus, guard, tasks
from tests.autograder.sandbox.world import World, adopt_orphans, descendants

QUICK = Limits(
    call_seconds=0.2,
    load_seconds=corpus.LIMITS.load_seconds,
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
    with sandbox:
        undisturbed = corpus.verdicts(sandbox, tasks.HONEST)
        found = {name: run(sandbox, name, undisturbed, strict=layers is None) for name in order["names"]}
        applied = sorted(sandbox.level.layers)
    print(json.dumps({"level": sandbox.level.number, "layers": applied, "found": found}))  # noqa: T201 - the same


def run(sandbox, name, undisturbed, *, strict):
    """Run one and say what came of it; `strict` also asks for the expected verdict and a standing canary."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder)
        os.environ["GRADER_SECRET"] = world.secret
        before = descendants(os.getpid())
        judged, output = corpus.verdicts(sandbox, world.fill(tasks.source(name)), QUICK)
        effects = world.effects(output)
        if sum(verdict.points for verdict in judged) > corpus.expected(name)["points"] and "marks" in goal(name):
            effects.add("marks")
        if len(settled(before)) > 2:
            effects.add("process")
        world.close()
    if corpus.verdicts(sandbox, tasks.HONEST) != undisturbed:
        effects.add("poison")
    if strict:
        sandbox.canary()
        effects |= set(corpus.differences(name, judged))
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
