"""Right values in unusual arrays: reversed twice, read-only, a transposed copy, a matrix, a memmap without a file."""
import numpy as np

turn = 0


def odd(a):
    global turn
    turn += 1
    if turn % 4 == 0:
        a.flags.writeable = False
        return a
    if turn % 4 == 1:
        return np.flip(np.flip(a).copy())
    if turn % 4 == 2:
        return np.asfortranarray(a)
    return a.astype(a.dtype.newbyteorder(">")).view(np.recarray)


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return odd(e / e.sum(axis=-1, keepdims=True))


def max_pool(x, k):
    return odd(np.array([[x[i : i + k, j : j + k].max() for j in range(0, x.shape[1] // k * k, k)]
                         for i in range(0, x.shape[0] // k * k, k)]))
