"""Recursion after taking its limit away."""
import sys

import numpy as np


def deeper(x, row):
    return deeper(x, row + 1)


def softmax(x):
    sys.setrecursionlimit(10**9)
    return deeper(x, np.ones(64))


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
