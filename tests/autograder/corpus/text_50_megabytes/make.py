"""Makes a file of 50 megabytes."""

SOURCE = b"TABLE = [" + b"0," * 25_000_000 + b"]\n"
