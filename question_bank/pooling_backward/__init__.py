"""Pooling backwards (material Q8)."""
