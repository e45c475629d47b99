"""What names in the downloads of learning management systems say: whose a file or folder is."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import yaml

from autograder.intake.roster import Match, Roster

METADATA = "submission_metadata.yml"
"""Gradescope's list of who handed in what, beside the folders."""
_MOODLE = re.compile(r"(?P<owner>.+)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+)_(?P<file>.*)")
"""`Ada Okafor_12345_assignsubmission_file_`, a folder, or followed by the file's name."""
_CANVAS = re.compile(r"(?P<owner>[^_]+)_(?P<late>LATE_)?(?P<user>\d+)_(?P<attempt>\d+)_(?P<file>.+)")
"""`okaforada_123_456_solution.py`, `okaforada_LATE_123_456_solution.py`."""
_AGAIN = re.compile(r"-\d+(?=\.\w+$)")
"""What Canvas adds to the name of a file that is handed in again: `solution-2.py`."""
_BEFORE_ZONE = re.compile(r"\s+(?=Z|[+-]\d\d)")
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Makes texts, lists and dictionaries, whatever types the file names."""


@dataclass(frozen=True, kw_only=True)
class Label:
    """What a name says: the owner as the system writes it and, for a loose file, how the student called it."""

    owner: str
    file: str = ""
    late: bool = False
    typed: bool = False


def read_label(name: str) -> Label | None:
    """Read a name in Moodle's or Canvas's pattern; None where it is in neither."""
    if found := _MOODLE.fullmatch(name):
        return Label(owner=found["owner"], file=found["file"], typed=found["plugin"] != "file")
    if found := _CANVAS.fullmatch(name):
        return Label(owner=found["owner"], file=_AGAIN.sub("", found["file"]), late=found["late"] is not None)
    return None


@dataclass(frozen=True, kw_only=True)
class Upload:
    """What Gradescope's list says of a folder: whose it is, and when it came, None where that cannot be read."""

    submitters: tuple[Match, ...]
    received: datetime | None


def read_metadata(data: bytes, roster: Roster) -> dict[str, Upload]:
    """Read Gradescope's list: folder -> upload, submitters by id, else e-mail, else name; empty where it is broken."""
    try:
        found = yaml.load(data, Loader=_LOADER)  # noqa: S506 - this loader makes no objects
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    folders = found if isinstance(found, dict) else {}
    return {str(name): _upload(entry, roster) for name, entry in folders.items() if isinstance(entry, dict)}


def _upload(entry: dict[str, Any], roster: Roster) -> Upload:
    people = entry.get(":submitters")
    found = [p for p in people if isinstance(p, dict)] if isinstance(people, list) else []
    return Upload(submitters=tuple(_submitter(p, roster) for p in found), received=_time(entry.get(":created_at")))


def _time(text: Any) -> datetime | None:
    """Read a time as YAML writes it: `2026-11-23 10:00:00.000000000 Z`; without a zone it is UTC, as YAML says."""
    try:
        time = datetime.fromisoformat(_BEFORE_ZONE.sub("", text) if isinstance(text, str) else "")
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _submitter(person: dict[str, Any], roster: Roster) -> Match:
    tried = [
        roster.find(text) for key in (":sid", ":email", ":name") if isinstance(text := person.get(key), str) and text
    ]
    return next((m for m in tried if m.student), tried[-1] if tried else Match(why="has no submitter"))
