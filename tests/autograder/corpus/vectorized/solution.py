"""Windows by strides, sums by einsum."""
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def softmax(x):
    e = np.exp(np.subtract(x, np.amax(x, -1, keepdims=True)))
    return np.einsum("ij,i->ij", e, 1 / np.einsum("ij->i", e))


def max_pool(x, k):
    return sliding_window_view(x, (k, k))[::k, ::k].max(axis=(-2, -1))
