"""The NumPy reference solver, one module a topic; it imports NumPy and nothing else."""
