"""Connects to a socket in the file system."""
import sys

import numpy as np

socket = sys.modules["_socket"]


def softmax(x):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect("@folder@/server")
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
