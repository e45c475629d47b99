"""The gradebook as CSV and on the terminal."""

import csv
import io
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.intake import Problem
from autograder.reports.gradebook import Gradebook, Row
from quizgen.model import NumericDetail, Status, Verdict
from quizgen.wording.phrases import in_words

SIGNS = {
    Status.CORRECT: ("✓", "green"),
    Status.PARTIAL: ("~", "yellow"),
    Status.INCORRECT: ("✗", "red"),
    Status.BLANK: ("·", "dim"),
    Status.UNREADABLE: ("?", "magenta"),
    Status.ERROR: ("!", "bold red"),
}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the start of a cell."""
MOST_MISTAKES = 3
EXTRA = ("deducted", "why")
"""Columns for what the policy took away."""


def as_csv(book: Gradebook) -> str:
    """Write one row per student; those who handed in nothing have empty cells."""
    numbers = sorted({line.number for line in book.lines})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    items = [f"item{n}" for n in numbers]
    writer.writerow(["student", "name", "email", "points", "possible", "percent", *items, *EXTRA])
    for row in book.rows:
        points = {v.item: f"{v.points:.10g}" for v in row.verdicts}
        share = "" if row.share is None else f"{100 * row.share:.1f}"
        head = [cell(row.paper.student), cell(row.paper.name), cell(row.paper.email)]
        total = "" if row.points is None else f"{row.points:.10g}"
        cells = [points.get(n, "") for n in numbers]
        writer.writerow([*head, total, f"{row.possible:.10g}", share, *cells, *_why_less(row)])
    return out.getvalue()


def cell(text: str) -> str:
    """Keep a spreadsheet from running a name as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _why_less(row: Row) -> tuple[str, str]:
    """Return the points that the policy took away, and why; empty where it took none."""
    if not row.deductions:
        return "", ""
    total = sum(d.points for d in row.deductions)
    return f"{total:.10g}", "; ".join(in_words(d.reason, "en") for d in row.deductions)


def student_table(book: Gradebook) -> Table:
    """Return one line per student."""
    numbers = sorted({line.number for line in book.lines})
    table = Table(title=Text(book.exam.title), title_justify="left", box=None, pad_edge=False)
    table.add_column("student")
    table.add_column("name")
    for heading in ("points", "of", "%"):
        table.add_column(heading, justify="right")
    for number in numbers:
        table.add_column(str(number), justify="center")
    for row in book.rows:
        table.add_row(*_row_cells(row, numbers))
    return table


def _row_cells(row: Row, numbers: Sequence[int]) -> list[Text]:
    if row.grading is None:
        cells = ["-", f"{row.possible:g}", ""]
    else:
        cells = [f"{row.points:.4g}", f"{row.possible:g}", "" if row.share is None else f"{100 * row.share:.0f}"]
    signs = {v.item: Text(*SIGNS[v.status]) for v in row.verdicts}
    name = Text(row.paper.name)
    return [Text(row.paper.student), name, *map(Text, cells), *(signs.get(n, Text("")) for n in numbers)]


def item_table(book: Gradebook) -> Table:
    """Return one line per item: how many answered, the mean credit and the commonest named mistakes."""
    table = Table(box=None, pad_edge=False)
    for heading in ("item", "question", "answered", "mean", "mistakes named most"):
        table.add_column(heading, justify="right" if heading in {"item", "answered", "mean"} else "left")
    for line in book.lines:
        mistakes = ", ".join(f"{name} ({count})" for name, count in line.mistakes.most_common(MOST_MISTAKES))
        mean = "-" if line.mean is None else f"{line.mean:.0%}"
        cells = (str(line.number), line.question, str(line.answered), mean, mistakes)
        table.add_row(*(Text(cell) for cell in cells))
    return table


def print_gradebook(book: Gradebook, out: Console) -> None:
    """Print students, items and what the signs mean."""
    out.print(student_table(book))
    out.print(Text("   ".join(f"{sign} {status}" for status, (sign, _) in SIGNS.items()), style="dim"))
    out.print()
    out.print(item_table(book))
    mean = "" if book.mean is None else f", mean {book.mean:.0%}"
    out.print(Text(f"\n{len(book.graded)} of {len(book.rows)} students graded{mean}"))
    if book.unsafe:
        out.print(Text("Some of these results were made without a sandbox.", style="bold red"))


def _why(verdict: Verdict) -> str:
    """Say why a response is unreadable or was not marked: as a whole, or at its first unreadable step."""
    if verdict.reason is not None:
        return in_words(verdict.reason, "en")
    steps = verdict.detail.steps if isinstance(verdict.detail, NumericDetail) else ()
    found = [f"{s.name} {in_words(s.reason, 'en')}" for s in steps if s.status is Status.UNREADABLE and s.reason]
    return "; ".join(found)


def print_problems(book: Gradebook, problems: Sequence[Problem], out: Console) -> None:
    """Say what could not be read and what was not marked, so that somebody looks."""
    lines = [Text(f"{p.place}: {p.reason}") for p in problems]
    for row in book.rows:
        if row.grading is None:
            continue
        lines += [Text(f"{row.paper.student}: {in_words(p, 'en')}") for p in row.grading.problems]
        lines += [Text(f"{row.paper.student}: −{d.points:.4g}: {in_words(d.reason, 'en')}") for d in row.deductions]
        for verdict in row.verdicts:
            if verdict.status in {Status.UNREADABLE, Status.ERROR}:
                lines.append(Text(f"{row.paper.student}: item {verdict.item} {verdict.status}: {_why(verdict)}"))
    missing = [row.paper.student for row in book.rows if row.grading is None]
    if missing:
        lines.append(Text(f"nothing handed in: {', '.join(missing)}"))
    if lines:
        out.print(Text("\nTo look at:", style="bold"))
        for line in lines:
            out.print(Text("  ") + line)
