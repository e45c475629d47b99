"""Mixes tabs and spaces."""
import numpy as np


def softmax(x):
    y = x
	return y
