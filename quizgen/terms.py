"""The terms of a frozen exam: what may change while it is open; exam.json keeps what they were, when and why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, structs

from quizgen.blueprint import check_policy
from quizgen.errors import InstructorError
from quizgen.model import Exam
from quizgen.policy import Policy, Terms, TermsChange


class Difference(Struct, frozen=True, kw_only=True):
    """One term that changes; `student` is empty for those of everybody."""

    name: str
    before: Any
    after: Any
    student: str = ""


def terms_of(exam: Exam) -> Terms:
    """Return the terms that hold now."""
    extra = {p.student: p.extra_time for p in exam.papers if p.extra_time}
    return Terms(policy=exam.policy, minutes=exam.minutes, extra_time=extra)


def with_terms(exam: Exam, terms: Terms) -> Exam:
    """Return the exam under these terms."""
    papers = tuple(structs.replace(p, extra_time=terms.extra_time.get(p.student, 0.0)) for p in exam.papers)
    return structs.replace(exam, policy=terms.policy, minutes=terms.minutes, papers=papers)


def exam_at(exam: Exam, at: datetime) -> Exam:
    """Return the exam under the terms that held at that time."""
    later = next((c for c in exam.changes if c.at > at), None)
    return exam if later is None else with_terms(exam, later.before)


def new_terms(
    exam: Exam, policy: Mapping[str, Any], extra_time: Mapping[str, float], *, minutes: float | None = None
) -> Terms:
    """Return the terms with these values in the place of those there are, checked as exam.toml is."""
    for student in extra_time:
        if exam.paper_of(student) is None:
            raise InstructorError(f"student {student!r} has no paper in this exam")
    now = terms_of(exam)
    terms = Terms(
        policy=structs.replace(now.policy, **policy),
        minutes=now.minutes if minutes is None else minutes,
        extra_time={s: m for s, m in {**now.extra_time, **extra_time}.items() if m},
    )
    check_policy(terms.policy, len(exam.papers[0].items), "policy")
    return terms


def changed(exam: Exam, terms: Terms, *, at: datetime, by: str, reason: str) -> Exam:
    """Return the exam under new terms, with one more line of what they were."""
    change = TermsChange(at=at, by=by, reason=reason, before=terms_of(exam))
    return structs.replace(with_terms(exam, terms), changes=(*exam.changes, change))


def differences(before: Terms, after: Terms) -> tuple[Difference, ...]:
    """List what differs: of the policy, the minutes, then the extra time of each student."""
    pairs = [(n, getattr(before.policy, n), getattr(after.policy, n)) for n in Policy.__struct_fields__]
    found = [Difference(name=n, before=b, after=a) for n, b, a in (*pairs, ("minutes", before.minutes, after.minutes))]
    found += [
        Difference(
            name="extra_time", before=before.extra_time.get(s, 0.0), after=after.extra_time.get(s, 0.0), student=s
        )
        for s in sorted(before.extra_time.keys() | after.extra_time.keys())
    ]
    return tuple(d for d in found if d.before != d.after)
