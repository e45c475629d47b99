"""What shutting a submission in costs over a bare fork, on this machine, now."""

import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from autograder.sandbox import Call, Sandbox, probe

_ROUNDS = 60
_SUBMISSIONS = 300
_WORKERS = 2
_SOURCE = b"def same(x, w):\n    return x\n"


def _calls() -> list[Call]:
    return [Call(function="same", args=(np.ones((4, 3, 8, 8)), np.ones((5, 3, 3, 3))))] * 60


def _milliseconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def _latency(*, spare: bool) -> None:
    calls = _calls()
    bare = Sandbox(unsafe=True, layers=frozenset(), spare=spare)
    with bare, Sandbox(spare=spare) as full:
        arms: dict[str, list[float]] = {"bare fork": [], full.level.name.partition(":")[0]: []}
        for _ in range(_ROUNDS):
            for times, sandbox in zip(arms.values(), (bare, full), strict=True):
                times.append(_milliseconds(lambda sandbox=sandbox: sandbox.run(_SOURCE, calls)))  # type: ignore[misc]
                time.sleep(0.01)  # let the next spare be ready, as between two submissions that are also marked
    print(f"60 calls, {'spare forked ahead' if spare else 'cold'} (ms: min, median, p95)")
    for name, times in arms.items():
        late = statistics.quantiles(times, n=20)[-1]
        print(f"  {name:10} {min(times):6.1f} {statistics.median(times):6.1f} {late:6.1f}")
    base, confined = arms.values()
    ratio = statistics.median(confined) / statistics.median(base)
    print(f"  ratio: min {min(confined) / min(base):.2f}, median {ratio:.2f}")


def _start() -> None:
    times = [_milliseconds(lambda: Sandbox().close()) for _ in range(5)]
    print(f"worker start, with the canary, and stop (ms): min {min(times):.0f}, median {statistics.median(times):.0f}")


def _mark(count: int) -> None:
    calls = _calls()
    with Sandbox() as sandbox:
        for _ in range(count):
            run = sandbox.run(_SOURCE, calls)
            for outcome, call in zip(run.outcomes, calls, strict=True):
                assert np.allclose(outcome.value, call.args[0])  # type: ignore[union-attr]  # noqa: S101


def _throughput() -> None:
    with ProcessPoolExecutor(_WORKERS) as pool:
        seconds = _milliseconds(lambda: list(pool.map(_mark, [_SUBMISSIONS // _WORKERS] * _WORKERS))) / 1000
    rate = _SUBMISSIONS / seconds
    print(f"{_WORKERS} workers, {_SUBMISSIONS} submissions of 60 calls, starts included: {rate:.0f} a second")


def _memory() -> None:
    with Sandbox() as sandbox:
        run = sandbox.run(_SOURCE, _calls())
        print(f"child: peak resident {run.peak_bytes / 2**20:.0f} MiB, {_own_mebibytes(sandbox):.1f} MiB of it its own")


def _own_mebibytes(sandbox: Sandbox) -> float:
    """Read what the waiting spare does not share with the zygote."""
    spare = sandbox._spare  # noqa: SLF001 - a benchmark may look inside
    spare.begin()  # type: ignore[union-attr]
    info = Path(f"/proc/self/fdinfo/{spare._pidfd}").read_text()  # type: ignore[union-attr]  # noqa: SLF001
    pid = next(line.split()[1] for line in info.splitlines() if line.startswith("Pid:"))
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Private_")) / 1024


def main() -> None:
    """Print every number that is promised."""
    print(f"load {os.getloadavg()[0]:.1f}, level: {probe().name}")
    _start()
    _latency(spare=False)
    _latency(spare=True)
    _throughput()
    _memory()


if __name__ == "__main__":
    main()
