"""Assignment expressions, match, star expressions, positional-only arguments."""
import numpy as np


def softmax(x, /, *, axis=-1):
    match x.shape:
        case (_, _):
            pass
        case _:
            raise ValueError("wanted two axes")
    return (e := np.exp(x - x.max(axis=axis, keepdims=True))) / e.sum(axis=axis, keepdims=True)


def max_pool(x, k, *rest, **options):
    (height, width), *_ = x.shape, None
    return np.block([[x[i : i + k, j : j + k].max() for j in range(0, width // k * k, k)]
                     for i in range(0, height // k * k, k)])
