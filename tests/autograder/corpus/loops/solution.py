"""Plain loops, no vectorization."""
import math

import numpy as np


def softmax(x):
    out = np.zeros(x.shape, x.dtype)
    for i in range(x.shape[0]):
        top = max(x[i])
        total = 0.0
        for j in range(x.shape[1]):
            out[i, j] = math.exp(x[i, j] - top)
            total += out[i, j]
        for j in range(x.shape[1]):
            out[i, j] /= total
    return out


def max_pool(x, k):
    rows, columns = x.shape[0] // k, x.shape[1] // k
    out = np.empty((rows, columns))
    for i in range(rows):
        for j in range(columns):
            best = -math.inf
            for a in range(k):
                for b in range(k):
                    if x[i * k + a, j * k + b] > best:
                        best = x[i * k + a, j * k + b]
            out[i, j] = best
    return out
