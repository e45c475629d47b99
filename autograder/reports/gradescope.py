"""Gradescope: one upload, graded in its container, as the `results.json` that Gradescope reads."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from autograder.batch import Setting, grade_all, jobs
from autograder.intake import Person, read_answers
from autograder.intake.directory import Directory
from autograder.intake.handin import read_hand_in
from autograder.intake.roster import Roster
from autograder.sandbox.levels import NAMES
from quizgen.errors import OperatorError
from quizgen.exam_file import read_exam
from quizgen.formats.plaintext import block_text
from quizgen.model import (
    CodeDetail,
    Exam,
    Finding,
    Grading,
    GroupVerdict,
    Item,
    Key,
    Language,
    NumericDetail,
    Paper,
    QuestionRecord,
    Status,
    StepVerdict,
    Submission,
    Verdict,
)
from quizgen.solution import solution_values
from quizgen.wording import parse, render
from quizgen.wording.phrases import in_words, phrase

WIDTH = 88
"""Columns of a test's output."""
SHOWN, HIDDEN = "visible", "hidden"


def grade_upload(setting: Setting, upload: Path, metadata: Path | None) -> dict[str, Any]:
    """Grade what one student uploaded; where it cannot be told whose it is, say so instead of failing."""
    exam = read_exam(setting.exam_folder)
    if not upload.is_dir():
        raise OperatorError(f"{upload} is no folder: wanted the one that Gradescope puts an upload into")
    found = read_hand_in("", lambda: Directory(upload))
    student = whose(exam, found, read_users(metadata))
    if student is None:
        return unknown(exam)
    submission = Submission(
        student=student,
        digest=found.digest,
        answers=found.answers,
        solution=found.solution,
        problems=found.problems,
    )
    (grading,) = grade_all(setting, jobs([submission]), workers=1)
    return results(exam, grading)


def read_users(metadata: Path | None) -> list[dict[str, Any]]:
    """Read who uploaded from `submission_metadata.json`; without the file, nobody is known."""
    if metadata is None or not metadata.exists():
        return []
    try:
        users = json.loads(metadata.read_text(encoding="utf-8"))["users"]
    except (ValueError, KeyError, TypeError):
        raise OperatorError(f"{metadata}: wanted a JSON object with `users`, as Gradescope writes it") from None
    return [user for user in users if isinstance(user, dict)] if isinstance(users, list) else []


def whose(exam: Exam, submission: Submission, users: Iterable[Mapping[str, Any]]) -> str | None:
    """Find the student by the paper code or id in the hand-in, else by who uploaded it.

    An uploader whose e-mail address is on the roster is believed over what the hand-in says: otherwise another
    student's whole hand-in, uploaded again, would earn that student's points.
    """
    roster = Roster([Person(student=p.student, name=p.name, email=p.email) for p in exam.papers])
    users = list(users)
    known = _found(roster, (str(u.get("email", "")) for u in users))
    said = _said(exam, submission, roster)
    if said is not None and (not known or said in known):
        return said
    weak = (text for u in users for text in (str(u.get("email", "")).partition("@")[0], str(u.get("name", ""))))
    candidates = known or _found(roster, weak)
    return candidates[0] if len(candidates) == 1 else None


def _said(exam: Exam, submission: Submission, roster: Roster) -> str | None:
    if submission.answers is None:
        return None
    answers = read_answers(submission.answers)
    by_code = next((p.student for p in exam.papers if p.code == answers.paper.strip().upper()), None)
    return by_code or roster.by_id(answers.student).student


def _found(roster: Roster, texts: Iterable[str]) -> list[str]:
    found = (roster.find(text).student for text in texts if text)
    return list(dict.fromkeys(student for student in found if student))


def unknown(exam: Exam) -> dict[str, Any]:
    """Return the results of an upload that is nobody's."""
    return {
        "score": 0,
        "output": phrase("upload-of-nobody", exam.language),
        "output_format": "text",
        "visibility": SHOWN,
        "stdout_visibility": HIDDEN,
        "tests": [],
        "extra_data": {"exam": exam.title, "student": None},
    }


def results(exam: Exam, grading: Grading) -> dict[str, Any]:
    """Return a grading as Gradescope's results: a test per item, and per group of hidden cases one for staff."""
    paper = exam.paper_of(grading.student)
    if paper is None:
        raise ValueError(f"{grading.student} has no paper in this exam")
    verdicts = {v.item: v for v in grading.verdicts}
    tests = [
        test
        for item, key in zip(paper.items, exam.keys[paper.student], strict=True)
        for test in _tests(item, key, verdicts[item.number], exam.questions[item.variant.question], paper.language)
    ]
    return {
        "score": grading.points,
        "execution_time": grading.seconds,
        "output": "\n".join(_head(exam, paper, grading)),
        "output_format": "text",
        "visibility": SHOWN,
        "stdout_visibility": HIDDEN,
        "tests": tests,
        "extra_data": _facts(exam, paper, grading),
    }


def _head(exam: Exam, paper: Paper, grading: Grading) -> Iterator[str]:
    yield f"{exam.title} · {paper.name} ({paper.student}) · {phrase('paper', paper.language)} {paper.code}"
    yield from (in_words(p, paper.language) for p in (*grading.problems, *grading.notes))
    if grading.level == 0:
        yield phrase("unsafe", paper.language)


def _facts(exam: Exam, paper: Paper, grading: Grading) -> dict[str, Any]:
    """Return what defends the marking later: the sandbox, the seed of the cases and the versions."""
    return {
        "exam": exam.title,
        "student": paper.student,
        "paper": paper.code,
        "digest": grading.digest,
        "possible": grading.possible,
        "sandbox_level": grading.level,
        "sandbox": NAMES.get(grading.level) if grading.level is not None else None,
        "seed": grading.seed,
        "program": grading.program,
        "banks": grading.banks,
        "graded_at": grading.graded_at,
    }


def _tests(
    item: Item, key: Key, verdict: Verdict, record: QuestionRecord, language: Language
) -> Iterator[dict[str, Any]]:
    title = f"{item.number}. {record.titles[language]}"
    hidden = {g.name for g in record.groups if not g.visible}
    test = {
        "name": title,
        "number": str(item.number),
        "status": _status(good=verdict.status is Status.CORRECT),
        "output": "\n".join(_output(item, key, verdict, record, language)),
        "output_format": "text",
        "visibility": SHOWN,
    }
    # What failed on our side is no zero: without points, it is left out of the total.
    ours = verdict.status is Status.ERROR
    yield test if ours else {**test, "score": verdict.points, "max_score": item.points}
    groups = verdict.detail.groups if isinstance(verdict.detail, CodeDetail) else ()
    for at, group in enumerate((g for g in groups if g.name in hidden), start=1):
        yield {
            "name": f"{title}: {_plain(record.words[language][group.name], {})}",
            "number": f"{item.number}.{at}",
            "status": _status(good=group.passed == group.total),
            "output": "\n".join(_group(group, language)),
            "output_format": "text",
            "visibility": HIDDEN,
        }


def _status(*, good: bool) -> str:
    return "passed" if good else "failed"


def _output(item: Item, key: Key, verdict: Verdict, record: QuestionRecord, language: Language) -> Iterator[str]:
    """Say how the response stands and why, without any right answer: students may upload again."""
    told = phrase(verdict.status, language)
    yield f"{told}: {in_words(verdict.reason, language)}" if verdict.reason else told
    yield from (in_words(note, language) for note in verdict.notes)
    words, values = record.words[language], solution_values(item.variant, key)
    match verdict.detail:
        case NumericDetail(steps=steps, findings=findings):
            yield from (_step(s, language) for s in steps if s.status is not Status.CORRECT or s.carried)
            for step, found in groupby(findings, key=lambda f: f.step):
                yield from _explained(step, found, words, values, language)
        case CodeDetail(groups=groups, mistakes=mistakes, traceback=traceback):
            yield from traceback
            shown = {g.name for g in record.groups if g.visible}
            for group in (g for g in groups if g.name in shown):
                yield _plain(words[group.name], {})
                yield from (f"  {line}" for line in _group(group, language))
            if len(groups) > len(shown):
                yield phrase("more-inputs", language)
            named = [_plain(words[name], values) for name in mistakes if name in words]
            yield from [phrase("code-mistake-named", language), *named] if named else []
        case _:
            return  # which options are right is not told


def _step(step: StepVerdict, language: Language) -> str:
    told = f"{step.name}: {phrase(step.status, language)}"
    why = phrase("carried", language) if step.carried else in_words(step.reason, language) if step.reason else ""
    return f"{told} ({why})" if why else told


def _explained(
    step: str, found: Iterable[Finding], words: Mapping[str, str], values: Mapping[str, Any], language: Language
) -> Iterator[str]:
    """Name what explains one wrong step; explanations that exclude each other stand below one heading."""
    detail = NumericDetail(steps=(), findings=tuple(found))
    named = [_plain(words[name], values) for name in detail.mistakes if name in words]
    looks = [in_words(look, language) for look in detail.looks]
    heading = "mistake-or" if detail.either else "mistake-named" if detail.certain else "mistake-perhaps"
    if named or looks:
        yield f"{step}: {phrase(heading, language)}"
        yield from (*named, *looks)
    if not detail.certain:
        yield phrase("perhaps-note", language)
    if detail.other_convention:
        yield phrase("other-convention-note", language)


def _group(group: GroupVerdict, language: Language) -> Iterator[str]:
    yield phrase("cases-passed", language, passed=group.passed, total=group.total)
    if group.reason is not None:
        yield in_words(group.reason, language)
    yield from group.traceback


def _plain(text: str, values: Mapping[str, Any]) -> str:
    return block_text(parse(render(text, values)), WIDTH)
