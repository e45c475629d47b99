"""Vanishing and exploding gradients (material Q3, equations 8 and 9)."""
