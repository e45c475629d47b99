"""Pooling (material Q7)."""
