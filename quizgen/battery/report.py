"""What the battery found out about one question."""

from collections import Counter
from dataclasses import dataclass, field

from quizgen.model import Value


@dataclass(kw_only=True)
class Report:
    """Counts of draws, of refusals with their reasons, and of broken promises; kills by mistake and group."""

    question: str
    draws: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    kills: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def kept(self) -> float:
        """Return the share of raw draws that were fair."""
        total = self.draws + self.refused.total()
        return self.draws / total if total else 1.0

    @property
    def passed(self) -> bool:
        """Say whether every promise held."""
        return not self.failures

    def fail(self, promise: str) -> None:
        """Record a broken promise; the same one on many seeds counts up."""
        self.failures[promise] += 1

    def to_json(self) -> dict[str, Value]:
        """Return what `quizgen check --json` prints of it."""
        return {
            "id": self.question,
            "passed": self.passed,
            "draws": self.draws,
            "fair": round(self.kept, 4),
            "refused": dict(self.refused.most_common()),
            "failures": dict(self.failures.most_common()),
            "kills": self.kills,
        }
