"""Simulated students over every numeric question, and the speed of marking."""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from quizgen.bank import installed
from quizgen.battery.students import Rates, simulate
from quizgen.model import Kind

TARGETS = {
    "honest": 1.0,
    "refused": 1.0,
    "named in steps": 0.99,
    "slip costs once": 1.0,
    "named at the end": 0.97,
    "pairs named": 0.85,
    "guesses not named": 0.995,
    # Counts have so few values that a guess often is what a mistake gives: no target, only the figure.
    "guesses not even perhaps": 0.0,
}


def sit(variants: int, question_id: str) -> Rates:
    """Let the students sit one question."""
    return simulate(installed().question(question_id), range(variants))


def main(variants: int) -> None:
    """Print each share with its target."""
    total, start = Rates(), time.perf_counter()
    ids = [q.id for q in installed() if q.kind is Kind.NUMERIC]
    with ProcessPoolExecutor() as pool:
        for rates in pool.map(partial(sit, variants), ids):
            total.merge(rates)
    for kind, target in TARGETS.items():
        print(f"{kind:32s} {total.share(kind):8.3%} of {total.totals[kind]} (target {target:.1%})")
    for what, count in total.missed.most_common(40):
        print(f"  {count:5d}  {what}")
    print(f"{time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
