"""An array of records."""
import numpy as np


def softmax(x):
    return np.zeros(x.shape, [("p", float), ("q", float)])


def max_pool(x, k):
    return softmax(x)
