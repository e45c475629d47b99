"""Decorators with and without arguments."""
import functools
import time

import numpy as np


def timed(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        start = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            print(f"{function.__name__}: {time.perf_counter() - start > 0}")

    return inner


def checked(**wanted):
    def decorate(function):
        @functools.wraps(function)
        def inner(*args):
            assert args[0].ndim == wanted["ndim"]
            return function(*args)

        return inner

    return decorate


@timed
@checked(ndim=2)
def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@timed
@checked(ndim=2)
def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
