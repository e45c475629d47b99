"""Its functions are objects with __call__, and a partial."""
from functools import partial

import numpy as np


class Softmax:
    def __init__(self, axis):
        self.axis = axis

    def __call__(self, x):
        e = np.exp(x - x.max(axis=self.axis, keepdims=True))
        return e / e.sum(axis=self.axis, keepdims=True)


def pool(reduce, x, k):
    return np.array([[reduce(x[i : i + k, j : j + k]) for j in range(0, x.shape[1] // k * k, k)]
                     for i in range(0, x.shape[0] // k * k, k)])


softmax = Softmax(-1)
max_pool = partial(pool, np.max)
