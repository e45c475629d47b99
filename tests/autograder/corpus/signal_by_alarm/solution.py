"""Sets an alarm that ends its process."""
import sys

import numpy as np

signal = sys.modules["_signal"]
time = sys.modules["time"]


def softmax(x):
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    time.sleep(0.1)
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
