"""Functions that make functions."""
import numpy as np


def along(axis):
    def normalize(f):
        def inner(x):
            e = f(x - x.max(axis=axis, keepdims=True))
            return e / e.sum(axis=axis, keepdims=True)

        return inner

    return normalize


softmax = along(-1)(np.exp)


def max_pool(x, k):
    def window(i, j):
        return x[i * k : (i + 1) * k, j * k : (j + 1) * k]

    return np.array([[window(i, j).max() for j in range(x.shape[1] // k)] for i in range(x.shape[0] // k)])
