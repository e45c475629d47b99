"""An array of more bytes than there are."""
import numpy as np


def softmax(x):
    return np.broadcast_to(0.0, (10**6, 10**6))


def max_pool(x, k):
    return softmax(x)
