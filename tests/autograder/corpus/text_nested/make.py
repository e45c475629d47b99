"""Makes a file of nothing but opening brackets."""

SOURCE = b"(" * 100_000
