"""Keys worked out anew with the installed questions, where what they say now cannot mark the papers any more."""

import dataclasses

import pytest

from autograder.renewal import renewed_key
from quizgen.assembly import assemble
from quizgen.bank import installed
from quizgen.blueprint import Blueprint, Section, Student
from quizgen.errors import InstructorError

SEVERAL = "activations/properties"
MATCH = "pooling/which-pooling"


@pytest.fixture(scope="module")
def exam():
    plan = Blueprint(title="T", seed=2, sections=(Section(questions=(SEVERAL, MATCH)),))
    return assemble(plan, [Student(student="s1", name="Ann")], installed(), program="test")


def reworded(question_id, section, change):
    """Return a question as it would be if that section of its words had been changed."""
    question = installed().question(question_id)
    words = {
        language: type(w)(
            **{**{f: getattr(w, f) for f in w.__struct_fields__}, "sections": changed(w, section, change)}
        )
        for language, w in question.words.items()
    }
    return dataclasses.replace(question, words=words)


def changed(words, section, change):
    return {**words.sections, section: change(words.sections[section])}


def renewed(exam, number, question):
    paper = exam.papers[0]
    return renewed_key(paper, paper.items[number], question)


def test_what_did_not_change_gives_the_key_that_the_paper_has(exam):
    for number, name in enumerate((SEVERAL, MATCH)):
        assert renewed(exam, number, installed().question(name)) == exam.keys["s1"][number]


def test_an_option_that_turned_out_wrong_is_no_longer_in_the_key(exam):
    question = reworded(SEVERAL, "options", lambda text: text.replace("- [x]", "- [ ]", 1))
    before, after = set(exam.keys["s1"][0].right), set(renewed(exam, 0, question).right)
    shown = exam.papers[0].items[0].variant.body.options
    first = next(i for i, mark in enumerate(installed().question(SEVERAL).pool.marks) if mark is True)
    assert before - after == {at for at, index in enumerate(shown) if index == first}


def test_options_of_which_none_is_right_now_cannot_be_marked(exam):
    question = reworded(SEVERAL, "options", lambda text: text.replace("- [x]", "- [ ]"))
    with pytest.raises(InstructorError, match=f"{SEVERAL}: no option of item 1 on a paper is right now"):
        renewed(exam, 0, question)


def test_rows_whose_right_side_no_paper_shows_cannot_be_marked(exam):
    fresh = iter(range(100))

    def told_apart(text):
        lines = text.split("\n")
        return "\n".join(f"{line} {next(fresh)}" if " :: " in line else line for line in lines)

    assert len(set(installed().question(MATCH).pool.targets)) < installed().question(MATCH).pool.length
    with pytest.raises(
        InstructorError, match=f"{MATCH}: a row of item 2 belongs to a right side now that a paper lacks"
    ):
        renewed(exam, 1, reworded(MATCH, "pairs", told_apart))


def test_options_that_were_taken_away_are_missed(exam):
    question = reworded(MATCH, "pairs", lambda text: text[: text.index("\n- ")])
    with pytest.raises(InstructorError, match="options were taken away"):
        renewed(exam, 1, question)
