"""One exam with every installed question per way of asking, its exports, and what `expected.json` says of them."""

import json
import zipfile

import pytest

from quizgen.formats.export import Options
from quizgen.formats.lms import canvas, moodle, qti
from quizgen.formats.lms.expected import beside
from quizgen.model import Ask

WRITERS = {
    "moodle": (moodle.write, "xml"),
    "qti21": (qti.write_21, "zip"),
    "qti30": (qti.write_30, "zip"),
    "canvas": (canvas.write, "zip"),
}


class Export:
    """An export as it lies on disk."""

    def __init__(self, path, lost):
        self.path, self.lost = path, lost
        self.expected = json.loads(beside(path).read_text(encoding="utf-8"))

    @property
    def items(self):
        return self.expected["items"]

    def files(self):
        """Return the members of a package by name."""
        with zipfile.ZipFile(self.path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="session")
def exported(exams, tmp_path_factory):
    """Return the exports by form and way of asking, each written when it is first asked for."""
    folder = tmp_path_factory.mktemp("lms")
    made = {}

    def get(form, ask=Ask.STEPS):
        if (form, ask) not in made:
            write, ending = WRITERS[form]
            path = folder / f"{form}-{ask.value}.{ending}"
            made[form, ask] = Export(path, write(exams[ask], path, Options()))
        return made[form, ask]

    return get


@pytest.fixture(scope="session")
def entry(exams):
    """Return a function that finds what an exported id stands for in the exam: the item and its key."""

    def find(question, language, ask=Ask.STEPS):
        exam = exams[ask]
        paper = next(p for p in exam.papers if p.language == language)
        items = zip(paper.items, exam.keys[paper.student], strict=True)
        return next((i, k) for i, k in items if i.variant.question == question)

    return find
