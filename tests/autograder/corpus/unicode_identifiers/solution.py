"""Greek letters, as in the formulas."""
import numpy as np


def σ(ζ):
    ε = np.exp(ζ - ζ.max(axis=-1, keepdims=True))
    Σ = ε.sum(axis=-1, keepdims=True)
    return ε / Σ


softmax = σ


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
