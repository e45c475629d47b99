"""Papers for students who come late: drawn from the same blueprint, while all that is frozen stays as it is; pure."""

from collections.abc import Iterable
from itertools import zip_longest

from msgspec.structs import replace

from quizgen.assembly import asked, choose, pools
from quizgen.bank import Shelf
from quizgen.blueprint import Blueprint, Student
from quizgen.errors import InstructorError
from quizgen.model import Ask, Exam


def newcomers(exam: Exam, roster: Iterable[Student]) -> tuple[Student, ...]:
    """Return those on the roster who have no paper yet."""
    known = {paper.student.casefold(): paper.student for paper in exam.papers}
    found = tuple(s for s in roster if known.get(s.student.casefold()) != s.student)
    for student in found:
        other = known.get(student.student.casefold())
        if other is not None:
            raise InstructorError(f"student {student.student!r} has a paper as {other!r}: write the id the same way")
    if not found:
        raise InstructorError("everyone on the roster has a paper already: there is nobody to add")
    return found


def check_same(exam: Exam, blueprint: Blueprint, shelf: Shelf) -> None:
    """Refuse a blueprint or a bank other than the exam was made of: newcomers would sit another exam."""
    if (exam.title, exam.seed) != (blueprint.title, blueprint.seed):
        raise InstructorError(
            f"the exam is {exam.title!r} with seed {exam.seed}, the blueprint {blueprint.title!r} with seed "
            f"{blueprint.seed}: nobody can be added to another exam"
        )
    _check_questions(exam, shelf)
    _check_plan(exam, blueprint, shelf)


def extended(exam: Exam, added: Exam) -> Exam:
    """Return the exam with the papers that were drawn for newcomers."""
    return replace(
        exam,
        papers=(*exam.papers, *added.papers),
        keys={**exam.keys, **added.keys},
        questions=dict(sorted({**added.questions, **exam.questions}.items())),
    )


def _check_questions(exam: Exam, shelf: Shelf) -> None:
    for name, record in exam.questions.items():
        if shelf.question(name).version != record.version:
            banks = ", ".join(f"{bank} {version}" for bank, version in exam.banks.items())
            raise InstructorError(
                f"{name} has changed since this exam was made, so new papers would differ from the others: "
                f"install the bank that it was made with ({banks})"
            )


def _check_plan(exam: Exam, blueprint: Blueprint, shelf: Shelf) -> None:
    """Compare the questions, points and steps to answer on every paper there is with those of the blueprint."""
    choices = pools(blueprint, shelf)
    for paper in exam.papers:
        plan = [(blueprint.sections[index], name) for index, name in choose(blueprint, choices, paper.student)]
        wanted = [(name, section.points, asked(section, shelf.question(name))) for section, name in plan]
        found = [(item.variant.question, item.points, item.ask) for item in paper.items]
        for number, (was, now) in enumerate(zip_longest(found, wanted), start=1):
            if was != now:
                raise InstructorError(
                    f"this is not the blueprint that the exam was made of, or the bank has changed: item {number} of "
                    f"{paper.student!r} is {_described(was)}; the blueprint gives {_described(now)}"
                )


def _described(item: tuple[str, float, Ask] | None) -> str:
    return f"{item[0]} for {item[1]:g} points, asked for {item[2].value}" if item else "nothing"
