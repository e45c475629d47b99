"""Saved in another encoding: Æ½¾ù."""


def softmax(x):
    return x
