"""Numeric papers of 12 items, marked on one core: three of four answers right, the others with a listed mistake."""

import time

import numpy as np

from quizgen.authoring.numeric import NumericQuestion, thaw
from quizgen.bank import installed
from quizgen.battery.numeric import rounded_key
from quizgen.marking.numeric import mark_numeric
from quizgen.model import Ask, Item, Kind, NumericBody, NumericKey, Value

ITEMS = 12
PAPERS = 200
WRONG = 0.25
FULL = 10_000

Sitting = tuple[Item, NumericKey, dict[str, Value], NumericQuestion]


def main() -> None:
    """Print the seconds for 10 000 papers, from a sample of papers."""
    rng = np.random.default_rng(0)
    questions = [q for q in installed() if q.kind is Kind.NUMERIC]
    sittings: list[Sitting] = []
    for paper in range(PAPERS):
        for slot in rng.permutation(len(questions))[:ITEMS]:
            question = questions[int(slot)]
            variant, key = question.draw(paper)
            template, body = question.template, variant.body
            if isinstance(template, NumericQuestion) and isinstance(body, NumericBody) and isinstance(key, NumericKey):
                answers = rounded_key(body, key)
                if rng.random() < WRONG:
                    answers = mistaken(template, variant.givens, rng)
                ask = Ask.STEPS if paper % 2 else Ask.FINAL
                sittings.append((Item(number=1, points=1.0, ask=ask, variant=variant), key, answers, template))
    start = time.process_time()
    for item, key, answers, template in sittings:
        mark_numeric(item, key, answers, template)
    seconds = (time.process_time() - start) / PAPERS * FULL
    print(f"{FULL} numeric papers of {ITEMS} items marked: {seconds:.1f} s (target 30 s), from {PAPERS} papers")


def mistaken(template: NumericQuestion, givens: dict[str, Value], rng: np.random.Generator) -> dict[str, Value]:
    """Work an item out with one of its mistakes."""
    mistakes = list(template.program.mistakes.values())
    mistake = mistakes[int(rng.integers(len(mistakes)))]
    values = template.program.run(thaw(givens), swaps=[mistake])
    return {name: np.round(np.asarray(values[name]), 5).tolist() for name in template.program.steps}


if __name__ == "__main__":
    main()
