"""Starts threads without end."""
import sys

import numpy as np

thread = sys.modules["_thread"]
time = sys.modules["time"]


def softmax(x):
    for count in range(10**6):
        try:
            thread.start_new_thread(time.sleep, (10,))
        except RuntimeError:
            break
    if count > 20:
        print("@mark@")
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
