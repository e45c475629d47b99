"""Vectors, matrices and feature maps in LaTeX; their cells are numbers or texts already formatted."""

from quizgen.wording.numbers import Nested, latex_number, to_lists

CHANNELS = r",\quad "


def column(value: Nested) -> str:
    """Write a vector as a column."""
    return _bracketed(" \\\\ ".join(_row(value)))


def row(value: Nested) -> str:
    """Write a vector as a row."""
    return _bracketed(" & ".join(_row(value)))


def matrix(value: Nested) -> str:
    """Write a matrix, or the channels of a feature map side by side."""
    return CHANNELS.join(_bracketed(" \\\\ ".join(map(" & ".join, rows))) for rows in _channels(value))


def grid(value: Nested) -> str:
    """Write a feature map as squared paper, its channels side by side."""
    return CHANNELS.join(_squared(rows) for rows in _channels(value))


def _bracketed(cells: str) -> str:
    return rf"\begin{{bmatrix}} {cells} \end{{bmatrix}}"


def _squared(rows: list[list[str]]) -> str:
    columns = "|" + "c|" * len(rows[0])
    lines = " \\\\ \\hline ".join(map(" & ".join, rows))
    return rf"\begin{{array}}{{{columns}}} \hline {lines} \\ \hline \end{{array}}"


def _channels(value: Nested) -> list[list[list[str]]]:
    value = to_lists(value)
    match _rank(value):
        case 2:
            return [_rows(value)]
        case 3:
            return [_rows(channel) for channel in value]
        case rank:
            raise ValueError(f"a matrix or a list of matrices is wanted here, not rank {rank}")


def _rows(value: Nested) -> list[list[str]]:
    rows = [_row(entry) for entry in value]
    if len({len(entry) for entry in rows}) != 1:
        raise ValueError(f"the rows of a matrix have different lengths: {[len(entry) for entry in rows]}")
    return rows


def _row(value: Nested) -> list[str]:
    value = to_lists(value)
    if _rank(value) != 1:
        raise ValueError(f"a vector is wanted here, not rank {_rank(value)}")
    return [latex_number(cell) for cell in value]


def _rank(value: Nested) -> int:
    """Count the levels of nesting; an empty list has no rank."""
    rank = 0
    while isinstance(value, list):
        if not value:
            raise ValueError("an empty list cannot be printed")
        value, rank = value[0], rank + 1
    return rank
