"""Loops when the answer is made an array."""
import sys

import numpy as np


class Endless:
    def __array__(self, *args, **kwargs):
        while True:
            pass


def softmax(x):
    return Endless()


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
