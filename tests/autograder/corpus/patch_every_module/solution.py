"""Empties whatever module it can reach."""
import sys

import numpy as np

sys.modules["os"].write = None
sys.modules["struct"].Struct = None
np.asarray = np.array = np.exp = None


def softmax(x):
    return x


def max_pool(x, k):
    return x
