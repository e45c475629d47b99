"""Midterm: fundamentals of deep learning, 8BS8-NPDP: 在这里编写函数。可以使用 NumPy 和标准库，不能访问文件和网络。"""

import numpy as np


# 10. 编写平方误差的梯度
def mse_gradient(X, y, theta):
    """返回线性模型的均方误差的一半对参数的梯度。

    X：形状为 (m, n) 的数组，每行一个样本
    y：目标值，形状为 (m,)
    theta：参数，形状为 (n,)

    返回值的形状为 (n,)。

    示例:

    >>> mse_gradient(np.array([[1.0, 1.0], [1.0, 2.0]]), np.array([2.0, 4.0]), np.array([0.0, 1.0]))
    np.array([-1.5, -2.5])
    """
    raise NotImplementedError("mse_gradient")


# 11. 编写批量归一化的前向计算
def batch_norm_forward(X, gamma, beta, eps):
    """返回按特征（或通道）归一化、再缩放和平移之后的批量。

    X：批量，形状为 (N, D) 或 (N, C, H, W)
    gamma：缩放系数，形状为 (D,) 或 (C,)
    beta：平移量，形状为 (D,) 或 (C,)
    eps：加在方差上的小常数，在根号内

    返回形状与 X 相同的数组。

    示例:

    >>> batch_norm_forward(np.array([[1.0, 2.0], [5.0, 8.0]]), np.array([1.0, 1.0]), np.array([0.0, 3.0]), 0.0)
    np.array([[-1.0, 2.0], [1.0, 4.0]])
    """
    raise NotImplementedError("batch_norm_forward")


# 12. 编写最大池化的反向传播
def max_pool_backward(x, dY, window, stride, padding=(0, 0)):
    """返回损失对最大池化的输入的梯度。

    x：形状为 (N, C, H, W) 的数组，前向时的输入
    dY：形状为 (N, C, H_out, W_out) 的数组，损失对池化结果的梯度，
        H_out = floor((H + 2*ph - kh) / sh) + 1，W_out 同理
    window：(kh, kw)，窗口的行数和列数
    stride：(sh, sw)，相邻窗口之间向下和向右移动的格数
    padding：(ph, pw)，上下各填充 ph 行，左右各填充 pw 列
    返回值：形状为 (N, C, H, W) 的数组；有并列最大值时，梯度给按行排列的第一个

    示例:

    >>> max_pool_backward(np.array([[[[1.0, -2.0, 3.0, 0.5], [4.0, 0.0, -1.0, 2.0]]]]), np.array([[[[5.0, 7.0]]]]), (2, 2), (2, 2), (0, 0))
    np.array([[[[0.0, 0.0, 7.0, 0.0], [5.0, 0.0, 0.0, 0.0]]]])
    """
    raise NotImplementedError("max_pool_backward")
