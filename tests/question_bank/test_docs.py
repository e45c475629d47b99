"""The documentation of the bank keeps up with the bank."""

import re
from pathlib import Path

import pytest

from quizgen.authoring import CodeQuestion
from quizgen.bank import installed
from quizgen.battery import check
from quizgen.formats.catalogue import catalogue, kill_section

DOCS = Path(__file__).parents[2] / "docs"
SHELF = installed()
CODE = [q for q in SHELF if isinstance(q.template, CodeQuestion)]
KILLS = (DOCS / "kill-tables.md").read_text(encoding="utf-8")
NOTES = (DOCS / "material-notes.md").read_text(encoding="utf-8")


def test_the_catalogue_is_that_of_the_bank():
    written = (DOCS / "questions.md").read_text(encoding="utf-8")
    assert written == catalogue(list(SHELF)), "run `quizgen list --catalogue docs/questions.md`"


def test_the_catalogue_shows_every_question_in_both_languages():
    written = (DOCS / "questions.md").read_text(encoding="utf-8")
    for question in SHELF:
        entry = written.split(f"\n`{question.id}` · ")[1].split("\n### ")[0]
        samples = re.findall(r"(?m)^> .+(?:\n>.*)*", entry)
        assert len(samples) == len(question.languages) == 2
        assert f"### {question.title('en')} · {question.title('zh')}\n\n`{question.id}`" in written


def test_every_topic_has_three_levels():
    for topic in SHELF.topics:
        assert {q.facts.level for q in SHELF if q.topic == topic} == {1, 2, 3}, topic


def test_every_mistake_has_a_row_in_the_kill_tables():
    sections = {s.split("\n")[0]: s for s in KILLS.split("\n## ")[1:]}
    assert list(sections) == [q.id for q in CODE]
    for question in CODE:
        rows = re.findall(r"(?m)^\| ([a-z].*?) \|", sections[question.id])[1:]
        assert rows == [name.replace("_", " ") for name in question.template.mistakes]


@pytest.mark.parametrize("question", CODE[::6], ids=lambda q: q.id)
def test_kill_tables_are_what_the_battery_finds(question):
    hint = "run `quizgen check --write-kill-tables docs/kill-tables.md`"
    assert kill_section(check(question)) in KILLS, hint


def test_the_notes_name_questions_and_mistakes_that_are_there():
    named = set(re.findall(r"`([a-z-]+/[a-z-]+)`", NOTES))
    assert len(named) >= 8
    assert named <= set(SHELF.ids)
    for question_id, mistake in re.findall(r"`([a-z-]+/[a-z-]+)`[^`|]*`([a-z_]+)`", NOTES):
        assert mistake in SHELF.question(question_id).template.program.mistakes
