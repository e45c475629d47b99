"""An exam's folder: exam.json, the answer book and one folder per paper."""

import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from quizgen.crew import ALONE, Crew, helpers
from quizgen.errors import InstructorError
from quizgen.exam_file import NAME, write_exam
from quizgen.formats.hand_in import answers_form, solution_stub
from quizgen.formats.html import answer_book_html, paper_html
from quizgen.formats.sheet import for_papers
from quizgen.model import Exam, Paper

GRADES = "grades.db"
PAPERS = "papers"
WORTH_A_HELPER = 50
"""Papers that are drawn and written in the time that a helper takes to start."""
PIECE = 4
"""Papers that a helper is handed at a time."""


def check_free(folder: Path, *, force: bool) -> None:
    """Refuse to write over an exam: students may hold its papers."""
    if folder.exists() and not folder.is_dir():
        raise InstructorError(f"{folder} is a file, wanted a folder for the exam")
    if (folder / GRADES).exists():
        raise InstructorError(
            f"{folder} holds {GRADES}: this exam has been graded; choose another folder, or --extend to add students"
        )
    if (folder / NAME).exists() and not force:
        raise InstructorError(
            f"{folder} holds an exam already; choose another folder, --extend to add students, "
            "or --force to write over it"
        )
    if folder.exists() and any(folder.iterdir()) and not (folder / NAME).exists():
        raise InstructorError(f"{folder} is not empty and holds no exam; choose a new folder")


def crew_for(students: int) -> Crew:
    """Return the crew that draws and writes so many papers: a small class needs no helpers."""
    return Crew(helpers(students, worth=WORTH_A_HELPER))


def write_folder(exam: Exam, folder: Path, *, progress: Callable[[], None] = lambda: None, crew: Crew = ALONE) -> None:
    """Write the exam, exam.json last; papers of an earlier one in the same folder are removed."""
    shutil.rmtree(folder / PAPERS, ignore_errors=True)
    write_papers(exam, exam.papers, folder, progress=progress, crew=crew)


def write_papers(
    exam: Exam,
    papers: Sequence[Paper],
    folder: Path,
    *,
    progress: Callable[[], None] = lambda: None,
    crew: Crew = ALONE,
) -> None:
    """Write these papers of the exam, the answer book and, last, exam.json; other papers there are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    write = partial(write_paper, exam=for_papers(exam), papers=folder / PAPERS)
    crew.map(write, papers, piece=PIECE, progress=lambda _: progress())
    (folder / "answer-book.html").write_text(answer_book_html(exam), encoding="utf-8")
    write_exam(exam, folder)


def write_paper(paper: Paper, exam: Exam, papers: Path) -> None:
    """Write what one student gets."""
    folder = papers / paper.student
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "paper.html").write_text(paper_html(paper, exam), encoding="utf-8")
    (folder / "answers.toml").write_text(answers_form(paper, exam), encoding="utf-8")
    stub = solution_stub(paper, exam)
    if stub is not None:
        (folder / "solution.py").write_text(stub, encoding="utf-8")
