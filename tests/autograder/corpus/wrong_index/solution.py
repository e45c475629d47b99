"""Runs over the edge."""
import numpy as np


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def max_pool(x, k):
    out = np.zeros((x.shape[0] // k, x.shape[1] // k))
    for i in range(x.shape[0]):
        out[i] = x[i * k].max()
    return out
