"""Gradient descent (material Q4, equations 10 to 14)."""
