"""Backpropagation (material Q5, equations 15 to 20)."""
