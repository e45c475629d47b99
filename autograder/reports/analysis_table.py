"""The item analysis on the terminal, as CSV and as JSON."""

import csv
import io

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.reports.estimates import Estimate
from autograder.reports.fairness import LANGUAGE, QUESTION, Factor, fairness
from autograder.reports.gradebook import Gradebook
from autograder.reports.item_analysis import ExamAnalysis, ItemAnalysis, analyze
from autograder.reports.mastery import Mastery, mastery
from autograder.reports.time_spent import ItemTime, Pace, item_times
from quizgen.model import Language, Value

FACTOR_NAMES = {QUESTION: "which question", LANGUAGE: "language"}
TEXT_WIDTH = 70
"""Characters shown of an option's text."""


def percent(found: Estimate) -> str:
    """Write a share with its interval, or why there is none."""
    return written(found, "{:.0%}")


def written(found: Estimate, form: str) -> str:
    """Write an estimate with its interval, or why there is none."""
    if not found.enough:
        return f"too few students ({found.students} of {found.needed})"
    if found.value is None or found.low is None or found.high is None:
        return "all alike"
    return f"{form.format(found.value)} [{form.format(found.low)}, {form.format(found.high)}]"


def print_analysis(book: Gradebook, language: Language, out: Console) -> None:
    """Print difficulty and discrimination, what went wrong in each item, reliability, times, fairness and topics."""
    found = analyze(book, language)
    out.print(_item_table(found))
    for item in found.items:
        _print_item(item, out)
    out.print(Text(f"\nCronbach's alpha: {written(found.reliability.alpha, '{:.2f}')}"))
    out.print(Text(f"standard error of measurement, in points: {written(found.reliability.error, '{:.2f}')}"))
    _print_times(item_times(book.exam, book.saves, language), out)
    _print_fairness(fairness(book), out)
    out.print()
    out.print(_topic_table(mastery(book)))
    out.print(Text("In brackets: 95 % intervals.", style="dim"))


def _item_table(found: ExamAnalysis) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("item", "question", "right", "difficulty p", "discrimination"):
        table.add_column(heading, justify="right" if heading in {"item", "right"} else "left")
    for item in found.items:
        right = f"{item.correct}/{item.students}"
        cells = (str(item.number), item.question, right, percent(item.difficulty))
        table.add_row(*map(Text, (*cells, written(item.discrimination, "{:.2f}"))))
    return table


def _print_item(item: ItemAnalysis, out: Console) -> None:
    lines = [f"  {_of(m.count, item.students, m.share)}  {m.name.replace('_', ' ')}" for m in item.mistakes]
    lines += [
        f"  {_of(c.count, c.shown, c.share)}  {'right: ' if c.right else 'wrong: '}{_short(c.text)}"
        for c in item.choices
    ]
    if item.funnel:
        steps = " → ".join(f"{s.name} {s.lost}/{s.reached}" for s in item.funnel)
        lines.append(f"  first wrong at: {steps}")
    if lines:
        out.print(Text(f"\n{item.number}. {item.title}", style="bold"))
        for line in lines:
            out.print(Text(line))


def _of(count: int, total: int, found: Estimate) -> str:
    return f"{count}/{total}" + (f" = {percent(found)}" if found.enough else "")


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= TEXT_WIDTH else flat[: TEXT_WIDTH - 1] + "…"


def _print_times(times: tuple[ItemTime, ...], out: Console) -> None:
    out.print(Text("\nMinutes spent", style="bold"))
    if not times:
        out.print(Text("  no times were recorded"))
    for time in times:
        pace = f", {time.pace} than estimated" if time.pace in {Pace.SLOWER, Pace.FASTER} else ""
        minutes = written(time.spent, "{:.1f}")
        out.print(Text(f"  item {time.number}, {time.question}: {minutes}, estimated {time.estimated:g}{pace}"))


def _print_fairness(factors: tuple[Factor, ...], out: Console) -> None:
    out.print(Text("\nDifficulty by what was drawn", style="bold"))
    uneven = [f for f in factors if f.uneven]
    for factor in uneven:
        name = FACTOR_NAMES.get(factor.name, factor.name)
        levels = "; ".join(f"{level.label}: {percent(level.share)}" for level in factor.levels)
        out.print(Text(f"  item {factor.number}, {name}: {levels}"))
    count = f"{len(factors)} comparisons" if factors else "nothing to compare: too few students for each value drawn"
    out.print(Text(f"  {count}" + (f", {len(uneven)} whose intervals do not overlap" if factors else "")))


def _topic_table(found: Mastery) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("student")
    for topic in found.topics:
        table.add_column(topic, justify="right")
    means = [found.mean(t) for t in found.topics]
    table.add_row("all", *("" if m is None else f"{m:.0%}" for m in means), style="bold")
    for student, scores in found.students.items():
        shares = [scores[t].share if t in scores else None for t in found.topics]
        table.add_row(Text(student), *("" if s is None else f"{s:.0%}" for s in shares))
    return table


def analysis_csv(book: Gradebook) -> str:
    """Write one row per item; where there is no estimate, the cells are empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head = ("item", "question", "students", "correct")
    spread = [f"{name}{end}" for name in ("difficulty", "discrimination", "minutes") for end in ("", "_low", "_high")]
    writer.writerow([*head, *spread, "mistakes"])
    language = book.exam.language
    minutes = {(t.number, t.question): t.spent for t in item_times(book.exam, book.saves, language)}
    for item in analyze(book, language).items:
        mistakes = "; ".join(f"{m.name} ({m.count})" for m in item.mistakes)
        numbers = _cells(item.difficulty, item.discrimination, minutes.get((item.number, item.question)))
        writer.writerow([item.number, item.question, item.students, item.correct, *numbers, mistakes])
    return out.getvalue()


def _cells(*estimates: Estimate | None) -> list[str]:
    """Write value, low and high of each; empty where there is none."""
    found = [c for e in estimates for c in ((e.value, e.low, e.high) if e else (None, None, None))]
    return ["" if c is None else f"{c:.4f}" for c in found]


def analysis_json(book: Gradebook, language: Language) -> dict[str, Value]:
    """Return what `--items` adds to the report's JSON."""
    found = mastery(book)
    times = item_times(book.exam, book.saves, language)
    return {
        "analysis": msgspec.to_builtins(analyze(book, language)),
        "fairness": [{**msgspec.to_builtins(f), "uneven": f.uneven} for f in fairness(book)],
        "mastery": msgspec.to_builtins(found.students),
        "times": [{**msgspec.to_builtins(t), "pace": t.pace.value} for t in times],
    }
