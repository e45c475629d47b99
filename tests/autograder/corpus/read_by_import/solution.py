"""Imports another submission."""
import sys

import numpy as np


def softmax(x):
    sys.path.insert(0, "@folder@/submissions/s02")
    sys.path_importer_cache.clear()
    try:
        sys.modules["importlib"].import_module("solution")
    except NameError as error:
        print(error)
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
