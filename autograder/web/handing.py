"""Handing in: what stands in the boxes becomes a submission, stored at once and graded as soon as a sandbox is free."""

import secrets
from datetime import datetime

from autograder.grading import Grader
from autograder.intake.handin import digest_of
from autograder.sandbox import Sandbox
from autograder.sitting import COURTESY, Saved, Sitting, ends_at, has_changes, minutes_late, received_at
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


def hand_in(site: Site, sitting: Sitting, now: datetime) -> Submission:
    """Store what is saved as handed in now; it is graded in a while."""
    received = received_at(site.exam, sitting, now)
    late = minutes_late(site.exam, sitting, received)
    problems = (Reason(phrase="handed-in-late", values={"minutes": f"{late:.0f}"}),) if late else ()
    return _store(site, submission_of(sitting.paper, site.store.page.saved(sitting.paper.student), problems), received)


def hand_in_overdue(site: Site, now: datetime) -> list[Submission]:
    """Hand in what was saved by those whose time is over and who have not done so themselves."""
    found = []
    for activity in site.store.page.activities():
        paper = site.papers.get(activity.student)
        if paper is None or activity.saved_at is None:
            continue
        handed = (activity.handed_in_at,) if activity.handed_in_at is not None else ()
        end = ends_at(site.exam, Sitting(paper=paper, started_at=activity.started_at, hand_ins=handed))
        if end is None or now <= end + COURTESY or (handed and handed[0] >= end):
            continue
        submission = _overdue(site, paper, end)
        found += [submission] if submission is not None else []
    return found


def _overdue(site: Site, paper: Paper, end: datetime) -> Submission | None:
    saved, sitting = site.store.page.saved(paper.student, end + COURTESY), site.store.page.sitting(paper)
    used = len(sitting.hand_ins)
    if not has_changes(saved, sitting) or (site.exam.policy.hand_ins and used >= site.exam.policy.hand_ins):
        return None
    return _store(site, submission_of(paper, saved, (Reason(phrase="handed-in-by-clock"),)), end)


def _store(site: Site, submission: Submission, received: datetime) -> Submission:
    site.store.save_submission(submission, received)
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


def grade_left_over(site: Site) -> None:
    """Have graded what an earlier server took and did not come to grade."""
    for submission in site.store.latest_submissions():
        if submission.student in site.papers:
            grade_soon(site, submission.student)
