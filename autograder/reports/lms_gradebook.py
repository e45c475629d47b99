"""Gradebooks as CSV in the columns that learning management systems import."""

import csv
import io
from collections.abc import Callable, Sequence

from autograder.reports.gradebook import Gradebook, Row
from autograder.reports.table import cell

Lines = list[Sequence[str]]


def lms_csv(book: Gradebook, system: str) -> str:
    """Write the totals for one system; who handed in nothing has an empty cell, which leaves the score there alone."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(SYSTEMS[system](book))
    return out.getvalue()


def _canvas(book: Gradebook) -> Lines:
    """Columns as Canvas exports them; it finds students by SIS User ID, and reads the maximum from the second row."""
    head = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", cell(book.exam.title))
    maximum = ("    Points Possible", "", "", "", "", _number(_maximum(book)))
    return [
        head,
        maximum,
        *((cell(r.paper.name), "", cell(r.paper.student), cell(r.paper.email), "", _points(r)) for r in book.rows),
    ]


def _moodle(book: Gradebook) -> Lines:
    """Moodle asks which column finds the student ("ID number" or "Email address") and which is the grade."""
    head = ("ID number", "Full name", "Email address", cell(book.exam.title))
    return [
        head,
        *((cell(r.paper.student), cell(r.paper.name), cell(r.paper.email), _points(r)) for r in book.rows),
    ]


def _blackboard(book: Gradebook) -> Lines:
    """Blackboard finds students by Username; a heading without its own number makes a new column."""
    score = f"{cell(book.exam.title)} [Total Pts: {_number(_maximum(book))} Score]"
    lines: Lines = [("Last Name", "First Name", "Username", "Student ID", score)]
    for row in book.rows:
        first, last = _split(row.paper.name)
        student = cell(row.paper.student)
        lines.append((cell(last), cell(first), student, student, _points(row)))
    return lines


SYSTEMS: dict[str, Callable[[Gradebook], Lines]] = {"canvas": _canvas, "moodle": _moodle, "blackboard": _blackboard}


def _points(row: Row) -> str:
    return "" if row.points is None else _number(row.points)


def _maximum(book: Gradebook) -> float:
    """Return what could be had at most: items that we failed to mark in one hand-in count in the others."""
    return max((row.possible for row in book.graded or book.rows), default=0.0)


def _number(value: float) -> str:
    return f"{value:.10g}"


def _split(name: str) -> tuple[str, str]:
    """Take the last word for the family name; a name without spaces stays whole."""
    first, _, last = name.rpartition(" ")
    return first, last
