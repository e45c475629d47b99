"""Implement early stopping with patience and a least gain (material Q2, the list of methods)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.regularization import early_stopping
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]
Epochs = tuple[int, int]

question = CodeQuestion(
    source="Q2",
    level=3,
    minutes=12,
    reference=early_stopping,
    conventions=("strict_improvement", "epochs_from_zero"),
)


def arguments(losses: list[float], patience: int, min_delta: float, scale: float) -> Arguments:
    """Scale a list of losses that was made up for one purpose, with the gain that counts."""
    return {"losses": np.array(losses) * scale, "patience": patience, "min_delta": min_delta * scale}


@question.cases(visible=True)
def first_stop(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"losses": np.array([1.0, 0.9, 0.95, 0.96, 0.97, 0.5]), "patience": 2, "min_delta": 0.0}
    yield arguments([0.9, 0.5, 0.6, 0.7, 0.65, 0.4], 3, 0.0, float(rng.uniform(1, 3)))


@question.cases()
def patience_of_one(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments([1.0, 0.8, 0.7, 0.75, 0.6], 1, 0.0, float(rng.uniform(1, 3)))


@question.cases()
def counter_starts_anew(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments([1.0, 1.1, 0.9, 1.05, 0.8, 0.85, 0.95, 0.1], 2, 0.0, float(rng.uniform(1, 3)))


@question.cases()
def never_stops(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"losses": -np.sort(-rng.uniform(0.2, 2, 6)), "patience": 2, "min_delta": 0.0}
    yield arguments([1.0, 0.7, 0.8, 0.9], 5, 0.0, float(rng.uniform(1, 3)))


@question.cases(weight=2)
def small_gains(rng: np.random.Generator) -> Iterator[Arguments]:
    scale = float(rng.uniform(1, 3))
    yield arguments([1.0, 0.8, 0.79, 0.81, 0.78, 0.5], 3, 0.05, scale)
    yield arguments([1.0, 0.97, 0.94, 0.91, 0.88, 0.85], 3, 0.05, scale)
    yield arguments([1.0, 0.6, 0.62, 0.58, 0.63, 0.2], 3, 0.05, scale)


@question.cases()
def equal_losses(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"losses": np.full(5, float(rng.integers(1, 9)) / 4), "patience": 2, "min_delta": 0.0}


@question.cases()
def later_losses_fall(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments([0.5, 0.4, 0.9, 0.8, 0.7, 0.3], 3, 0.0, float(rng.uniform(1, 3)))


@question.solution
def with_a_counter(losses: Array, patience: int, min_delta: float) -> Epochs:
    """Remember the best loss and count the epochs since."""
    best, best_epoch, waited = float("inf"), 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
        if waited >= patience:
            return best_epoch, epoch
    return best_epoch, len(losses) - 1


@question.solution
def jump_to_the_next_gain(losses: Array, patience: int, min_delta: float) -> Epochs:
    """Look ahead for the next improvement within reach."""
    best = 0
    while True:
        ahead = range(best + 1, min(best + patience + 1, len(losses)))
        better = [epoch for epoch in ahead if losses[epoch] < losses[best] - min_delta]
        if not better:
            return best, min(best + patience, len(losses) - 1)
        best = better[0]


@question.mistake
def one_epoch_late(losses: Array, patience: int, min_delta: float) -> Epochs:
    """Look at the counter before it is raised."""
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best] - min_delta:
            best, waited = epoch, 0
        elif waited == patience:
            return best, epoch
        else:
            waited += 1
    return best, len(losses) - 1


@question.mistake
def never_reset(losses: Array, patience: int, min_delta: float) -> Epochs:
    """Go on counting after an improvement."""
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best] - min_delta:
            best = epoch
        else:
            waited += 1
        if waited == patience:
            return best, epoch
    return best, len(losses) - 1


@question.mistake
def last_epoch_kept(losses: Array, patience: int, min_delta: float) -> Epochs:
    """Give the last epoch twice."""
    stop = early_stopping(losses, patience, min_delta)[1]
    return stop, stop


@question.mistake
def equal_counts(losses: Array, patience: int, min_delta: float) -> Epochs:
    """Take an equal loss for an improvement."""
    best = 0
    for epoch in range(1, len(losses)):
        if losses[epoch] <= losses[best] - min_delta:
            best = epoch
        if epoch - best == patience:
            return best, epoch
    return best, len(losses) - 1


@question.mistake
def least_gain_ignored(losses: Array, patience: int, min_delta: float) -> Epochs:  # noqa: ARG001 - ignoring it is the mistake
    """Let any gain count."""
    return early_stopping(losses, patience, 0.0)


@question.mistake
def least_gain_added(losses: Array, patience: int, min_delta: float) -> Epochs:
    """Add the least gain, so that slightly worse losses count as improvements."""
    best = 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best] + min_delta:
            best = epoch
        if epoch - best == patience:
            return best, epoch
    return best, len(losses) - 1


@question.mistake
def best_creeps_down(losses: Array, patience: int, min_delta: float) -> Epochs:
    """Lower the best loss by gains that do not count, so that small gains never add up."""
    best, best_loss, waited = 0, float(losses[0]), 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < best_loss - min_delta:
            best, waited = epoch, 0
        else:
            waited += 1
        best_loss = min(best_loss, float(losses[epoch]))
        if waited == patience:
            return best, epoch
    return best, len(losses) - 1


@question.mistake
def compared_with_previous(losses: Array, patience: int, min_delta: float) -> Epochs:
    """Compare with the epoch before, not with the best."""
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[epoch - 1] - min_delta:
            best, waited = epoch, 0
        else:
            waited += 1
        if waited == patience:
            return best, epoch
    return best, len(losses) - 1


@question.mistake
def smallest_of_all(losses: Array, patience: int, min_delta: float) -> Epochs:
    """Look for the best epoch beyond the stop as well."""
    return int(np.argmin(losses)), early_stopping(losses, patience, min_delta)[1]
