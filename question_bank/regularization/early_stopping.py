"""Early stopping on a list of validation losses, with patience and a least gain (material Q2, the list of methods)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, one_of

Vector = NDArray[np.float64]

question = NumericQuestion(
    source="Q2", level=2, minutes=5, decimals=1, conventions=("strict_improvement", "epochs_from_zero")
)


def follow(losses: Vector, patience: int, min_delta: float, *, reset: bool = True) -> tuple[int, int]:
    """Return the last epoch that improved and the epoch after which training stops."""
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best] - min_delta - 1e-9:
            best, waited = epoch, 0 if reset else waited
        else:
            waited += 1
        if waited == patience:
            return best, epoch
    return best, len(losses) - 1


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Losses that fall with one relapse, then wait with a tiny gain among them, and fall again after the stop."""
    min_delta, patience = one_of(rng, 0.02, 0.03, 0.04), one_of(rng, 3, 4)
    gains = decimals(rng, shape=(3,), low=0.06, high=0.15, places=2)
    falling = list(1.4 - np.cumsum(gains))
    relapse = int(rng.integers(1, 3))
    rises = decimals(rng, shape=(patience + 3,), low=0.01, high=0.12, places=2)
    best = falling[-1]
    waiting = list(best + rises)
    waiting[1] = best - 0.01
    late = [best - float(decimals(rng, low=0.06, high=0.12, places=2))]
    start = [*falling[:relapse], falling[relapse - 1] + float(rises[0]), *falling[relapse:]]
    return {"losses": np.round([*start, *waiting, *late], 2), "patience": patience, "min_delta": min_delta}


@question.step(decimals=0)
def best_epoch(losses: Vector, patience: int, min_delta: float) -> int:
    """Find the last epoch that improved before the stop."""
    return follow(losses, patience, min_delta)[0]


@question.step(decimals=0)
def stop_epoch(losses: Vector, patience: int, min_delta: float) -> int:
    """Find the epoch after which training stops."""
    return follow(losses, patience, min_delta)[1]


@question.mistake(best_epoch)
def least_gain_ignored(losses: Vector, patience: int, min_delta: float) -> int:
    """Take the smallest loss before the stop, however small the gain."""
    return int(np.argmin(losses[: follow(losses, patience, min_delta)[1] + 1]))


@question.mistake(best_epoch)
def smallest_of_all(losses: Vector) -> int:
    """Take the smallest loss of the list, though training has stopped before."""
    return int(np.argmin(losses))


@question.mistake(best_epoch)
def last_weights(losses: Vector, patience: int, min_delta: float) -> int:
    """Keep the weights of the last epoch."""
    return follow(losses, patience, min_delta)[1]


@question.mistake(best_epoch, other_convention=True)
def best_from_one(losses: Vector, patience: int, min_delta: float) -> int:
    """Count epochs from 1."""
    return follow(losses, patience, min_delta)[0] + 1


@question.mistake(stop_epoch)
def one_epoch_late(losses: Vector, patience: int, min_delta: float) -> int:
    """Wait one epoch more than patience allows."""
    return follow(losses, patience + 1, min_delta)[1]


@question.mistake(stop_epoch)
def never_reset(losses: Vector, patience: int, min_delta: float) -> int:
    """Count all epochs without improvement, not those in a row."""
    return follow(losses, patience, min_delta, reset=False)[1]


@question.mistake(stop_epoch)
def any_gain_resets(losses: Vector, patience: int) -> int:
    """Let gains below min_delta start the waiting anew."""
    return follow(losses, patience, 0.0)[1]
