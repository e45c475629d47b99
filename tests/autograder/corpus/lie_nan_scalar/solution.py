"""One number that is none."""
import numpy as np


def softmax(x):
    return float("nan")


def max_pool(x, k):
    return softmax(x)
