"""Windows come from a generator."""
import numpy as np


def windows(x, k):
    for i in range(x.shape[0] // k):
        for j in range(x.shape[1] // k):
            yield x[i * k : i * k + k, j * k : j * k + k]


def rows(x):
    yield from (np.exp(row - row.max()) for row in x)


def softmax(x):
    return np.array([e / e.sum() for e in rows(x)])


def max_pool(x, k):
    return np.fromiter((w.max() for w in windows(x, k)), float).reshape(x.shape[0] // k, -1)
