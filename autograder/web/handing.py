"""Handing in: what stands in the boxes becomes a submission, stored at once and graded as soon as a sandbox is free."""

import secrets
from datetime import datetime

from autograder.grading import Grader
from autograder.intake.handin import digest_of
from autograder.sandbox import Sandbox
from autograder.sitting import COURTESY, Saved, Sitting, ends_at, minutes_late, received_at
from autograder.store import Store
from autograder.web.form import answers_toml, solution_py
from autograder.web.site import Site
from quizgen.model import Paper, Reason, Submission


def submission_of(paper: Paper, saved: Saved, problems: tuple[Reason, ...] = ()) -> Submission:
    """Turn saved texts into the files that the rest of the program grades."""
    answers, solution = answers_toml(paper, saved.texts), solution_py(paper, saved.texts)
    return Submission(
        student=paper.student,
        digest=digest_of(answers, solution),
        answers=answers,
        solution=solution,
        problems=problems,
    )


def has_changes(sitting: Sitting, saved: Saved) -> bool:
    """Say whether what is saved differs from what was handed in last."""
    return saved.at is not None and submission_of(sitting.paper, saved).digest != sitting.newest


def hand_in(site: Site, sitting: Sitting, now: datetime) -> None:
    """Store what is saved as handed in now, unless another window has ended answering; it is graded in a while."""
    received = received_at(site.exam, sitting, now)
    late = minutes_late(site.exam, sitting, received)
    problems = (Reason(phrase="handed-in-late", values={"minutes": f"{late:.0f}"}),) if late else ()
    _store(site, submission_of(sitting.paper, site.store.page.saved(sitting.paper.student), problems), received)


def hand_in_overdue(site: Site, now: datetime, settled: set[tuple[str, datetime]] | None = None) -> list[Submission]:
    """Hand in what was saved by those whose time is over and who have not done so themselves.

    `settled` remembers whose end has been dealt with: nothing saved in time can come any more.
    """
    found = []
    known = settled if settled is not None else set()
    for sitting in site.store.page.sittings(site.exam.papers):
        end, student = ends_at(site.exam, sitting), sitting.paper.student
        if end is None or now <= end + COURTESY or (student, end) in known:
            continue
        submission = _overdue(site, sitting, end)
        found += [submission] if submission is not None else []
        known.add((student, end))
    return found


def _overdue(site: Site, sitting: Sitting, end: datetime) -> Submission | None:
    if sitting.closed_at is not None or max(sitting.hand_ins, default=end - COURTESY) >= end:
        return None
    saved = site.store.page.saved(sitting.paper.student, end + COURTESY)
    if not has_changes(sitting, saved):
        return None
    return _store(site, submission_of(sitting.paper, saved, (Reason(phrase="handed-in-by-clock"),)), end)


def _store(site: Site, submission: Submission, received: datetime) -> Submission | None:
    if not site.store.page.hand_in(submission, received, most=site.exam.policy.hand_ins):
        return None
    grade_soon(site, submission.student)
    return submission


def grade_soon(site: Site, student: str) -> None:
    """Let a sandbox grade what a student handed in and nobody has graded: of several attempts, every one may count."""

    def work(sandbox: Sandbox) -> None:
        grader = Grader(site.exam, site.shelf, sandbox, site.program)
        for submission in ungraded(site.store, student):
            site.store.save_grading(grader.grade(submission, secrets.randbits(62), site.clock().isoformat()))

    site.runner.submit(student, work, urgent=True)


def ungraded(store: Store, student: str) -> tuple[Submission, ...]:
    """Return a student's hand-ins that were not graded against the exam as it stands, oldest first."""
    digests = dict.fromkeys(a.digest for a in store.attempts(student) if not store.is_graded(student, a.digest))
    found = {s.digest: s for s in store.submissions_of(digests) if s.student == student}
    return tuple(found[d] for d in digests)


def grade_left_over(site: Site, before: datetime) -> None:
    """Have graded what was handed in before a time and nobody came to grade."""
    for student in site.store.ungraded(before):
        if student in site.papers:
            grade_soon(site, student)
