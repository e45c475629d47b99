"""What the commands print: tables, one variant, progress."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from quizgen.assembly import check_languages
from quizgen.bank import Question
from quizgen.formats.variant_text import variant_text
from quizgen.model import Ask, Exam, Item, Key, Language, Paper
from quizgen.solution import picture_text, solution_values, stem_values
from quizgen.wording import render

if TYPE_CHECKING:
    from quizgen.battery import Report

Step = Callable[..., None]
PIPED_WIDTH = 160
MEASURE = 100
"""Columns of a line of text."""


def console() -> Console:
    """Return a console for standard output; what is piped or captured is not cut to 80 columns."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=PIPED_WIDTH)


@contextmanager
def progress(title: str, total: int, *, quiet: bool = False) -> Iterator[Step]:
    """Show a progress bar on standard error while the block runs; each call of what it yields moves it on."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    out = Console(stderr=True)
    with Progress(*columns, console=out, transient=True, disable=quiet or not out.is_terminal) as bar:
        task = bar.add_task(title, total=total)

        def step(label: str = "") -> None:
            bar.update(task, advance=1, description=f"{title} {label}".rstrip())

        yield step


def question_table(questions: Sequence[Question], language: Language) -> None:
    """Print the questions, one a line."""
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "kind", "level", "minutes", "languages", "source", "title"):
        table.add_column(heading, no_wrap=heading == "id")
    for q in questions:
        title = q.title(language if language in q.languages else q.languages[0])
        cells = (q.id, q.kind, str(q.facts.level), f"{q.facts.minutes:g}", " ".join(q.languages), q.facts.source, title)
        table.add_row(*(Text(c) for c in cells))
    console().print(table)
    console().print(Text(f"{len(questions)} questions"))


def practice_item(question: Question, seed: int) -> tuple[Item, Key]:
    """Draw a variant as an item of a paper of its own, every step asked."""
    variant, key = question.draw(seed)
    return Item(number=1, points=1.0, ask=Ask.STEPS, variant=variant), key


def shown(question: Question, seed: int, language: Language) -> dict[str, Any]:
    """Return one variant with its key as JSON."""
    check_languages([question], language)
    item, key = practice_item(question, seed)
    words = question.words[language].sections
    return {
        **question.facts_json(),
        "seed": seed,
        "language": language,
        "stem": render(words["stem"], stem_values(item.variant)),
        "picture": picture_text(item.variant, words),
        "givens": item.variant.givens,
        "body": msgspec.to_builtins(item.variant.body),
        "key": msgspec.to_builtins(key),
        "solution": render(words["solution"], solution_values(item.variant, key)),
    }


def variant_page(question: Question, seed: int, language: Language) -> None:
    """Print one variant as an instructor reads it."""
    check_languages([question], language)
    item, key = practice_item(question, seed)
    out = console()
    out.print(Text(f"{question.title(language)}  ({question.id}, seed {seed})", style="bold"))
    say(variant_text(question, item, key, language, text_width()))


def text_width() -> int:
    """Return how wide texts are written: as the terminal is, but no wider than one likes to read."""
    return min(console().width, MEASURE)


def say(text: str) -> None:
    """Print lines that are laid out already."""
    console().print(Text(text), soft_wrap=True)


def check_table(reports: "Sequence[Report]") -> None:
    """Print what the battery found, failures last."""
    table = Table(box=None, pad_edge=False)
    for heading in ("question", "draws", "fair", "result"):
        table.add_column(heading, justify="left" if heading in {"question", "result"} else "right")
    for r in reports:
        result = Text("passed", style="green") if r.passed else Text(f"{len(r.failures)} promises broken", style="red")
        table.add_row(Text(r.question), str(r.draws), f"{r.kept:.0%}", result)
    out = console()
    out.print(table)
    for r in reports:
        for promise, count in r.failures.most_common():
            out.print(
                Text(
                    f"{r.question}: {promise} ({count} times)" if count > 1 else f"{r.question}: {promise}", style="red"
                )
            )
    failed = sum(not r.passed for r in reports)
    out.print(Text(f"{len(reports)} questions, {failed} failed"))


def fairness_table(reports: "Sequence[Report]") -> None:
    """Print, for each numeric question, the weights of work that are drawn and how much they spread."""
    table = Table(title="Work by hand (digits and minus signs read and written)", box=None, pad_edge=False)
    table.add_column("question")
    for heading in ("from", "to", "spread"):
        table.add_column(heading, justify="right")
    for r in reports:
        if r.work:
            low, high = r.band
            table.add_row(Text(r.question), f"{low:.0f}", f"{high:.0f}", f"{r.spread:.1%}")
    console().print(table)


def kill_tables(reports: "Sequence[Report]") -> None:
    """Print, for each code question, on how many seeds each group of cases tells each wrong implementation."""
    for r in reports:
        if not r.kills:
            continue
        groups = list(next(iter(r.kills.values())))
        table = Table(title=Text(f"{r.question}: seeds of {r.draws} on which a group kills a mistake"), box=None)
        for heading in ("mistake", *groups):
            table.add_column(heading.replace("_", " "))
        for name, row in r.kills.items():
            table.add_row(Text(name), *(str(row[g]) for g in groups))
        console().print(table)


def exam_summary(exam: Exam, folder: Path) -> None:
    """Say what was made and what to do next."""
    paper: Paper = exam.papers[0]
    points = sum(i.points for i in paper.items)
    minutes = sum(exam.questions[i.variant.question].minutes for i in paper.items)
    out = console()
    size = f"{len(exam.papers)} papers of {len(paper.items)} items, {points:g} points, about {minutes:g} minutes"
    out.print(Text(f"{exam.title}: {size}"))
    out.print(Text(f"  {folder / 'papers'}  one folder per student: paper.html, answers.toml, solution.py"))
    out.print(Text(f"  {folder / 'answer-book.html'}  all keys: for instructors only"))
    out.print(Text(f"  {folder / 'exam.json'}  the frozen exam: keep it, grading needs it"))
