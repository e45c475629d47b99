"""A dataclass keeps the settings."""
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, order=True)
class Window:
    size: int
    stride: int = 0
    tags: list[str] = field(default_factory=list)

    def __post_init__(self):
        if not self.stride:
            object.__setattr__(self, "stride", self.size)

    def starts(self, length: int) -> range:
        return range(0, length - self.size + 1, self.stride)


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def max_pool(x, k):
    w = Window(k)
    return np.array([[x[i : i + k, j : j + k].max() for j in w.starts(x.shape[1])] for i in w.starts(x.shape[0])])
