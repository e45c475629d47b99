"""What `autograder similar` and `autograder trace` print."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.similar import MANY, THRESHOLD, Pair
from autograder.trace import Borrowed, Origin

MOST = 50
"""Lines printed of each table; JSON has all."""


def print_similar(pairs: Sequence[Pair], found: Sequence[Borrowed], threshold: float, out: Console) -> None:
    """Print who wrote code alike, and whose answers fit another's paper."""
    table = Table(box=None, pad_edge=False, title=Text("Code"), title_justify="left")
    for heading in ("students", "alike", "tokens", "lines"):
        table.add_column(heading, justify="right" if heading in {"alike", "tokens"} else "left")
    for p in pairs[:MOST]:
        lines = ", ".join(f"{_range(b.first)} = {_range(b.second)}" for b in p.blocks)
        table.add_row(*map(Text, (f"{p.first}, {p.second}", f"{p.share:.0%}", str(p.tokens), lines)))
    out.print(table if pairs else Text("Code: nobody's is alike"))
    out.print(Text(_explained(threshold), style="dim"))
    table = Table(box=None, pad_edge=False, title=Text("\nAnswers that fit another paper"), title_justify="left")
    for heading in ("student", "paper of", "items and steps", "by chance"):
        table.add_column(heading)
    for b in found[:MOST]:
        steps = ", ".join(f"{item} {name}" for item, name in b.steps)
        table.add_row(*map(Text, (b.student, b.other, steps, f"{b.chance:.1g}")))
    out.print(table if found else Text("\nAnswers that fit another paper: none"))
    out.print(Text("By chance: papers expected to fit as well. A reason to look, never a proof.", style="dim"))


def _explained(threshold: float) -> str:
    return (
        f"Listed: at least {threshold:.0%} of the shorter code is found in the other, names, numbers, texts, comments "
        f"and layout aside; starter code, and what more than {MANY} (and 10 %) of the class wrote, does not count. "
        f"Small tasks have few solutions: around {THRESHOLD:.0%} look, above 90 % look closely."
    )


def _range(lines: tuple[int, int]) -> str:
    return str(lines[0]) if lines[0] == lines[1] else f"{lines[0]}–{lines[1]}"


def print_origins(origins: Sequence[Origin], out: Console) -> None:
    """Print the papers that hold the numbers, those that hold most of them first."""
    if not origins:
        out.print(Text("no paper holds any of these numbers"))
        return
    most = len(origins[0].places)
    best = [o for o in origins if len(o.places) == most]
    out.print(Text(f"{len(best)} {'papers hold' if len(best) > 1 else 'paper holds'} {most} of these numbers"))
    for origin in best[:MOST]:
        out.print(Text(f"\n{origin.student}  {origin.name}  {origin.code}", style="bold"))
        for number, places in origin.places.items():
            where = ", ".join(f"item {p.item} {'answer' if p.answer else 'given'} {p.name}" for p in places)
            out.print(Text(f"  {number}: {where}"))
