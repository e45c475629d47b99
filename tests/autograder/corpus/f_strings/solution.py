"""Formats its messages."""
import numpy as np


def softmax(x):
    name, width = "softmax", 8
    message = f"{name!r:>{width + 4}} {x.mean():+.3e} {x.shape=} {'a' if x.size else 'b'} {{}}"
    assert len(message) > width
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
