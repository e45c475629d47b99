"""归一化指数函数与最大池化。"""
import numpy as np


def softmax(x):
    # 先减去每行的最大值，避免溢出
    最大值 = x.max(axis=-1, keepdims=True)
    指数 = np.exp(x - 最大值)
    print("每行的和：", 指数.sum(axis=-1))
    return 指数 / 指数.sum(axis=-1, keepdims=True)


def max_pool(x, k):
    """最大池化，窗口大小为 k×k，步长为 k。"""
    行数, 列数 = x.shape[0] // k, x.shape[1] // k
    return x[: 行数 * k, : 列数 * k].reshape(行数, k, 列数, k).max(axis=(1, 3))
