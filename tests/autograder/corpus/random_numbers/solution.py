"""Checks itself with random numbers as it is imported."""
import random

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))


np.random.seed(0)
random.seed(0)
rng = np.random.default_rng(7)
for _ in range(5):
    sample = np.random.randn(3, 4) + rng.normal(size=(3, 4)) + random.gauss(0, 1)
    assert np.allclose(softmax(sample).sum(axis=1), 1)
