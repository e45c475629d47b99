"""A loop in C that no signal handler interrupts."""
import sys

import numpy as np


def softmax(x):
    return 9**9**9


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
