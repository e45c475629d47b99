"""Estimates with 95 % intervals; where there are too few students, no number is given at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, inf, sqrt, tanh
from statistics import NormalDist
from statistics import median as middle
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FOR_SHARE = 10
"""Students for a share: with fewer, its interval can be wider than half the scale."""
FOR_MEDIAN = 10
"""Students for a median: with fewer, its interval reaches to the shortest and longest times."""
FOR_CORRELATION = 20
"""Students for a correlation: with fewer, only one above 0.44 can be told from none."""
FOR_RELIABILITY = 30
"""Students for Cronbach's alpha and the standard error of measurement."""
Z = NormalDist().inv_cdf(0.975)
REPLICATES = 1000
CHUNK = 100
"""Replicates held in memory at a time."""
SEED = 20240229
"""Of the bootstrap: the same scores give the same interval."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A value between `low` and `high`; None where `students` are fewer than `needed`, or all alike."""

    students: int
    needed: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def enough(self) -> bool:
        """Say whether there are enough students for an estimate."""
        return self.students >= self.needed

    def apart_from(self, other: "Estimate") -> bool:
        """Say whether the two intervals have no value in common; never where one of them is missing."""
        if self.low is None or self.high is None or other.low is None or other.high is None:
            return False
        return self.low > other.high or other.low > self.high


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """Cronbach's alpha, and in points how far a score would move on a like exam."""

    alpha: Estimate
    error: Estimate


def share(count: int, total: int) -> Estimate:
    """Estimate a share, with Wilson's score interval (Newcombe 1998, method 3)."""
    if total < FOR_SHARE:
        return Estimate(students=total, needed=FOR_SHARE)
    p, spread = count / total, Z * Z / total
    center = (p + spread / 2) / (1 + spread)
    half = Z * sqrt(p * (1 - p) / total + spread / (4 * total)) / (1 + spread)
    return Estimate(
        students=total, needed=FOR_SHARE, value=p, low=max(0.0, center - half), high=min(1.0, center + half)
    )


def median(values: Sequence[float]) -> Estimate:
    """Estimate a median, between the two values whose ranks enclose it with 95 % whatever the distribution."""
    n = len(values)
    if n < FOR_MEDIAN:
        return Estimate(students=n, needed=FOR_MEDIAN)
    ordered, beyond = sorted(values), _beyond(n)
    return Estimate(
        students=n, needed=FOR_MEDIAN, value=middle(ordered), low=ordered[beyond], high=ordered[n - 1 - beyond]
    )


def _beyond(n: int) -> int:
    """Count the values left out at each end: the most k with P(X <= k) <= 2.5 % of X ~ Binomial(n, 1/2)."""
    k, ways, term = 0, 1, 1
    while 40 * ways <= 2**n:
        k += 1
        term = term * (n - k + 1) // k
        ways += term
    return k - 1


def correlation(x: Array, y: Array) -> Estimate:
    """Estimate Pearson's correlation, with Fisher's z interval; with x of 0 and 1 it is the point-biserial one."""
    n = len(x)
    if n < FOR_CORRELATION or np.ptp(x) == 0 or np.ptp(y) == 0:
        return Estimate(students=n, needed=FOR_CORRELATION)
    r = float(np.clip(np.corrcoef(x, y)[0, 1], -1.0, 1.0))
    z = atanh(r) if abs(r) < 1 else inf * r
    half = Z / sqrt(n - 3)
    return Estimate(students=n, needed=FOR_CORRELATION, value=r, low=tanh(z - half), high=tanh(z + half))


def reliability(scores: Array) -> Reliability:
    """Estimate alpha and the standard error of measurement of `scores` : (students, items), bootstrapping students."""
    students, items = scores.shape
    nothing = Estimate(students=students, needed=FOR_RELIABILITY)
    if students < FOR_RELIABILITY or items < 2 or np.ptp(scores.sum(axis=1)) == 0:
        return Reliability(alpha=nothing, error=nothing)
    alpha, error = _alpha_and_error(np.ones((1, students)), scores)
    alphas, errors = _replicated(scores)
    return Reliability(alpha=_between(alpha[0], alphas, students), error=_between(error[0], errors, students))


def _replicated(scores: Array) -> tuple[Array, Array]:
    """Return alpha and the standard error of measurement of classes drawn from this one, with replacement."""
    students = len(scores)
    rng = np.random.default_rng(SEED)
    parts = [
        _alpha_and_error(rng.multinomial(students, np.full(students, 1 / students), size=CHUNK), scores)
        for _ in range(REPLICATES // CHUNK)
    ]
    alphas, errors = zip(*parts, strict=True)
    return np.concatenate(alphas), np.concatenate(errors)


def _alpha_and_error(weights: Any, scores: Array) -> tuple[Array, Array]:
    """Return both for each row of `weights` : (replicates, students), how often each student is counted.

    alpha = k / (k - 1) * (1 - sum of the items' variances / variance of the totals)
    error = standard deviation of the totals * sqrt(1 - alpha)
    """
    items = scores.shape[1]
    columns = np.column_stack([scores, scores.sum(axis=1)])
    columns = columns - columns.mean(axis=0)
    n = weights.sum(axis=1, keepdims=True)
    variances = (weights @ columns**2 - (weights @ columns) ** 2 / n) / (n - 1)
    total = np.where(variances[:, -1] > 0, variances[:, -1], np.nan)
    alpha = items / (items - 1) * (1 - variances[:, :-1].sum(axis=1) / total)
    return alpha, np.sqrt(np.maximum(total * (1 - alpha), 0.0))


def _between(value: float, replicates: Array, students: int) -> Estimate:
    low, high = np.nanpercentile(replicates, [2.5, 97.5])
    return Estimate(students=students, needed=FOR_RELIABILITY, value=float(value), low=float(low), high=float(high))
