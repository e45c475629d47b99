"""What is in the banks, as Markdown for the documentation: every question with a sample, every kill table."""

from collections.abc import Iterable, Iterator, Sequence

from quizgen.bank import Question
from quizgen.battery import Report
from quizgen.model import Language
from quizgen.solution import picture_text, stem_values
from quizgen.wording import render

SAMPLE_SEED = 0
QUESTIONS_HEAD = """# The questions

Written by `quizgen list --catalogue docs/questions.md`: every question, with the variant of seed {seed} in every
language.
"""
KILLS_HEAD = """# Kill tables

Written by `quizgen check --write-kill-tables docs/kill-tables.md`. For each code question: on how many
of the seeds a group of cases tells a known wrong implementation from the right one. Each of them must be told on every
seed by some group.
"""


def catalogue(questions: Sequence[Question]) -> str:
    """List questions by topic, each with its facts and one sample."""
    parts = [QUESTIONS_HEAD.format(seed=SAMPLE_SEED), _overview(questions)]
    for topic in dict.fromkeys(q.topic for q in questions):
        parts.append(f"## {topic}\n")
        parts += [_entry(q) for q in questions if q.topic == topic]
    return "\n".join(parts)


def _overview(questions: Sequence[Question]) -> str:
    head = ("topic", "questions", "numeric", "concept", "code", "level 1", "level 2", "level 3")
    rows = []
    for topic in dict.fromkeys(q.topic for q in questions):
        found = [q for q in questions if q.topic == topic]
        kinds = [sum(q.kind == kind for q in found) for kind in head[2:5]]
        levels = [sum(q.facts.level == level for q in found) for level in (1, 2, 3)]
        rows.append((f"[{topic}](#{topic})", len(found), *kinds, *levels))
    return _table(head, rows)


def _entry(question: Question) -> str:
    facts = question.facts
    titles = " · ".join(question.title(language) for language in question.languages)
    line = f"`{question.id}` · {question.kind} · level {facts.level} · {facts.minutes:g} min · {facts.source}"
    samples = "\n\n".join(_sample(question, language) for language in question.languages)
    return f"### {titles}\n\n{line}\n\n{samples}\n"


def _sample(question: Question, language: Language) -> str:
    """Quote the stem, and what the picture shows, so that a question's own markup stays apart from the page's."""
    variant, _ = question.draw(SAMPLE_SEED)
    words = question.words[language].sections
    stem = render(words["stem"], stem_values(variant)).strip()
    if said := picture_text(variant, words):
        stem += f"\n\n*{said}*"
    return "\n".join(f"> {line}".rstrip() for line in stem.splitlines())


def kill_page(reports: Iterable[Report]) -> str:
    """Write the kill tables of all code questions among the reports."""
    return "\n".join([KILLS_HEAD, *(kill_section(r) for r in reports if r.kills)])


def kill_section(report: Report) -> str:
    """Write one question's kill table."""
    groups = list(next(iter(report.kills.values())))
    rows = [(name.replace("_", " "), *(row[g] for g in groups)) for name, row in report.kills.items()]
    head = ("mistake", *(g.replace("_", " ") for g in groups))
    return f"## {report.question}\n\nSeeds: {report.draws}\n\n{_table(head, rows)}"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return "\n".join(_lines(head, rows)) + "\n"


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|---" + "|--:" * (len(head) - 1) + "|"
    for row in rows:
        yield "| " + " | ".join(str(cell) for cell in row) + " |"
