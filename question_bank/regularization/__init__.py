"""Regularization (material Q2, equations 4 to 7)."""
