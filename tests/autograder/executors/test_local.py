"""Which processors grading processes keep to, and that they and their sandboxes do."""

import os

import pytest

from autograder.executors.local import LocalPool, places
from autograder.executors.station import Errand


@pytest.mark.parametrize(
    ("size", "processors", "kept"),
    [
        (1, [0, 1], [{0, 1}]),
        (2, [0, 1], [{0}, {1}]),
        (3, [2, 5], [{2}, {5}, {2}]),
        (3, [0, 1, 2, 3], [{0, 1, 2, 3}] * 3),
        (1, [7], [{7}]),
    ],
)
def test_a_worker_has_a_processor_of_its_own_where_the_workers_take_all(size, processors, kept):
    assert places(size, processors) == kept


def test_a_worker_that_is_replaced_leaves_its_place_to_the_next():
    pool = LocalPool(Errand(exam=b"", program="test"), len(os.sched_getaffinity(0)))
    try:
        first = {kept(worker) for worker in pool.workers()}
        assert first == {frozenset({processor}) for processor in os.sched_getaffinity(0)}
        pool.workers()[0].dismiss()
        assert {kept(worker) for worker in pool.workers()} == first
    finally:
        pool.close()


def kept(worker):
    """Ask a worker's process where it may run."""
    return frozenset(worker._pool.submit(os.sched_getaffinity, 0).result())
