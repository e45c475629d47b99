"""What runs beside and as the student's code: it imports NumPy, the standard library and its own siblings."""
