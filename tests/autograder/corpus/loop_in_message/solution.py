"""Raises an exception whose message never ends."""
import sys

import numpy as np


class Chatty(Exception):
    def __str__(self):
        while True:
            pass


def softmax(x):
    raise Chatty


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
