"""Everything is a lambda."""
import numpy as np

shifted = lambda x: x - x.max(axis=-1, keepdims=True)
normalized = lambda e: e / e.sum(axis=-1, keepdims=True)
softmax = lambda x: normalized(np.exp(shifted(x)))
max_pool = lambda x, k: np.array(
    [[x[i : i + k, j : j + k].max() for j in range(0, x.shape[1] // k * k, k)] for i in range(0, x.shape[0] // k * k, k)]
)
