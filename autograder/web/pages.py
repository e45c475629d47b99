"""The student's pages as frozen values, and how they become HTML."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from jinja2 import Environment

from autograder.web.assets import stamp
from autograder.web.fields import FormItem
from autograder.web.moment import day_and_time
from quizgen.formats.html import templates
from quizgen.model import Language

WORDS = (
    "page-saved",
    "page-saving",
    "page-unsaved",
    "page-offline",
    "page-closed",
    "page-refused",
    "page-too-large",
    "page-minutes-left",
    "page-minute-left",
    "page-time-up",
    "page-time-left",
    "page-handing-in",
    "page-running",
    "page-run-failed",
    "page-run-busy",
    "page-changed-elsewhere",
    "page-filled",
    "page-pasted",
    "page-not-pasted",
)
"""Names of the phrases that the scripts say."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; "
    "font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""Content-Security-Policy: no inline script; formulas carry style attributes of our own, the editor a nonce."""


@dataclass(frozen=True, kw_only=True)
class Paths:
    """Where the page sends what: addresses on this host, without the student's secret where a cookie holds it.

    `paper` shows the page (GET) and takes the whole form without scripts (POST); `save`, `run`, `state` answer scripts;
    `hand_in` asks (GET) and hands in (POST); `assets` is the folder of scripts and styles and ends in a slash.
    """

    paper: str
    save: str
    run: str
    state: str
    hand_in: str
    assets: str


@dataclass(frozen=True, kw_only=True)
class PaperPage:
    """The page where a student answers.

    Times are ISO 8601 with an offset, `deadline` with the student's extra time and empty where there is none.
    `serial` is the newest save that `items` hold. `attempts_left` is None where the exam does not limit them.
    A closed page shows what was typed and takes nothing. `notices` are sentences, `note` is the exam's own as HTML.
    `feedback` is a link, empty before the release; `practice` one that is empty where there is none.
    """

    language: Language
    title: str
    name: str
    student: str
    code: str
    total: str
    paths: Paths
    csrf: str
    nonce: str
    now: str
    items: tuple[FormItem, ...]
    serial: int = 0
    deadline: str = ""
    attempts_left: int | None = None
    handed_in: int = 0
    notices: tuple[str, ...] = ()
    note: str = ""
    can_run: bool = True
    closed: bool = False
    feedback: str = ""
    practice: str = ""

    @property
    def until(self) -> str:
        """The deadline to read; a clock takes its place where scripts run."""
        return day_and_time(datetime.fromisoformat(self.deadline)) if self.deadline else ""


@dataclass(frozen=True, kw_only=True)
class HandInPage:
    """The question whether to hand in, with what is still blank."""

    language: Language
    title: str
    name: str
    student: str
    code: str
    paths: Paths
    csrf: str
    items: tuple[FormItem, ...] = ()
    attempts_left: int | None = None
    notices: tuple[str, ...] = ()


@cache
def environment() -> Environment:
    """Return the environment of the pages' templates, which know where scripts and styles are."""
    found = templates("autograder.web")
    found.globals["assets"] = lambda: f"/assets/{stamp()}/"
    return found


def paper_html(page: PaperPage) -> str:
    """Write the page where a student answers."""
    return environment().get_template("student_paper.html.j2").render(page=page, words=WORDS)


def hand_in_html(page: HandInPage) -> str:
    """Write the page that asks before handing in."""
    return environment().get_template("student_hand_in.html.j2").render(page=page)
