"""Normalization (material Q6, equations 21 and 22)."""
