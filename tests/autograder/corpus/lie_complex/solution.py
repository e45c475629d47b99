"""Complex numbers with a right real part."""
import numpy as np


def softmax(x):
    return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True) + 1e-9j


def max_pool(x, k):
    return softmax(x)
