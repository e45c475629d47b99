"""How much of a hand-in is read."""

MIB = 1024 * 1024
MAX_FILE_BYTES = 1 * MIB
"""One file, uncompressed."""
MAX_NOTEBOOK_BYTES = 8 * MIB
"""One notebook: the pictures that it printed are part of it."""
MAX_METADATA_BYTES = 64 * MIB
"""Gradescope's list of who handed in what, with the results of everybody's tests."""
MAX_MEMBERS = 200
"""Files and folders in a zip."""
MAX_TOTAL_BYTES = 20 * MIB
"""All of a zip: as it lies there, and uncompressed."""
MAX_ENTRIES = 5000
"""Files and folders looked at in a student's folder."""
MAX_SHOWN_CHARACTERS = 80
"""Of a student's text in a message."""


def size(limit: int) -> str:
    """Say a limit in words."""
    return f"{limit // MIB} MiB"


def shown(text: str) -> str:
    """Make a student's text fit for a message: short, and without characters that steer a terminal."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: MAX_SHOWN_CHARACTERS + 1])
    return clean if len(clean) <= MAX_SHOWN_CHARACTERS else clean[: MAX_SHOWN_CHARACTERS - 1] + "…"
