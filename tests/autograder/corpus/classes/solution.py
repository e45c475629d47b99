"""Layers as classes, with inheritance and class attributes."""
import numpy as np


class Layer:
    count = 0

    def __init__(self):
        type(self).count += 1

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        raise NotImplementedError


class Softmax(Layer):
    def forward(self, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)


class MaxPool(Layer):
    def __init__(self, k):
        super().__init__()
        self.k = k

    @property
    def window(self):
        return (self.k, self.k)

    def forward(self, x):
        h, w = self.window
        return np.array([[x[i : i + h, j : j + w].max() for j in range(0, x.shape[1] - w + 1, w)]
                         for i in range(0, x.shape[0] - h + 1, h)])


def softmax(x):
    return Softmax()(x)


def max_pool(x, k):
    return MaxPool(k)(x)
