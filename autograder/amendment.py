"""What a grading is worth once the ledger has been read: gradings and entries in order -> verdicts; pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from msgspec.structs import replace

from autograder.ledger import AcceptMistake, DropItem, Entry, FullMarks, ItemKey, Marked, NewKey, NewVersion, in_force
from quizgen.marking.concept import credit_of
from quizgen.marking.numeric import cell_credit, numeric_verdict, status_of, within
from quizgen.model import (
    CodeDetail,
    ConceptBody,
    ConceptDetail,
    ConceptKey,
    Exam,
    Finding,
    Item,
    Key,
    NumericDetail,
    NumericKey,
    Paper,
    Reason,
    Status,
    StepKey,
    StepVerdict,
    Verdict,
)

Amendable = NewKey | AcceptMistake | FullMarks | NewVersion


@dataclass(kw_only=True)
class Standing:
    """One grading on its way through the ledger: its verdicts, and the items that do not count."""

    paper: Paper
    verdicts: dict[int, Verdict]
    grading_id: int
    dropped: set[int]
    bonus: frozenset[int]
    accepted: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def read(self, entry: Entry) -> None:
        """Let one entry do its work."""
        change = entry.change
        for item in self.paper.items:
            if item.number not in self.verdicts:
                continue
            match change:
                case DropItem(place=place) if place.holds(item):
                    self._drop(item, entry)
                case NewKey() | AcceptMistake() | FullMarks() | NewVersion() if change.place.holds(item):
                    self._amend(item, entry, change)
                case _:
                    pass

    def tally(self, dropped: Iterable[int] | None = None) -> tuple[float, float]:
        """Return points and possible points; what we failed to mark counts for neither."""
        without = self.dropped if dropped is None else dropped
        counted = [i for i in self.paper.items if i.number in self.verdicts and i.number not in without]
        earned = sum(self.verdicts[i.number].points for i in counted)
        errors = {n for n, v in self.verdicts.items() if v.status is Status.ERROR}
        possible = sum(i.points for i in counted if i.number not in self.bonus and i.number not in errors)
        return round(earned, 10), possible

    def _drop(self, item: Item, entry: Entry) -> None:
        without = {*self.dropped, item.number}
        if not entry.never_lower or _share(self.tally(without)) >= _share(self.tally()):
            self.dropped = without

    def _amend(self, item: Item, entry: Entry, change: Amendable) -> None:
        before = self.verdicts[item.number]
        after = self._changed(item, before, change)
        if (after.points, after.status) == (before.points, before.status):
            return
        if not (entry.never_lower and after.points < before.points):
            self.verdicts[item.number] = _noted(before, after, entry)

    def _changed(self, item: Item, verdict: Verdict, change: Amendable) -> Verdict:
        match change:
            case FullMarks():
                return replace(verdict, status=Status.CORRECT, credit=1.0, points=item.points)
            case AcceptMistake(mistake=mistake):
                self.accepted[item.number].add(mistake)
                return accept(item, verdict, self.accepted[item.number])
            case NewVersion(verdicts=verdicts) if str(self.grading_id) in verdicts:
                found = (v for v in verdicts[str(self.grading_id)] if v.item == item.number)
                return next(found, verdict)
            case NewKey(keys=keys) | NewVersion(keys=keys):
                key = next((k.key for k in keys.get(self.paper.student, ()) if k.item == item.number), None)
                return verdict if key is None else rejudge(item, verdict, key)


def standing(exam: Exam, paper: Paper, marked: Marked, entries: Sequence[Entry]) -> Standing:
    """Return what a grading is worth after these entries, all of them in force."""
    policy = exam.policy
    found = Standing(
        paper=paper,
        verdicts={v.item: v for v in marked.grading.verdicts},
        grading_id=marked.id,
        dropped=set(policy.dropped),
        bonus=frozenset(policy.bonus),
    )
    for entry in entries:
        found.read(entry)
    return found


def rejudge(item: Item, verdict: Verdict, key: Key) -> Verdict:
    """Judge a response anew by another key; what was blank, unreadable or carried stays as it is."""
    body = item.variant.body
    match key, verdict.detail:
        case NumericKey(), NumericDetail() as detail:
            keys = {s.name: s for s in key.steps}
            steps = tuple(_judge(s, keys[s.name]) if s.name in keys else s for s in detail.steps)
            return _numeric(item, verdict, steps, detail.findings)
        case ConceptKey(), ConceptDetail() if isinstance(body, ConceptBody):
            credit = credit_of(body, key, verdict.detail.chosen)
            return replace(verdict, status=status_of(credit), credit=credit, points=round(item.points * credit, 10))
        case _:
            return verdict


def accept(item: Item, verdict: Verdict, names: set[str]) -> Verdict:
    """Count as right what is explained by these mistakes alone; of mistakes told apart by nobody, one is enough."""
    match verdict.detail:
        case NumericDetail(steps=steps, findings=findings):
            fine = {f.step for f in findings if f.mistakes and all(names & set(g) for g in f.mistakes)}
            right = tuple(replace(s, status=Status.CORRECT, credit=1.0) if s.name in fine else s for s in steps)
            return _numeric(item, verdict, right, findings) if fine else verdict
        case CodeDetail(mistakes=mistakes) if names & set(mistakes):
            return replace(verdict, status=Status.CORRECT, credit=1.0, points=item.points)
        case _:
            return verdict


def amended_exam(exam: Exam, entries: Sequence[Entry]) -> Exam:
    """Return the exam with the keys that are in force, as feedback has to show them."""
    keys = dict(exam.keys)
    for entry in in_force(entries):
        if isinstance(entry.change, NewKey | NewVersion):
            for paper in exam.papers:
                new = entry.change.keys.get(paper.student, ())
                keys[paper.student] = _replaced(paper, keys[paper.student], new)
    return replace(exam, keys=keys)


def _replaced(paper: Paper, keys: Sequence[Key], new: Sequence[ItemKey]) -> tuple[Key, ...]:
    by_item = {k.item: k.key for k in new}
    pairs = zip(paper.items, keys, strict=True)
    return tuple(_merged(key, by_item[item.number]) if item.number in by_item else key for item, key in pairs)


def _merged(old: Key, new: Key) -> Key:
    if not isinstance(old, NumericKey) or not isinstance(new, NumericKey):
        return new
    steps = {s.name: s for s in new.steps}
    return NumericKey(steps=tuple(steps.get(s.name, s) for s in old.steps))


def _judge(step: StepVerdict, key: StepKey) -> StepVerdict:
    if step.response is None or step.carried:
        return step
    response = np.array(step.response, dtype=np.float64)
    right = np.asarray(key.value, dtype=np.float64)
    if response.shape != right.shape:
        return step
    cells = within(response, right, np.asarray(key.radius, dtype=np.float64))
    credit = cell_credit(cells, right)
    return replace(step, status=status_of(credit), credit=credit, cells=cells.tolist())


def _numeric(item: Item, verdict: Verdict, steps: tuple[StepVerdict, ...], findings: tuple[Finding, ...]) -> Verdict:
    right = {s.name for s in steps if s.status is Status.CORRECT}
    left = tuple(f for f in findings if f.step not in right)
    made = numeric_verdict(item, steps, left)
    return replace(made, reason=verdict.reason, notes=verdict.notes)


def _noted(before: Verdict, after: Verdict, entry: Entry) -> Verdict:
    name = type(entry.change).__struct_config__.tag
    values = {"before": f"{before.points:.4g}", "after": f"{after.points:.4g}", "entry": str(entry.number)}
    if isinstance(entry.change, AcceptMistake):
        values["mistake"] = entry.change.mistake
    return replace(after, notes=(*before.notes, Reason(phrase=f"regraded-{name}", values=values)))


def _share(tally: tuple[float, float]) -> float:
    points, possible = tally
    return points / possible if possible else 0.0
