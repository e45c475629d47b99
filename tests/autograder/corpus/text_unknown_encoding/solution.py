# coding: no-such-encoding


def softmax(x):
    return x
