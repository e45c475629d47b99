"""Whose turn it is, over arbitrary sequences of arrivals, turns and endings."""

from collections import Counter
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from autograder.web.turns import Turns


@dataclass(frozen=True, eq=False)
class Job:
    owner: str
    urgent: bool = False


OWNERS = st.sampled_from("abcde")
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), OWNERS, st.booleans()),
        st.tuples(st.just("take")),
        st.tuples(st.just("end"), st.integers(0, 3)),
    ),
    max_size=120,
)


class World:
    """Turns with up to 4 workers, and beside them a plain list of what waits."""

    def __init__(self):
        self.turns = Turns()
        self.waiting = []
        self.running = []

    def put(self, owner, urgent):
        job = Job(owner, urgent)
        replaced = self.turns.put(job)
        if replaced is None:
            self.waiting.append(job)
        else:
            self.waiting[self.waiting.index(replaced)] = job
        return job, replaced

    def take(self):
        if len(self.running) == 4:
            return None
        job = self.turns.take()
        if job is not None:
            self.waiting.remove(job)
            self.running.append(job)
        return job

    def end(self, index):
        if index < len(self.running):
            self.turns.release(self.running.pop(index))

    def busy(self):
        return {job.owner for job in self.running}

    def ready(self):
        """Return who could have a turn now, as (owner, lane)."""
        return {(j.owner, j.urgent) for j in self.waiting} - {(o, u) for o in self.busy() for u in (True, False)}


def happen(world, event):
    match event:
        case ("put", owner, urgent):
            return world.put(owner, urgent)
        case ("take",):
            return world.take()
        case ("end", index):
            return world.end(index)


@given(EVENTS)
def test_nobody_waits_for_more_than_one_job_of_every_other_owner(events):
    world = World()
    overtaken = {}  # (owner, lane) that could have a turn -> turns of the others in this lane since
    for event in events:
        got = happen(world, event)
        if event == ("take",) and got is not None:
            overtaken.pop((got.owner, got.urgent))
            for (_, urgent), others in overtaken.items():
                others[got.owner] += urgent == got.urgent
        overtaken = {waiting: overtaken.get(waiting, Counter()) for waiting in world.ready()}
        assert all(count <= 1 for others in overtaken.values() for count in others.values())


@given(EVENTS)
def test_a_worker_is_idle_only_where_nobody_can_have_a_turn(events):
    world = World()
    for event in events:
        ready, free = world.ready(), len(world.running) < 4
        got = happen(world, event)
        if event == ("take",) and free:
            assert (got is None) == (not ready)


@given(EVENTS)
def test_no_owner_holds_two_workers(events):
    world = World()
    for event in events:
        happen(world, event)
        assert len(world.busy()) == len(world.running)


@given(EVENTS)
def test_while_gradings_and_trials_both_can_they_alternate(events):
    world = World()
    last = None
    for event in events:
        both = {urgent for _, urgent in world.ready()} == {True, False}
        got = happen(world, event)
        if event == ("take",) and got is not None:
            assert not (both and last is not None and got.urgent == last)
            last = got.urgent


@given(EVENTS)
def test_trials_are_replaced_and_gradings_never(events):
    world = World()
    for event in events:
        got = happen(world, event)
        if event[0] == "put":
            job, replaced = got
            assert replaced is None or (replaced.owner, replaced.urgent, job.urgent) == (job.owner, False, False)
        assert set(world.turns.order()) == set(world.waiting)
        trials = Counter(j.owner for j in world.waiting if not j.urgent)
        assert all(count == 1 for count in trials.values())


@given(EVENTS)
def test_the_place_is_the_number_of_turns_that_come_where_nobody_is_busy(events):
    world = World()
    for event in events:
        happen(world, event)
    while world.running:
        world.end(0)
    promised = {job: world.turns.place(job) for job in world.waiting}
    taken = []
    while (job := world.take()) is not None:
        taken.append(job)
        world.end(0)
    assert promised == {job: n for n, job in enumerate(taken, start=1)}
    assert all(world.turns.place(job) == 0 for job in taken)


def test_a_replacement_keeps_its_owners_place():
    turns = Turns()
    for owner in "abc":
        turns.put(Job(owner))
    newer = Job("a")
    for _ in range(50):
        newer = Job("a")
        turns.put(newer)
    assert [j.owner for j in turns.order()] == ["a", "b", "c"]
    assert turns.take() is newer
