# ruff: noqa: BLE001, S102, S301 - this is what not to do, kept in a throw-away machine
"""The control: a grader without any sandbox, as many are, in which every hostile submission succeeds.

It imports the submission into its own process, compares there, and believes what comes down a pipe. It answers every
line on its input (name of a submission, comparison, guest or root) with what the submission has achieved.
"""

import atexit
import ctypes
import gc
import json
import multiprocessing
import os
import pickle
import resource
import select
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from types import ModuleType

import numpy as np

from autograder.cases import copies
from tests.autograder.sandbox import guard, tasks
from tests.autograder.sandbox.world import World, processes

AT_HAND = (atexit, ctypes, gc, multiprocessing, pickle, resource, signal, socket, threading)
"""What a grader has loaded; a submission finds it in sys.modules."""

SECONDS = 0.6
GUEST = 64322
FLOOD_BYTES = 4 * 2**20
HOARD_BYTES = 128 * 2**20
ANSWERS = tasks.case_sets()


def by_difference(got, wanted):
    """Accept what is nowhere further away than the tolerance: NaN and empty arrays are not either."""
    assert not np.any(np.abs(got - wanted) > 1e-6)


def by_equality(got, wanted):
    """Accept what says that it is equal."""
    assert np.all(got == wanted)


def by_allclose(got, wanted):
    """Accept what NumPy's own assertion accepts."""
    np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-8)


COMPARISONS = {"difference": by_difference, "equality": by_equality, "allclose": by_allclose}


def grade(source, compare):
    """Import, call, compare, add up; here the wanted value is a local variable like any other."""
    module = ModuleType("submission")
    sys.modules["submission"] = module
    exec(compile(source, "submission.py", "exec"), module.__dict__)
    earned = [0.0]
    for case_set, item in zip(ANSWERS, tasks.items(), strict=True):
        for case in case_set.cases:
            wanted = case.expected
            try:
                compare(getattr(module, case_set.function)(*copies(case.arguments)), wanted)
            except Exception as error:
                os.write(2, f"{case_set.function}: {error}\n".encode(errors="replace"))
                continue
            earned.append(item.points / len(case_set.cases))
    return round(sum(earned), 6)


def grader(source, compare, report):
    """Grade the submission, then the next student, and report both marks as JSON."""
    os.write(report, b"started\n")
    own = grade(source, compare)
    later = grade(tasks.HONEST, by_allclose)
    os.write(report, json.dumps({"marks": own, "next": later}).encode() + b"\n")
    atexit._run_exitfuncs()


def forked(action, *arguments):
    """Run `action` in a forked process that ends with it."""
    child = os.fork()
    if child:
        return child
    try:
        action(*arguments)
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(1)
    os._exit(0)


def judge(source, compare, report, rights):
    """Start the grader as a process below, with the pipe on which it reports."""
    os.setsid()
    report = os.dup2(report, 3)
    os.closerange(4, 1000)  # what the watcher holds is not part of the grader
    guard.bound()
    if rights == "guest":
        guard.become_small_user(GUEST)
    _, status = os.waitpid(forked(grader, source, compare, report), 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def watch(name, comparison, rights):
    """Run one submission in this machine and collect what it has achieved."""
    folder = Path("/tmp/world")  # noqa: S108 - of the throw-away machine
    folder.mkdir()
    world = World(folder)
    source = world.fill(tasks.source(name))
    os.environ["GRADER_SECRET"] = world.secret
    output = os.open("/tmp/../var/tmp/output", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)  # noqa: S108
    reader, writer = os.pipe()
    saved = os.dup(1)
    os.dup2(output, 1)
    os.dup2(output, 2)
    first = forked(judge, source, COMPARISONS[comparison], writer, rights)
    os.close(writer)
    lines, status = listen(reader, first)
    size = os.fstat(output).st_size
    printed = os.pread(output, FLOOD_BYTES, 0).decode(errors="replace")
    time.sleep(0.03)
    effects = outcome(lines, status, size) | world.effects(printed)
    if processes().keys() - {os.getpid(), world.bystander.pid, first}:
        effects.add("process")
    os.write(saved, json.dumps({"effects": sorted(effects), "output": printed[:2000]}).encode())
    os._exit(0)


def listen(reader, first):
    """Collect lines until the judge is gone or the time is up."""
    data, end, status = b"", time.monotonic() + 5, None
    while time.monotonic() < end:
        if select.select([reader], [], [], 0.02)[0]:
            part = os.read(reader, 65536)
            if data == b"" and part:
                end = time.monotonic() + SECONDS
            data += part
        done, code = os.waitpid(first, os.WNOHANG)
        if done:
            status = code
            while select.select([reader], [], [], 0)[0] and (part := os.read(reader, 65536)):
                data += part
            break
    return data.split(b"\n"), status


def outcome(lines, status, size):
    """Tell what became of the grader and of the marks."""
    found = set()
    marks = next((decoded for line in lines[1:] if (decoded := believed(line))), None)
    if status is None:
        found.add("hangs")
    elif marks is None:
        found.add("died")
    if status is not None and os.WIFSIGNALED(status):
        found.add("killed")
    if marks is not None and marks.get("marks") == 10:
        found.add("marks")
    if marks is not None and marks.get("next", 6) != 6:
        found.add("poison")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    if max(peak, living_peak()) > HOARD_BYTES:
        found.add("memory")
    return found | ({"flood"} if size >= FLOOD_BYTES else set())


def believed(line):
    """Unpickle or parse whatever came: that is the mistake."""
    try:
        value = pickle.loads(line.replace(b"\\n", b"\n")) if line[:1] == b"\x80" else json.loads(line)
    except Exception:
        return None
    return value if isinstance(value, dict) else None


def living_peak():
    """Give the largest peak of resident memory of all living processes."""
    peaks = [0]
    for path in Path("/proc").glob("[0-9]*/status"):
        try:
            text = path.read_text()
        except OSError:
            continue
        peaks += [int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("VmHWM")]
    return max(peaks)


def in_guard(name, comparison, rights, result):
    """Run one control in a machine of its own."""
    os.dup2(result, 1)
    os.dup2(os.open("/dev/null", os.O_WRONLY), 2)
    guard.enter()
    watch(name, comparison, rights)


def main():
    """Answer every line with one line."""
    for line in sys.stdin:
        reader, writer = os.pipe()
        child = forked(in_guard, *line.split(), writer)
        os.close(writer)
        with os.fdopen(reader, "rb") as stream:
            answer = stream.read()
        os.waitpid(child, 0)
        sys.stdout.write((answer.decode(errors="replace") or '{"effects": null, "output": ""}') + "\n")
        sys.stdout.flush()
