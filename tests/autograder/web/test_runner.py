"""Many students, few sandboxes: real ones, with code that loops, dies and kills."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from autograder.sandbox import Call, Limits, Sandbox, SandboxRefused
from autograder.web import runner as module
from autograder.web.runner import Runner
from autograder.web.ticket import ClosedError, SupersededError
from quizgen.errors import OperatorError

LOOP = b"def f():\n    while True: pass\n"
PATIENCE = 30.0
"""Seconds after which a test gives up: none of them needs that long."""


def calling(source, seconds=2.0):
    """Make the work of calling f() once."""

    def work(sandbox):
        (outcome,) = sandbox.run(source, [Call(function="f", args=())], Limits(call_seconds=seconds)).outcomes
        return outcome

    return work


def giving(value):
    return calling(f"def f():\n    return {value}\n".encode())


def begun(ticket):
    """Wait until a job runs."""
    end = time.monotonic() + PATIENCE
    while ticket.place and time.monotonic() < end:
        time.sleep(0.005)
    assert ticket.place == 0
    return ticket


class Gate:
    """Work that holds its worker until it is let go."""

    def __init__(self):
        self.entered = threading.Event()
        self.open = threading.Event()

    def __call__(self, _):
        self.entered.set()
        assert self.open.wait(PATIENCE)
        return "let go"


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture(scope="module")
def two():
    with Runner(2) as runner:
        runner.start()
        yield runner


@pytest.fixture(scope="module")
def clock():
    return Clock()


@pytest.fixture(scope="module")
def one(clock):
    with Runner(1, clock=clock) as runner:
        yield runner


@pytest.fixture
def gate(one):
    """Hold the only worker of `one`."""
    held = Gate()
    one.submit("gate", held)
    assert held.entered.wait(PATIENCE)
    yield held
    held.open.set()


def children(root):
    """Return the living descendants of a process."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except (OSError, ValueError):
            continue
        if state != "Z":
            parents[int(path.parent.name)] = int(parent)
    found, frontier = set(), {root}
    while frontier:
        frontier = {child for child, parent in parents.items() if parent in frontier} - found
        found |= frontier
    return found


def kill(sandbox):
    """Kill a sandbox's process and all its children from outside.

    The elder ones first: they must not live to tell that a younger one was killed, as if for its memory.
    """
    zygote = sandbox._worker._process.pid
    for process in sorted(children(zygote) | {zygote}):
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            continue


def test_twenty_students_at_once_get_each_their_own_answer(two):
    tickets = [two.submit(f"s{n:02}", giving(n)) for n in range(20)]
    assert [t.result(PATIENCE).value for t in tickets] == list(range(20))
    assert all(t.done and t.place == 0 and t.failure is None for t in tickets)
    assert len({t.id for t in tickets}) == 20


def test_an_endless_loop_holds_nobody_else_up(two):
    loop = begun(two.submit("mallory", calling(LOOP)))
    again = two.submit("mallory", calling(LOOP))
    others = [two.submit(f"s{n:02}", giving(n)) for n in range(10)]
    assert [t.result(PATIENCE).value for t in others] == list(range(10))
    assert not loop.done
    assert again.place == 1
    better = two.submit("mallory", giving(11))
    assert loop.result(PATIENCE).seconds == pytest.approx(2.0, abs=0.1)
    assert again.superseded
    assert better.result(PATIENCE).value == 11


def test_whoever_presses_fifty_times_has_one_run_and_one_place(one, gate):
    pressed = [one.submit("mallory", giving(n)) for n in range(50)]
    ada = one.submit("ada", giving(100))
    pressed.append(one.submit("mallory", giving(50)))
    assert [t.superseded for t in pressed] == [True] * 50 + [False]
    assert (pressed[-1].place, ada.place) == (1, 2)
    with pytest.raises(SupersededError):
        pressed[0].result(0)
    gate.open.set()
    assert ada.result(PATIENCE).value == 100
    assert pressed[-1].result(PATIENCE).value == 50


def test_a_ticket_tells_its_place_until_it_is_over(one, gate):
    tickets = [one.submit(owner, giving(1)) for owner in "abc"]
    assert [t.place for t in tickets] == [1, 2, 3]
    gate.open.set()
    for ticket in tickets:
        ticket.result(PATIENCE)
    assert [t.place for t in tickets] == [0, 0, 0]


def test_gradings_share_with_trials_and_none_is_dropped(one, gate):
    order = []

    def noting(name):
        return lambda _: order.append(name)

    tickets = [one.submit(f"s{n}", noting(f"trial {n}")) for n in range(3)]
    tickets += [one.submit("ada", noting(f"grading {n}"), urgent=True) for n in range(3)]
    gate.open.set()
    for ticket in tickets:
        ticket.result(PATIENCE)
    assert order == ["grading 0", "trial 0", "grading 1", "trial 1", "grading 2", "trial 2"]


def test_tickets_are_found_by_their_owner_only(two):
    ticket = two.submit("ada", giving(1))
    assert two.ticket(ticket.id, "ada") is ticket
    assert two.ticket(ticket.id, "bo") is None
    assert two.ticket("guessed", "ada") is None
    ticket.result(PATIENCE)
    assert two.ticket(ticket.id, "ada") is ticket


def test_tickets_that_are_over_are_forgotten_after_some_minutes(one, clock):
    early = one.submit("ada", giving(1))
    early.result(PATIENCE)
    clock.now += module.KEPT_SECONDS - 1
    late = one.submit("ada", giving(2))
    late.result(PATIENCE)
    assert one.ticket(early.id, "ada") is early
    clock.now += 1
    assert one.ticket(early.id, "ada") is None
    assert one.ticket(late.id, "ada") is late


def test_a_ticket_that_waits_is_not_forgotten(one, gate, clock):
    ticket = one.submit("ada", giving(1))
    clock.now += 10 * module.KEPT_SECONDS
    assert one.ticket(ticket.id, "ada") is ticket


def test_only_so_many_tickets_are_remembered(one, gate, monkeypatch):
    monkeypatch.setattr(module, "MOST_KEPT", 10)
    pressed = [one.submit("mallory", giving(n)) for n in range(100)]
    found = [t for t in pressed if one.ticket(t.id, "mallory")]
    assert found == pressed[-11:]  # ten that are over and the one that waits


def test_a_sandbox_that_is_killed_between_jobs_is_replaced(one):
    lost = one.submit("ada", lambda sandbox: sandbox).result(PATIENCE)
    kill(lost)
    assert one.submit("ada", giving(7)).result(PATIENCE).value == 7


def test_a_job_outlives_its_sandbox_once(one):
    seen = []

    def work(sandbox):
        seen.append(sandbox)
        return calling(b"import time\ndef f():\n    time.sleep(1)\n    return 5\n")(sandbox)

    ticket = begun(one.submit("ada", work))
    time.sleep(0.3)
    (sandbox,) = seen
    lost = sandbox._worker
    kill(sandbox)
    assert ticket.result(PATIENCE).value == 5
    assert sandbox._worker is not lost


def test_a_job_whose_sandbox_dies_again_fails_and_the_next_one_runs(one):
    def doomed(sandbox):
        fork = sandbox.take

        def take(limits):
            kill(sandbox)
            return fork(limits)

        sandbox.take = take  # killed at every try
        return giving(1)(sandbox)

    ticket = one.submit("mallory", doomed)
    with pytest.raises(OperatorError, match="the sandbox failed"):
        ticket.result(PATIENCE)
    assert ticket.done
    assert not ticket.superseded
    assert one.submit("ada", giving(2)).result(PATIENCE).value == 2


def test_a_job_that_fails_is_a_failure_of_its_own(two, caplog):
    def broken(_):
        return {}["nothing"]

    ticket = two.submit("ada", broken)
    with pytest.raises(KeyError):
        ticket.result(PATIENCE)
    assert isinstance(ticket.failure, KeyError)
    assert "a job failed" in caplog.text
    assert two.submit("ada", giving(1)).result(PATIENCE).value == 1


def test_close_lets_what_runs_end_and_fails_what_waits():
    before = children(os.getpid())
    runner = Runner(1)
    runner.start()
    assert children(os.getpid()) > before
    running = begun(runner.submit("mallory", calling(LOOP, 0.5)))
    waiting = runner.submit("ada", giving(1))
    graded = runner.submit("ada", giving(2), urgent=True)
    runner.close()
    runner.close()
    assert running.result(0).seconds == pytest.approx(0.5, abs=0.1)
    for ticket in (waiting, graded):
        with pytest.raises(ClosedError):
            ticket.result(0)
    with pytest.raises(ClosedError):
        runner.submit("ada", giving(1))
    assert children(os.getpid()) <= before


def test_a_runner_that_was_never_used_starts_nothing():
    before = children(os.getpid())
    with Runner(2):
        assert children(os.getpid()) <= before


def test_where_nothing_confines_code_the_runner_says_so_at_its_start(monkeypatch):
    def refused(*, unsafe):
        raise SandboxRefused(f"student code cannot be shut in on this machine ({unsafe=})")

    monkeypatch.setattr(module, "Sandbox", refused)
    with Runner(2) as runner:
        with pytest.raises(OperatorError, match=r"cannot be shut in on this machine \(unsafe=False\)"):
            runner.start()
        with pytest.raises(OperatorError, match="cannot be shut in"):
            runner.submit("ada", giving(1)).result(PATIENCE)


def test_whoever_waits_says_for_how_long(two):
    slow = two.submit("ada", calling(LOOP, 1.0))
    quick = two.submit("bo", giving(1))
    assert not slow.settled(0.05)
    assert quick.settled(PATIENCE)
    assert slow.settled(PATIENCE)


def test_workers_share_no_sandbox(two):
    def work(sandbox):
        assert isinstance(sandbox, Sandbox)
        time.sleep(0.2)
        return sandbox

    first, second = (two.submit(owner, work) for owner in ("ada", "bo"))
    assert first.result(PATIENCE) is not second.result(PATIENCE)
