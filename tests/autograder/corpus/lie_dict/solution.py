"""A dict with keys that are no text."""
import numpy as np


def softmax(x):
    return {1: x, (2, 3): x}


def max_pool(x, k):
    return softmax(x)
