"""Loops when an object is thrown away."""
import sys

import numpy as np


class Sticky:
    def __del__(self):
        while True:
            pass


def softmax(x):
    Sticky()
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
