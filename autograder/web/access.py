"""Secrets that open the page: made here, kept as digests, compared in constant time, never logged.

A link holds a long random secret. With `--login code` a student signs in with their id and a short code, which together
are the secret. The browser keeps the secret in a cookie that scripts cannot read; forms carry a token derived from it.
"""

import csv
import fcntl
import hashlib
import hmac
import io
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.store import Store
from quizgen.errors import OperatorError
from quizgen.model import Exam

LINK_BYTES = 24
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What nobody mistakes for something else."""
CODE_LENGTH = 10
COOKIE = "quizgen"
LONGEST = 200
"""Characters of a secret that are looked at."""
COLUMNS = ("student", "name", "email", "secret", "link")
INSTRUCTOR = ""
"""The student id that stands for the instructor; no roster has it."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who asks: a student, or the instructor with the empty id; `secret` is what the browser holds."""

    student: str
    secret: str

    @property
    def is_instructor(self) -> bool:
        """Say whether this is the instructor."""
        return self.student == INSTRUCTOR

    @property
    def csrf(self) -> str:
        """Return the token that forms of this browser carry; the secret cannot be worked out from it."""
        return hashlib.sha256(b"csrf\0" + self.secret.encode()).hexdigest()

    def sent(self, token: str) -> bool:
        """Say whether a form carries this browser's token."""
        return hmac.compare_digest(self.csrf.encode(), token.encode("utf-8", "replace"))


def digest_of(secret: str) -> str:
    """Return the digest that the store keeps."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def identify(store: Store, secret: str) -> Identity | None:
    """Find out whose secret this is; what takes how long depends on its digest alone."""
    if not 0 < len(secret) <= LONGEST:
        return None
    student = store.page.find_access(digest_of(secret))
    return None if student is None else Identity(student=student, secret=secret)


def new_link() -> str:
    """Return an unguessable secret for a link."""
    return secrets.token_urlsafe(LINK_BYTES)


def new_code() -> str:
    """Return a code that can be read out and typed: 49 bits, and sign-ins are rationed."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def code_secret(student: str, code: str) -> str:
    """Return the secret of a student id and a code, however they were typed: a cookie can hold it."""
    plain = "".join(code.split()).replace("-", "").casefold()
    return hashlib.sha256(f"code\0{student.strip().casefold()}\0{plain}".encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Pass:
    """One line of links.csv: `shown` is the secret itself or, for a sign-in, the code."""

    student: str
    shown: str
    by_code: bool

    @property
    def secret(self) -> str:
        """Return what the browser will hold."""
        return code_secret(self.student, self.shown) if self.by_code else self.shown


def give_out(store: Store, exam: Exam, file: Path, *, by_code: bool) -> dict[str, Pass]:
    """Return a pass for the instructor and for everyone on the roster: known ones from links.csv, else new ones."""
    active = store.page.accesses()
    known = {
        s: p
        for s, p in _read(file).items()
        if digest_of(p.secret) in active and (s == INSTRUCTOR or p.by_code == by_code)
    }
    wanted = [INSTRUCTOR, *(p.student for p in exam.papers)]
    new = {
        s: Pass(student=s, shown=new_code() if by_code and s else new_link(), by_code=by_code and bool(s))
        for s in wanted
        if s not in known
    }
    # A pass that stood in the file in another form, or is missing from it, must not go on opening the page unseen.
    keep = {digest_of(p.secret) for s, p in known.items() if s in wanted}
    store.page.renew_accesses(keep, {s: digest_of(p.secret) for s, p in new.items()})
    return {s: known.get(s) or new[s] for s in wanted}


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let servers that start at the same time give out links one after the other."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_links(file: Path, exam: Exam, passes: Mapping[str, Pass], address: str) -> None:
    """Write links.csv, readable by its owner alone; the instructor's line comes first."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerow([INSTRUCTOR, "", "", passes[INSTRUCTOR].shown, link(address, passes[INSTRUCTOR])])
    for paper in exam.papers:
        found = passes[paper.student]
        writer.writerow([paper.student, _tame(paper.name), _tame(paper.email), found.shown, link(address, found)])
    written = file.with_suffix(".new")
    try:
        written.unlink(missing_ok=True)
        written.touch(mode=0o600)
        written.write_text(text.getvalue(), encoding="utf-8")
        written.replace(file)  # whole or not at all: links that were given out must not be lost
    except OSError as error:
        raise OperatorError(f"{file}: {error.strerror}") from None


def link(address: str, found: Pass) -> str:
    """Return the address to give out."""
    return f"{address}/" if found.by_code else f"{address}/enter/{found.shown}"


def _read(file: Path) -> dict[str, Pass]:
    """Read the passes of an earlier links.csv; what is not one is passed over, for the store decides."""
    try:
        rows: Iterable[dict[str, str]] = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise OperatorError(f"{file}: cannot be read ({error}); move it away for new links") from None
    return {
        row["student"]: Pass(student=row["student"], shown=row["secret"], by_code=row["link"].endswith("/"))
        for row in rows
        if row.get("secret") and row.get("link") and row.get("student") is not None
    }


def _tame(text: str) -> str:
    """Keep a spreadsheet from running a name as a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
