"""exam.toml and roster.csv -> Blueprint and students, with errors that name the file, the place and the value."""

import codecs
import csv
import io
import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from quizgen.complaint import complaint
from quizgen.errors import InstructorError
from quizgen.model import LANGUAGES, Ask, Kind, Language
from quizgen.policy import Policy, Release

ROSTER_COLUMNS = ("student", "name")
OPTIONAL_COLUMNS = ("email", "language", "extra_time")
SEPARATORS = ",;\t"
"""Spreadsheets write the first, in half of Europe the second, and the third as "Unicode text"."""
FORBIDDEN_IN_IDS = '/\\:*?"<>|'
CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
"""Line breaks and what steers a terminal: they would end a comment in answers.toml."""


class Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many items of a topic, or of listed questions, each for so many points."""

    topic: str = ""
    questions: tuple[str, ...] = ()
    kind: Kind | None = None
    level: int | None = None
    pick: int | None = None
    points: float = 1.0
    ask: Ask = Ask.STEPS
    vary: bool = False


class Blueprint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an exam is made of."""

    title: str
    seed: int
    sections: tuple[Section, ...]
    language: Language = "en"
    minutes: float = 0.0
    notes: dict[Language, str] = {}
    policy: Policy = Policy()

    @property
    def slots(self) -> int:
        """Return how many items every paper has."""
        return sum(section.pick or len(section.questions) or 1 for section in self.sections)


TABLES: dict[str, type[Struct]] = {"": Blueprint, "policy": Policy, "sections": Section}
"""The tables of exam.toml."""


class Student(Struct, frozen=True, kw_only=True):
    """One row of the roster."""

    student: str
    name: str
    email: str = ""
    language: Language = ""
    extra_time: float = 0.0


def read_blueprint(path: Path, *, seed: int | None = None) -> Blueprint:
    """Read exam.toml; a seed stands in for the file's own."""
    data = read_toml(path)
    if seed is not None:
        data["seed"] = seed
    try:
        blueprint = msgspec.convert(data, Blueprint)
    except msgspec.ValidationError as error:
        raise InstructorError(f"{path}: {complaint(str(error), TABLES)}") from None
    if not blueprint.sections:
        raise InstructorError(f"{path}: it has no [[sections]]")
    _check_head(blueprint, path)
    for number, section in enumerate(blueprint.sections, start=1):
        _check_section(section, f"{path}: section {number}")
    check_policy(blueprint.policy, blueprint.slots, f"{path}: policy")
    return blueprint


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file of the instructor's."""
    try:
        return tomllib.loads(read_text(path))
    except ValueError as error:  # also of an integer with thousands of digits
        raise InstructorError(f"{path}: {error}") from None
    except RecursionError:
        raise InstructorError(f"{path}: it is nested too deep") from None


def read_text(path: Path) -> str:
    """Read a UTF-8 file of the instructor's, or a UTF-16 one that begins with its mark; marks are dropped."""
    try:
        data = path.read_bytes()
        return data.decode("utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig")
    except FileNotFoundError:
        raise InstructorError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise InstructorError(f"{path}: is a folder, not a file") from None
    except UnicodeDecodeError as error:
        raise InstructorError(
            f"{path}: not UTF-8 text (byte {error.start}): save it as UTF-8, in Excel as 'CSV UTF-8'"
        ) from None
    except OSError as error:
        raise InstructorError(f"{path}: {error.strerror}") from None


def read_roster(path: Path) -> tuple[Student, ...]:
    """Read roster.csv: columns student and name, optionally email, language and extra_time (minutes)."""
    text = "\n".join(re.split(r"\r\n?|\n", read_text(path)))
    reader = csv.DictReader(io.StringIO(text), strict=True, delimiter=_separator(text))
    try:
        headings = [c.strip() for c in reader.fieldnames or ()]
        reader.fieldnames = [_column(c) for c in headings]
        _check_columns(headings, reader.fieldnames, path)
        students = dict(_rows(reader, path))
    except csv.Error as error:
        raise InstructorError(f"{path}:{reader.reader.line_num}: {error}") from None
    if not students:
        raise InstructorError(f"{path}: it names no students")
    _check_unique(students, path)
    return tuple(students.values())


def _separator(text: str) -> str:
    """Return what the first line parts its columns with; a comma where it has none."""
    head = text.partition("\n")[0]
    return max(SEPARATORS, key=head.count)


def _column(heading: str) -> str:
    """Return a heading as our columns are written: `Extra time` is extra_time, `E-Mail` is email."""
    plain = re.sub(r"\s+", "_", heading.lower())
    return "email" if plain == "e-mail" else plain


def _check_columns(headings: Sequence[str], columns: Sequence[str], path: Path) -> None:
    missing = [c for c in ROSTER_COLUMNS if c not in columns]
    if missing:
        found = ", ".join(repr(h) for h in headings) or "nothing"
        raise InstructorError(
            f"{path}:1: no column {missing[0]!r}; the first line must name {ROSTER_COLUMNS}, but it names {found}"
        )
    twice = [c for c, count in Counter(columns).items() if c and count > 1]
    if twice:
        raise InstructorError(f"{path}:1: column {twice[0]!r} stands more than once")


def _rows(reader: "csv.DictReader[str]", path: Path) -> Iterator[tuple[int, Student]]:
    """Yield each student with the line that the row ends in."""
    for row in reader:
        if any(row.values()):
            if any(beyond := row.get(None, [])):
                raise InstructorError(
                    f"{path}:{reader.line_num}: more cells than columns, from {beyond[0]!r} on: put quotation marks "
                    f'around what holds a {reader.reader.dialect.delimiter!r}, as in "Doe, Ann"'
                )
            cells = {k: (v or "").strip() for k, v in row.items() if k}
            yield reader.line_num, _student(cells, f"{path}:{reader.line_num}")


def _student(row: dict[str, str], where: str) -> Student:
    student, name = row["student"], row["name"]
    if not student:
        raise InstructorError(f"{where}: the student id is empty (name {name!r})")
    bad = [c for c in student if c in FORBIDDEN_IN_IDS or not c.isprintable()]
    if bad or student.startswith(".") or len(student) > 64:
        raise InstructorError(
            f"{where}: student id {student!r} cannot name a folder: use letters, digits, '-' and '_', 64 at most"
        )
    if CONTROLS.search(name):
        raise InstructorError(f"{where}: name {name!r} must be one line of text")
    language = row.get("language", "").lower()
    if language:
        _check_language(language, f"{where}: language")
    return Student(
        student=student,
        name=name or student,
        email=row.get("email", ""),
        language=language,
        extra_time=_minutes(row.get("extra_time", ""), where),
    )


def _minutes(text: str, where: str) -> float:
    try:
        minutes = float(text or 0)
    except ValueError:
        minutes = -1.0
    if not 0 <= minutes < 10_000:
        raise InstructorError(f"{where}: extra_time is {text!r}, wanted minutes such as 15")
    return minutes


def _check_unique(students: dict[int, Student], path: Path) -> None:
    counts = Counter(s.student.casefold() for s in students.values())
    twice = [s.student for s in students.values() if counts[s.student.casefold()] > 1]
    if twice:
        lines = [str(n) for n, s in students.items() if s.student.casefold() == twice[0].casefold()]
        raise InstructorError(f"{path}: student id {twice[0]!r} stands more than once (lines {', '.join(lines)})")


def _check_language(language: str, where: str) -> None:
    if language not in LANGUAGES:
        raise InstructorError(f"{where} is {language!r}, wanted one of {', '.join(LANGUAGES)}")


def _check_head(blueprint: Blueprint, path: Path) -> None:
    if not blueprint.title.strip() or CONTROLS.search(blueprint.title):
        raise InstructorError(f"{path}: title is {blueprint.title!r}: it must be one line and not empty")
    if not 0 <= blueprint.minutes < math.inf:
        raise InstructorError(f"{path}: minutes is {blueprint.minutes:g}, wanted 0 or more")
    _check_language(blueprint.language, f"{path}: language")
    for language in blueprint.notes:
        _check_language(language, f"{path}: notes: language")


def _check_section(section: Section, where: str) -> None:
    if bool(section.topic) == bool(section.questions):
        raise InstructorError(f"{where}: name either a topic or questions")
    twice = [q for q, count in Counter(section.questions).items() if count > 1]
    if twice:
        raise InstructorError(f"{where}: question {twice[0]!r} stands more than once")
    if not 0 < section.points < math.inf:
        raise InstructorError(f"{where}: points is {section.points:g}, wanted more than 0")
    if section.pick is not None and section.pick < 1:
        raise InstructorError(f"{where}: pick is {section.pick}, wanted at least 1")


def check_policy(policy: Policy, slots: int, where: str) -> None:
    """Refuse a policy that cannot be followed on papers of so many items."""
    _check_times(policy, where)
    if policy.hand_ins < 0:
        raise InstructorError(f"{where}: hand_ins is {policy.hand_ins}, wanted 0 (any number) or more")
    if not 0 <= policy.late_per_day <= 100:
        raise InstructorError(f"{where}: late_per_day is {policy.late_per_day:g}, wanted a percentage from 0 to 100")
    if not 0 <= policy.grace_minutes < math.inf:
        raise InstructorError(f"{where}: grace_minutes is {policy.grace_minutes:g}, wanted 0 or more")
    if policy.late_per_day and policy.deadline is None:
        raise InstructorError(f"{where}: late_per_day is {policy.late_per_day:g}, but there is no deadline")
    for name, numbers in (("dropped", policy.dropped), ("bonus", policy.bonus)):
        for number in numbers:
            if not 1 <= number <= slots:
                raise InstructorError(f"{where}: {name} names item {number}; the items are 1 to {slots}")
    both = sorted(set(policy.dropped) & set(policy.bonus))
    if both:
        raise InstructorError(f"{where}: item {both[0]} cannot be both dropped and bonus")
    if len({*policy.dropped, *policy.bonus}) == slots:
        raise InstructorError(f"{where}: every item is dropped or bonus: no points are left to be had")


def _check_times(policy: Policy, where: str) -> None:
    for name, time in (("opens", policy.opens), ("deadline", policy.deadline)):
        if time is not None and time.tzinfo is None:
            raise InstructorError(
                f"{where}: {name} is {time.isoformat()}, which has no time zone: wanted the like of "
                "2026-11-30T23:59:00+01:00"
            )
    if policy.opens is not None and policy.deadline is not None and policy.opens >= policy.deadline:
        raise InstructorError(f"{where}: opens at {policy.opens.isoformat()}, which is not before the deadline")
    if policy.release is Release.AFTER_DEADLINE and policy.deadline is None:
        raise InstructorError(f"{where}: release is {policy.release.value!r}, but there is no deadline")
