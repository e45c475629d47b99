"""What students get holds no key: looked for over every installed question, both ways of asking, both languages."""

import re
from decimal import Decimal

import lxml.html
import pytest

from quizgen.bank import installed
from quizgen.formats.hand_in import answers_form, solution_stub
from quizgen.formats.html import answer_book_html, paper_html
from quizgen.model import Ask, NumericBody, Select
from quizgen.solution import solution_values, stem_values
from quizgen.wording import options, pairs, parse, render, sequence, to_html

TELLING = 3
"""Numbers with fewer significant digits stand in many places by accident."""
SHORTEST = 12
"""Characters: shorter pieces of a text stand in other texts by accident."""
SENTENCE = re.compile(r"(?<=[.。!?？！])\s*")
CASES = [
    pytest.param(question_id, ask, language, id=f"{question_id}-{ask}-{language}")
    for question_id in installed().ids
    for ask in Ask
    for language in ("en", "zh")
]


@pytest.fixture(scope="session")
def handed_out(exams):
    """Return, per way of asking and language: exam, paper, the text of each item, and both files to fill in."""
    found = {}
    for ask, exam in exams.items():
        for paper in exam.papers:
            page = lxml.html.fromstring(paper_html(paper, exam))
            texts = [squeezed(item) for item in page.xpath("//section[@class='item']")]
            assert len(texts) == len(paper.items)
            files = answers_form(paper, exam) + (solution_stub(paper, exam) or "")
            found[ask, paper.language] = (exam, paper, texts, " ".join(files.split()))
    return found


@pytest.fixture
def look(handed_out):
    """Return a function that finds one item, its key and record, its text on the paper, and the files."""

    def find(question_id, ask, language):
        exam, paper, texts, files = handed_out[ask, language]
        at = next(n for n, item in enumerate(paper.items) if item.variant.question == question_id)
        record = exam.questions[question_id]
        return paper.items[at], exam.keys[paper.student][at], record, texts[at], files

    return find


def squeezed(element):
    return " ".join(element.text_content().split())


def sentences(template, values):
    """Fill a template in and take it apart where a sentence ends."""
    html = to_html(parse(render(template, values)))
    text = squeezed(lxml.html.fromstring(f"<div>{html}</div>"))
    return {part.strip() for part in SENTENCE.split(text) if len(part.strip()) >= SHORTEST}


def hidden_sentences(item, key, record, language):
    """Return every sentence that only instructors may see: solutions, mistakes, and the reasons of options."""
    words, values = record.words[language], solution_values(item.variant, key)
    body = item.variant.body
    hidden = sentences(words["solution"], values)
    if "docstring" in words or isinstance(body, NumericBody):
        shown = {
            "stem",
            "picture",
            "docstring",
            *(f.name for f in getattr(body, "fields", ())),
            *(g.name for g in record.groups),
        }
        texts = [text for name, text in words.items() if name not in shown]
    else:
        pools = {Select.MATCH: (pairs, "pairs"), Select.ORDER: (sequence, "sequence")}
        read, section = pools.get(body.select, (options, "options"))
        texts = [entry.reason for entry in read(words[section])]
    for text in texts:
        hidden |= sentences(text, values)
    return hidden - sentences(words["stem"], stem_values(item.variant))


def numbers(text):
    """Return the telling numbers of a text, without their signs."""
    return {
        n for n in map(Decimal, re.findall(r"\d+(?:\.\d+)?", text)) if len(n.normalize().as_tuple().digits) >= TELLING
    }


def given_numbers(value):
    """Return all numbers of a given, however deep."""
    if isinstance(value, list):
        return set().union(*map(given_numbers, value))
    return numbers(repr(abs(value))) if isinstance(value, int | float) else set()


@pytest.mark.parametrize(("question_id", "ask", "language"), CASES)
def test_no_solution_mistake_or_reason_stands_in_what_students_get(look, question_id, ask, language):
    item, key, record, shown, files = look(question_id, ask, language)
    hidden = hidden_sentences(item, key, record, language)
    assert hidden
    assert [s for s in hidden if s in shown or s in files] == []


@pytest.mark.parametrize(("question_id", "ask", "language"), CASES)
def test_no_right_value_stands_in_what_students_get(look, rounded_key, question_id, ask, language):
    item, key, _, shown, _ = look(question_id, ask, language)
    given = given_numbers(list(item.variant.givens.values()))
    for step in getattr(key, "steps", ()):
        secret = set().union(*(numbers(str(abs(v))) for v in rounded_key(item, step))) - given
        assert secret & numbers(shown) == set(), step.name


def test_the_search_finds_all_of_it_in_the_answer_book(exams, rounded_key):
    exam = exams[Ask.STEPS]
    book = lxml.html.fromstring(answer_book_html(exam))
    text = squeezed(book)
    told = numbers(text)
    paper = exam.papers[0]
    for item, key in zip(paper.items, exam.keys[paper.student], strict=True):
        record = exam.questions[item.variant.question]
        if isinstance(item.variant.body, NumericBody):
            assert [s for s in hidden_sentences(item, key, record, paper.language) if s not in text] == []
            for step in key.steps:
                assert set().union(*(numbers(str(abs(v))) for v in rounded_key(item, step))) <= told
