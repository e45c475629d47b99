"""Mastery: each student's share of the points, topic by topic; pure."""

from dataclasses import dataclass

from autograder.reports.gradebook import Gradebook
from autograder.reports.item_analysis import answers


@dataclass(frozen=True, kw_only=True)
class TopicScore:
    """What was earned of what could be had in one topic, over so many items."""

    earned: float
    possible: float
    items: int

    @property
    def share(self) -> float | None:
        """Return earned over possible points."""
        return self.earned / self.possible if self.possible else None


@dataclass(frozen=True, kw_only=True)
class Mastery:
    """Students by topics; a student who had no item of a topic has no score there."""

    topics: tuple[str, ...]
    students: dict[str, dict[str, TopicScore]]

    def mean(self, topic: str) -> float | None:
        """Return the class's mean share in a topic."""
        shares = [s.share for scores in self.students.values() if (s := scores.get(topic)) and s.share is not None]
        return sum(shares) / len(shares) if shares else None


def mastery(book: Gradebook) -> Mastery:
    """Add up the points of every student by topic."""
    found: dict[str, dict[str, list[tuple[float, float]]]] = {}
    topics: dict[str, None] = {}
    for answer in answers(book):
        topic = answer.item.variant.question.partition("/")[0]
        topics[topic] = None
        scores = found.setdefault(answer.row.paper.student, {}).setdefault(topic, [])
        scores.append((answer.verdict.points, answer.item.points))
    return Mastery(
        topics=tuple(topics),
        students={
            student: {
                topic: TopicScore(earned=sum(e for e, _ in s), possible=sum(p for _, p in s), items=len(s))
                for topic, s in scores.items()
            }
            for student, scores in found.items()
        },
    )
