"""Blueprint x roster x seed -> Exam of Papers: pure, and the same bytes for the same input."""

import hashlib
from collections.abc import Callable, Iterable
from functools import partial

import numpy as np

from quizgen.bank import Question, Shelf, nearest
from quizgen.blueprint import Blueprint, Section, Student
from quizgen.crew import ALONE, Crew
from quizgen.errors import InstructorError
from quizgen.model import Ask, Exam, Item, Key, Kind, Language, Paper

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
Slot = tuple[int, str]
"""A place on a paper: the section's index and the question's id."""
PIECE = 4
"""Papers that a helper is handed at a time."""


def seed_from(*parts: object) -> int:
    """Return a seed that depends on nothing but these parts."""
    digest = hashlib.sha256("\x1f".join(str(p) for p in parts).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def paper_code(seed: int, student: str) -> str:
    """Return the short code that stands on a student's paper."""
    number = seed_from(seed, student, "code")
    letters = [CODE_ALPHABET[(number >> (5 * i)) % 32] for i in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def candidates(section: Section, shelf: Shelf, where: str) -> tuple[str, ...]:
    """Name the questions that a section can pick from."""
    if section.questions:
        ids = tuple(shelf.question(i).id for i in section.questions)
    else:
        if section.topic not in shelf.topics:
            raise InstructorError(f"{where}: no topic {section.topic!r}; {nearest(section.topic, shelf.topics)}")
        ids = tuple(i for i in shelf.ids if i.startswith(f"{section.topic}/"))
    fitting = tuple(
        i
        for i in ids
        if section.kind in {None, shelf.question(i).kind} and section.level in {None, shelf.question(i).facts.level}
    )
    pick = section.pick or (len(section.questions) or 1)
    if len(fitting) < pick:
        wish = " ".join(str(w) for w in (section.kind, f"level {section.level}" if section.level else None) if w)
        raise InstructorError(
            f"{where}: picks {pick} questions, but only {len(fitting)} {wish or 'of them'} can be had: "
            f"{', '.join(fitting) or 'none'}"
        )
    return fitting


def choose(blueprint: Blueprint, pools: list[tuple[str, ...]], student: str) -> list[Slot]:
    """Choose the questions of one paper; the same for all students except where a section varies."""
    slots: list[Slot] = []
    taken: set[str] = set()
    for index, (section, pool) in enumerate(zip(blueprint.sections, pools, strict=True)):
        pick = section.pick or (len(section.questions) or 1)
        free = [i for i in pool if i not in taken]
        if len(free) < pick:
            raise InstructorError(
                f"section {index + 1}: picks {pick} questions, but earlier sections leave only {len(free)}: "
                f"{', '.join(free) or 'none'}"
            )
        if len(free) > pick:
            rng = np.random.default_rng(seed_from(blueprint.seed, index, student if section.vary else ""))
            free = [free[i] for i in sorted(rng.permutation(len(free))[:pick])]
        slots += [(index, i) for i in free[:pick]]
        taken |= set(free[:pick])
    return slots


def assemble(
    blueprint: Blueprint,
    roster: Iterable[Student],
    shelf: Shelf,
    *,
    program: str,
    progress: Callable[[], None] = lambda: None,
    crew: Crew = ALONE,
) -> Exam:
    """Draw one paper per student and freeze it with everything that marking it will need.

    A crew's helpers find the questions again by their ids, in the installed banks.
    """
    students = tuple(roster)
    choices = pools(blueprint, shelf)
    plans = {s.student: choose(blueprint, choices, s.student) for s in students}
    questions = {i: shelf.question(i) for plan in plans.values() for _, i in plan}
    for student in students:
        check_languages(questions.values(), student.language or blueprint.language)
    drawn = crew.map(
        partial(draw_paper, blueprint=blueprint, questions=questions),
        [(s, plans[s.student]) for s in students],
        piece=PIECE,
        progress=lambda _: progress(),
    )
    return Exam(
        title=blueprint.title,
        language=blueprint.language,
        seed=blueprint.seed,
        program=program,
        banks=shelf.versions,
        questions={i: questions[i].record() for i in sorted(questions)},
        papers=tuple(paper for paper, _ in drawn),
        keys={paper.student: keys for paper, keys in drawn},
        notes=blueprint.notes,
        minutes=blueprint.minutes,
        policy=blueprint.policy,
    )


def check_languages(questions: Iterable[Question], language: Language) -> None:
    """Refuse questions that have no words in a paper's language."""
    for question in questions:
        if language not in question.languages:
            raise InstructorError(
                f"{question.id} has no words in {language!r}, only in {', '.join(question.languages)}"
            )


def pools(blueprint: Blueprint, shelf: Shelf) -> list[tuple[str, ...]]:
    """Name the questions that each section can pick from."""
    return [candidates(section, shelf, f"section {n}") for n, section in enumerate(blueprint.sections, start=1)]


def asked(section: Section, question: Question) -> Ask:
    """Return which steps a paper asks for; only numbers have any."""
    return section.ask if question.kind is Kind.NUMERIC else Ask.STEPS


def draw_paper(
    planned: tuple[Student, list[Slot]], blueprint: Blueprint, questions: dict[str, Question]
) -> tuple[Paper, tuple[Key, ...]]:
    """Draw one student's paper and, apart from it, its keys."""
    student, plan = planned
    items, keys = [], []
    for number, (index, question_id) in enumerate(plan, start=1):
        section = blueprint.sections[index]
        question = questions[question_id]
        variant, key = question.draw(seed_from(blueprint.seed, student.student, index, question_id))
        items.append(Item(number=number, points=section.points, ask=asked(section, question), variant=variant))
        keys.append(key)
    paper = Paper(
        student=student.student,
        name=student.name,
        code=paper_code(blueprint.seed, student.student),
        language=student.language or blueprint.language,
        items=tuple(items),
        email=student.email,
        extra_time=student.extra_time,
    )
    return paper, tuple(keys)
