"""Returns a generator."""
import numpy as np


def softmax(x):
    return (np.exp(row) / np.exp(row).sum() for row in x)


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
