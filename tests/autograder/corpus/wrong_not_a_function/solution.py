"""Has a number where a function is wanted."""
import numpy as np


softmax = 3


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
