"""What counts as right: reading numbers, tolerance, follow-through, diagnosis, choices, comparing arrays."""
