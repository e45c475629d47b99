"""An array without axes."""
import numpy as np


def softmax(x):
    return np.array(np.nan)


def max_pool(x, k):
    return softmax(x)
