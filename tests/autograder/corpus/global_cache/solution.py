"""Keeps results in a global dict between the calls."""
import numpy as np

CACHE = {}
calls = 0


def softmax(x):
    global calls
    calls += 1
    key = x.tobytes()
    if key not in CACHE:
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        CACHE[key] = e / e.sum(axis=-1, keepdims=True)
    return CACHE[key]


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
