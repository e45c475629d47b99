"""A small class with its own arithmetic."""
import numpy as np


class Row:
    __slots__ = ("values",)

    def __init__(self, values):
        self.values = list(values)

    def __sub__(self, number):
        return Row(v - number for v in self)

    def __truediv__(self, number):
        return Row(v / number for v in self)

    def __iter__(self):
        return iter(self.values)

    def exp(self):
        return Row(np.exp(v) for v in self)


def softmax(x):
    result = [(Row(r) - max(r)).exp() for r in x]
    return np.array([list(e / sum(e)) for e in result], dtype=x.dtype)


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
