"""What the battery found out about one question."""

from collections import Counter
from dataclasses import dataclass, field
from statistics import fmean, pstdev

from quizgen.model import Value


@dataclass(kw_only=True)
class Report:
    """Counts of draws, of refusals with their reasons, and of broken promises; kills; the work of each draw by hand."""

    question: str
    draws: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    kills: dict[str, dict[str, int]] = field(default_factory=dict)
    work: list[float] = field(default_factory=list)
    band: tuple[float, float] = (0.0, 0.0)

    @property
    def kept(self) -> float:
        """Return the share of raw draws that were fair."""
        total = self.draws + self.refused.total()
        return self.draws / total if total else 1.0

    @property
    def spread(self) -> float:
        """Return the standard deviation of the draws' work as a share of its mean."""
        usual = fmean(self.work) if self.work else 0.0
        return pstdev(self.work) / usual if usual else 0.0

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
            "work": {"spread": round(self.spread, 4), "band": list(self.band)} if self.work else None,
        }
