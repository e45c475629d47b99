"""The page where students answer and instructors watch."""
