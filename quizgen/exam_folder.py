"""An exam's folder: exam.json, the answer book and one folder per paper."""

import shutil
from collections.abc import Callable
from pathlib import Path

from quizgen.errors import InstructorError
from quizgen.exam_file import NAME, write_exam
from quizgen.formats.hand_in import answers_form, solution_stub
from quizgen.formats.html import answer_book_html, paper_html
from quizgen.model import Exam, Paper

GRADES = "grades.db"
PAPERS = "papers"


def check_free(folder: Path, *, force: bool) -> None:
    """Refuse to write over an exam: students may hold its papers."""
    if folder.exists() and not folder.is_dir():
        raise InstructorError(f"{folder} is a file, wanted a folder for the exam")
    if (folder / GRADES).exists():
        raise InstructorError(f"{folder} holds {GRADES}: this exam has been graded; choose another folder")
    if (folder / NAME).exists() and not force:
        raise InstructorError(f"{folder} holds an exam already; choose another folder, or --force to write over it")
    if folder.exists() and any(folder.iterdir()) and not (folder / NAME).exists():
        raise InstructorError(f"{folder} is not empty and holds no exam; choose a new folder")


def write_folder(exam: Exam, folder: Path, *, progress: Callable[[], None] = lambda: None) -> None:
    """Write the exam; papers of an earlier one in the same folder are removed."""
    shutil.rmtree(folder / PAPERS, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    for paper in exam.papers:
        write_paper(paper, exam, folder / PAPERS / paper.student)
        progress()
    (folder / "answer-book.html").write_text(answer_book_html(exam), encoding="utf-8")
    write_exam(exam, folder)


def write_paper(paper: Paper, exam: Exam, folder: Path) -> None:
    """Write what one student gets."""
    folder.mkdir(parents=True)
    (folder / "paper.html").write_text(paper_html(paper, exam), encoding="utf-8")
    (folder / "answers.toml").write_text(answers_form(paper, exam), encoding="utf-8")
    stub = solution_stub(paper, exam)
    if stub is not None:
        (folder / "solution.py").write_text(stub, encoding="utf-8")
