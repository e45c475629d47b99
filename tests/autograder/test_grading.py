"""What is odd about a hand-in as a whole is said, and costs nothing."""

import pytest

from autograder.grading import Grader
from quizgen.bank import installed
from quizgen.exam_file import read_exam
from quizgen.model import Status, Submission
from quizgen.wording.phrases import in_words


@pytest.fixture
def problems(example, sandbox):
    """Return a function that grades answers for the first paper of the example and says what is odd about them."""
    exam = read_exam(example / "exam")

    def grade(text):
        submission = Submission(student="s01", digest="d", answers=text.encode())
        grading = Grader(exam, installed(), sandbox, "test").grade(submission, 5, "")
        assert {v.status for v in grading.verdicts} == {Status.BLANK}
        return [in_words(p, "en") for p in grading.problems]

    return grade


def test_an_answer_under_another_name_is_told(problems):
    assert problems('[item2]\nDecayed = "1, 2"\nw-next = "3"\nw_next = ""\n[item8]\nantwort = "A"\n') == [
        "item 2: nothing is asked for by the name Decayed, w-next; the places are decayed, w_next",
        "item 8: nothing is asked for by the name antwort; the places are answer",
    ]


def test_empty_places_and_code_say_nothing(problems):
    assert problems('[item2]\nnote = ""\n[item10]\nx = "1"\n') == []


def test_thousands_of_names_are_one_short_message(problems):
    lines = "\n".join(f'{"x" * 300}{n} = "1"' for n in range(2000))
    (told,) = problems(f"[item2]\n{lines}\n")
    assert len(told) < 800


def test_another_paper_and_items_that_are_not_there(problems, example):
    code = read_exam(example / "exam").papers[0].code
    assert problems('paper = "AAAA-BBBB"\n[item99]\nx = "1"\n') == [
        f"these answers name paper AAAA-BBBB, but this student's paper is {code}",
        "answers for item99, which is not on this paper",
    ]
