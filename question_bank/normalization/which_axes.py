"""Match each normalization with the maps that share one mean, on a drawn picture (material Q6, figures 7 and 8)."""

import numpy as np

from quizgen.authoring import ConceptQuestion, integers, one_of

question = ConceptQuestion(
    source="Q6 figures 7, 8",
    level=2,
    minutes=3,
    select="match",
    show=4,
    conventions=("nchw", "groups_contiguous", "layer_norm_all_axes"),
)

SHARES, APART = r"\bullet", r"\cdot"


def picture(samples: int, channels: int, rows: slice, columns: slice) -> list[list[str]]:
    """Mark the maps of some samples and channels in a table of all of them."""
    cells = [[APART] * channels for _ in range(samples)]
    for row in cells[rows]:
        row[columns] = [SHARES] * len(row[columns])
    return cells


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw the size of the batch, one map of it, and the maps that each method takes together with that one."""
    n, c = int(integers(rng, low=3, high=4)), one_of(rng, 4, 6)
    i, j = int(rng.integers(n)), int(rng.integers(c))
    half = slice(0, c // 2) if j < c // 2 else slice(c // 2, c)
    every, row, column = slice(None), slice(i, i + 1), slice(j, j + 1)
    return {
        "n": n,
        "c": c,
        "i": i,
        "j": j,
        "batch": picture(n, c, every, column),
        "layer": picture(n, c, row, every),
        "instance": picture(n, c, row, column),
        "group": picture(n, c, row, half),
        "everything": picture(n, c, every, every),
    }
