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
from quizgen.formats.keys import key_rows
from quizgen.formats.sheet import rounding_words, shape_words, shown_options
from quizgen.marking.concept import LETTERS
from quizgen.model import Ask, CodeBody, ConceptBody, Exam, Item, Key, Language, NumericBody, Paper, Variant
from quizgen.solution import picture_text, solution_values, stem_values
from quizgen.wording import render
from quizgen.wording.phrases import phrase

if TYPE_CHECKING:
    from quizgen.battery import Report

Step = Callable[..., None]
PIPED_WIDTH = 160


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


def _item(question: Question, seed: int) -> tuple[Item, Key]:
    variant, key = question.draw(seed)
    return Item(number=1, points=1.0, ask=Ask.STEPS, variant=variant), key


def shown(question: Question, seed: int, language: Language) -> dict[str, Any]:
    """Return one variant with its key as JSON."""
    check_languages([question], language)
    item, key = _item(question, seed)
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
    item, key = _item(question, seed)
    words = question.words[language].sections
    out = console()
    out.print(Text(f"{question.title(language)}  ({question.id}, seed {seed})", style="bold"))
    facts = question.facts
    out.print(Text(f"{facts.source} · level {facts.level} · {facts.minutes:g} {phrase('minutes', language)}\n"))
    out.print(Text(render(words["stem"], stem_values(item.variant))))
    if text := picture_text(item.variant, words):
        out.print(Text(f"\n{phrase('picture', language)}: {text}"))
    _print_body(out, item.variant, words, language)
    out.print(Text(f"\n{phrase('key', language)}", style="bold"))
    for row in key_rows(item, key, question.record(), language):
        out.print(Text(f"  {row.label}: {row.value}  {row.within}".rstrip()))
    out.print(Text(f"\n{phrase('solution', language)}", style="bold"))
    out.print(Text(render(words["solution"], solution_values(item.variant, key))))


def _print_body(out: Console, variant: Variant, words: dict[str, str], language: Language) -> None:
    values = stem_values(variant)
    match variant.body:
        case NumericBody() as body:
            out.print()
            for f in body.fields:
                label = render(words[f.name], values)
                wanted = f"{shape_words(f.shape, language)}, {rounding_words(f.rounding, language)}"
                out.print(Text(f"  {f.name}: {label} ({wanted})"))
        case ConceptBody() as body:
            texts, rows = shown_options(body, words)
            out.print(Text(f"\n{phrase(f'select-{body.select}', language)}"))
            for number, row in enumerate(rows, start=1):
                out.print(Text(f"  {number}. {render(row, values)}"))
            for letter, text in zip(LETTERS, texts, strict=False):
                out.print(Text(f"  {letter}  {render(text, values)}"))
        case CodeBody() as body:
            out.print(Text(f"\n  def {body.signature}:\n"))
            out.print(Text(words["docstring"]))
            out.print(Text(f"\n  >>> {body.example.call}\n  {body.example.result}"))


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
