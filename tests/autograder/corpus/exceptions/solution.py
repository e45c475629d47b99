"""Uses exceptions for its own purposes."""
import numpy as np


class TooSmall(ValueError):
    """Nothing left to pool."""


def softmax(x):
    try:
        return np.exp(x - x.max(axis=-1, keepdims=True)) / 0 @ x.missing
    except (AttributeError, ZeroDivisionError, RuntimeWarning):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)
    finally:
        pass


def row(x, k, i):
    if i * k + k > len(x):
        raise TooSmall(i)
    return [x[i * k : i * k + k, j * k : j * k + k].max() for j in range(x.shape[1] // k)]


def max_pool(x, k):
    out = []
    while True:
        try:
            out.append(row(x, k, len(out)))
        except TooSmall:
            return np.array(out)
