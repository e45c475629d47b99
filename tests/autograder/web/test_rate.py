import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.web.rate import RateLimiter


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_burst_is_let_in_and_then_one_every_so_often(clock):
    limiter = RateLimiter(3, 6, clock)
    assert [limiter.admit("ada") for _ in range(5)] == [0, 0, 0, 10, 10]
    clock.now += 4
    assert limiter.admit("ada") == 6
    clock.now += 6
    assert [limiter.admit("ada") for _ in range(2)] == [0, 10]


def test_one_key_does_not_cost_another(clock):
    limiter = RateLimiter(1, 1, clock)
    assert limiter.admit("ada") == 0
    assert limiter.admit("ada") == 60
    assert limiter.admit("bo") == 0


def test_a_full_bucket_holds_no_more_than_its_burst(clock):
    limiter = RateLimiter(2, 60, clock)
    clock.now += 10_000
    assert [limiter.admit("ada") for _ in range(3)] == [0, 0, 1]


@given(
    burst=st.integers(1, 5),
    per_minute=st.sampled_from([1, 7, 12, 60, 100]),
    pauses=st.lists(st.floats(0, 30), max_size=60),
)
def test_no_stretch_of_time_sees_more_than_its_share(burst, per_minute, pauses):
    clock = Clock()
    limiter = RateLimiter(burst, per_minute, clock)
    admitted = []
    for pause in pauses:
        clock.now += pause
        if limiter.admit("ada") == 0:
            admitted.append(clock.now)
    for first, start in enumerate(admitted):
        for count, end in enumerate(admitted[first:], start=1):
            assert count <= burst + (end - start) * per_minute / 60 + 1e-6


@given(st.lists(st.floats(0, 30), min_size=1, max_size=30), st.sampled_from([1, 7, 13, 60]))
def test_whoever_waits_as_long_as_told_is_let_in(pauses, per_minute):
    clock = Clock()
    limiter = RateLimiter(2, per_minute, clock)
    for pause in pauses:
        clock.now += pause
        wait = limiter.admit("ada")
        clock.now += wait
        assert wait == 0 or limiter.admit("ada") == 0


def test_keys_with_full_buckets_are_forgotten(clock):
    limiter = RateLimiter(2, 60, clock)
    for n in range(1000):
        limiter.admit(f"student {n}")
    assert len(limiter) == 1000
    clock.now += 1.5
    limiter.admit("ada")
    assert len(limiter) == 1


def test_a_flood_of_keys_is_bounded(clock):
    limiter = RateLimiter(1, 1, clock, most_keys=100)
    for n in range(1000):
        limiter.admit(f"guess {n}")
    assert len(limiter) == 100
    assert limiter.admit("guess 999") == 60


@pytest.mark.parametrize(("burst", "per_minute"), [(0, 1), (1, 0), (-1, 5)])
def test_a_limit_that_lets_nothing_in_is_refused(burst, per_minute):
    with pytest.raises(ValueError, match="nothing would ever be let in"):
        RateLimiter(burst, per_minute)
