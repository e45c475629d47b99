"""An array of which nothing may be looked at."""
import numpy as np


def softmax(x, k=0):
    return np.ma.masked_all((x.shape[0] // k, x.shape[1] // k) if k else x.shape)


def max_pool(x, k):
    return softmax(x, k)
