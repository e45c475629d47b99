"""Activation functions (material Q1, equations 1 to 3)."""
