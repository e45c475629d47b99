"""What an answer book says: every question worked once, every paper's keys; for instructors only."""

from dataclasses import dataclass

from quizgen.formats.keys import KeyRow, key_rows
from quizgen.formats.sheet import HTML, Markup, item_sheet
from quizgen.model import Exam, Item, Key, NumericBody, Paper
from quizgen.solution import solution_values
from quizgen.wording import parse, render


@dataclass(frozen=True, kw_only=True)
class Worked:
    """One question, worked with the numbers of the first paper that has it; its words are in one format's markup."""

    title: str
    id: str
    student: str
    stem: str
    solution: str
    mistakes: tuple[tuple[str, str], ...]


PaperKeys = tuple[Paper, tuple[tuple[Item, tuple[KeyRow, ...]], ...]]


def worked(exam: Exam, markup: Markup = HTML) -> tuple[Worked, ...]:
    """Work each question once, with a paper in the exam's language where there is one."""
    found: dict[str, Worked] = {}
    for paper in sorted(exam.papers, key=lambda p: p.language != exam.language):
        for item, key in zip(paper.items, exam.keys[paper.student], strict=True):
            if item.variant.question not in found:
                found[item.variant.question] = _work(item, key, paper, exam, markup)
    return tuple(found.values())


def keys(exam: Exam) -> tuple[PaperKeys, ...]:
    """Pair each paper's items with their right answers."""
    return tuple((paper, _paper_keys(paper, exam)) for paper in exam.papers)


def _paper_keys(paper: Paper, exam: Exam) -> tuple[tuple[Item, tuple[KeyRow, ...]], ...]:
    return tuple(
        (item, key_rows(item, key, exam.questions[item.variant.question], paper.language))
        for item, key in zip(paper.items, exam.keys[paper.student], strict=True)
    )


def _work(item: Item, key: Key, paper: Paper, exam: Exam, markup: Markup) -> Worked:
    record = exam.questions[item.variant.question]
    words = record.words[paper.language]
    values = solution_values(item.variant, key)
    known = {"stem", "picture", "solution", "docstring", "options", "pairs", "sequence"}
    known |= {group.name for group in record.groups}
    if isinstance(item.variant.body, NumericBody):
        known |= {f.name for f in item.variant.body.fields}
    return Worked(
        title=record.titles[paper.language],
        id=record.id,
        student=paper.name,
        stem=item_sheet(item, record, paper.language, markup).stem,
        solution=markup.block(parse(render(words["solution"], values))),
        mistakes=tuple(
            (name.replace("_", " "), markup.inline(parse(render(text, values))))
            for name, text in words.items()
            if name not in known
        ),
    )
