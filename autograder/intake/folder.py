"""The folder or zip of all hand-ins, as it was downloaded: whose is what, and what is nobody's."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from autograder.intake.archive import Archive
from autograder.intake.download import Download, Entry, open_download
from autograder.intake.handin import read_hand_in
from autograder.intake.limits import MAX_METADATA_BYTES, MAX_TOTAL_BYTES, shown
from autograder.intake.lms import METADATA, Label, read_label, read_metadata
from autograder.intake.nested import Loose
from autograder.intake.roster import Match, Person, Roster
from autograder.intake.source import Source
from quizgen.model import Reason, Submission
from quizgen.wording.phrases import in_words

READ = {".zip", ".py", ".toml", ".ipynb"}
"""Endings of files that can be a hand-in, or part of one, without a folder around them."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something in the folder that is no student's hand-in, for the instructor."""

    place: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Intake:
    """The hand-ins, in the order of the roster, and what could not be taken for one.

    `times` says when a student's hand-in came, where the download does. Times of files are never read: in a zip they
    tell how it was packed (Canvas gives every file the time of the download).
    """

    submissions: tuple[Submission, ...]
    problems: tuple[Problem, ...]
    times: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One hand-in that is some student's; of several, the one of the lowest rank is read."""

    student: str
    name: str
    rank: tuple[bool, bool, str]
    source: Callable[[], Source]
    notes: tuple[Reason, ...] = ()
    received: datetime | None = None


def collect(root: Path, students: Collection[Person | str]) -> Intake:
    """Read the hand-ins of the students on the roster; nothing in them raises."""
    roster = Roster(students)
    download = open_download(root)
    claims, problems = _claims(download, roster)
    chosen: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda c: c.rank):
        if claim.student in chosen:
            problems.append(Problem(place=shown(claim.name), reason=_second(claim.student, chosen[claim.student])))
        else:
            chosen[claim.student] = claim
    problems += [
        Problem(place=shown(name), reason=in_words(_refusal(phrase, name), "en")) for phrase, name in download.refused
    ]
    found = [chosen[s] for s in roster.students if s in chosen]
    submissions = (read_hand_in(c.student, c.source, c.notes) for c in found)
    times = {c.student: c.received for c in found if c.received is not None}
    return Intake(submissions=tuple(submissions), problems=tuple(problems), times=times)


def _claims(download: Download, roster: Roster) -> tuple[list[Claim], list[Problem]]:
    """Say of everything in a download whose it is, or why it is nobody's."""
    metadata = next((e for e in download.entries if e.name == METADATA and e.is_file), None)
    listed = read_metadata(metadata.data(MAX_METADATA_BYTES), roster) if metadata else {}
    claims: list[Claim] = []
    loose: dict[tuple[str, str], list[tuple[str, Entry, Label]]] = {}
    problems: list[Problem] = []
    for entry in sorted(download.entries, key=lambda e: e.name):
        if entry is metadata:
            continue
        label = None if roster.by_id(entry.stem).student else read_label(entry.name)
        upload = listed.get(entry.name)
        for match in (upload and upload.submitters) or [_match(entry, label, roster)]:
            if match.student is None:
                problems.append(Problem(place=shown(entry.name), reason=match.why))
            elif entry.is_folder or (entry.is_zip and not (label and label.file)):
                claims.append(_whole(match.student, entry, roster, upload.received if upload else None))
            else:
                name = label.file if label else f"file{entry.name[len(entry.stem) :]}"
                key = match.student, label.owner if label else entry.stem
                loose.setdefault(key, []).append((name, entry, label or Label(owner=entry.stem)))
    claims += [_loose(student, files) for (student, _), files in loose.items()]
    return claims, problems


def _match(entry: Entry, label: Label | None, roster: Roster) -> Match:
    """Find whose entry this is; only files of kinds that are read are looked at."""
    readable = entry.is_folder or (entry.is_file and PurePosixPath(entry.name).suffix.casefold() in READ)
    if label is not None and label.typed:
        return Match(why="text typed into the LMS, not a file: not read")
    if not readable:
        return Match(why="neither a folder nor a .zip file: not read")
    found = roster.find(label.owner if label is not None else entry.stem)
    return found if found.student else Match(why=f"{found.why}: not read")


def _whole(student: str, entry: Entry, roster: Roster, received: datetime | None) -> Claim:
    source = entry.source if entry.is_folder else lambda: Archive.of(entry.name, entry.data(MAX_TOTAL_BYTES))
    # Folders before zips, which an instructor may have unpacked and mended, and exact ids before others.
    rank = (entry.is_zip, not roster.is_exact(entry.stem), entry.name)
    return Claim(student=student, name=entry.name, rank=rank, source=source, received=received)


def _loose(student: str, files: Sequence[tuple[str, Entry, Label]]) -> Claim:
    first = files[0][1].name
    notes = (Reason(phrase="marked-late"),) if any(label.late for _, _, label in files) else ()
    found = {name: entry.data for name, entry, _ in files}
    return Claim(student=student, name=first, rank=(True, True, first), source=lambda: Loose(found), notes=notes)


def _second(student: str, first: Claim) -> str:
    return f"a second hand-in of {student!r}: {shown(first.name)} was read, this was not"


def _refusal(phrase: str, name: str) -> Reason:
    return Reason(phrase=phrase, values={"name": shown(name), "count": "1"})
