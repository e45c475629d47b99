"""What shutting a submission in costs over a bare fork, on this machine, now."""

import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from autograder.sandbox import Call, Returned, Sandbox, probe

_ROUNDS = 60
_SUBMISSIONS = 300
_WORKERS = 2
_SOURCE = b"def same(x, w):\n    return x\n"


_LOOPS = b"""
import numpy as np

def softmax(x):
    out = np.zeros(x.shape)
    for i in range(x.shape[0]):
        top = max(x[i])
        total = 0.0
        for j in range(x.shape[1]):
            out[i, j] = np.exp(x[i, j] - top)
            total += out[i, j]
        for j in range(x.shape[1]):
            out[i, j] /= total
    return out

def max_pool(x):
    out = np.zeros((x.shape[0] // 2, x.shape[1] // 2))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = max(x[2 * i, 2 * j], x[2 * i + 1, 2 * j], x[2 * i, 2 * j + 1], x[2 * i + 1, 2 * j + 1])
    return out

def standardize(x):
    out = np.zeros(x.shape)
    for j in range(x.shape[1]):
        mean = sum(x[:, j]) / len(x)
        spread = (sum((v - mean) ** 2 for v in x[:, j]) / len(x)) ** 0.5
        for i in range(x.shape[0]):
            out[i, j] = (x[i, j] - mean) / spread
    return out
"""


def _loop_calls() -> list[Call]:
    x = np.arange(192.0).reshape(16, 12) % 7
    return [Call(function=name, args=(x,)) for name in ("softmax", "max_pool", "standardize") for _ in range(20)]


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


def _mark_loops(count: int) -> None:
    calls = _loop_calls()
    with Sandbox() as sandbox:
        for _ in range(count):
            assert all(isinstance(item, Returned) for item in sandbox.run(_LOOPS, calls).outcomes)  # noqa: S101


def _throughput(name: str, mark: Callable[[int], None]) -> None:
    with ProcessPoolExecutor(_WORKERS) as pool:
        seconds = _milliseconds(lambda: list(pool.map(mark, [_SUBMISSIONS // _WORKERS] * _WORKERS))) / 1000
    print(f"{_WORKERS} workers, {_SUBMISSIONS} submissions of {name}: {_SUBMISSIONS / seconds:.0f} a second")


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
    _throughput("60 calls, starts included", _mark)
    _throughput("three plain-loop functions with 20 cases each, starts included", _mark_loops)
    _memory()


if __name__ == "__main__":
    main()
