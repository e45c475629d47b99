"""How often somebody may do something: token buckets, one for each key."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

_ROUNDING = 1e-9
"""Seconds that sums of floats may be off: whoever waited as long as told is let in."""


class RateLimiter:
    """Lets `burst` tries in at once, and `per_minute` more each minute; safe to share between threads."""

    def __init__(
        self, burst: int, per_minute: float, clock: Callable[[], float] = time.monotonic, *, most_keys: int = 100_000
    ) -> None:
        """Start with full buckets; at most `most_keys` are remembered, and the longest unused one goes first."""
        if burst < 1 or per_minute <= 0 or most_keys < 1:
            raise ValueError(f"nothing would ever be let in: {burst=}, {per_minute=}, {most_keys=}")
        self._refill = 60.0 / per_minute
        self._depth = burst * self._refill
        self._clock = clock
        self._most = most_keys
        self._lock = threading.Lock()
        # Key -> when its bucket will be full again: all there is to know of a bucket.
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def admit(self, key: str) -> float:
        """Let a try in and return 0, or return the seconds until one is let in; a refused try costs nothing."""
        with self._lock:
            now = self._clock()
            self._forget(now)
            full_at = max(self._full_at.get(key, now), now) + self._refill
            wait = full_at - now - self._depth
            if wait > _ROUNDING:
                return wait
            self._full_at[key] = full_at
            self._full_at.move_to_end(key)
            self._forget_beyond(self._most)
            return 0.0

    def _forget(self, now: float) -> None:
        """Drop full buckets: a key that is not remembered has one."""
        while self._full_at and next(iter(self._full_at.values())) <= now:
            self._full_at.popitem(last=False)

    def _forget_beyond(self, most: int) -> None:
        if len(self._full_at) > most:
            self._full_at.popitem(last=False)

    def __len__(self) -> int:
        """Count the keys that are remembered."""
        return len(self._full_at)
