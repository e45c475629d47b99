"""What average and maximum pooling keep of a picture (material Q7, its two open questions)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import ConceptQuestion, Map, Maps, one_of, some_of

Vector = NDArray[np.float64]

question = ConceptQuestion(source="Q7", level=2, minutes=4, select="several", show=5)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw a calm surface with one bright speck, and pool it both ways, in random order."""
    level = one_of(rng, 2, 3, 4)
    speck = level + one_of(rng, 12, 16, 20)
    cells = level + np.stack([noise(rng) for _ in range(4)])
    cells[rng.integers(4), rng.integers(4)] = speck
    pooled = {"average": cells.mean(axis=1).reshape(2, 2), "maximum": cells.max(axis=1).reshape(2, 2)}
    first, second = some_of(rng, list(pooled), 2)
    x = cells.reshape(2, 2, 2, 2).transpose(0, 2, 1, 3).reshape(4, 4)
    return {"x": x, "level": level, "speck": speck, "A": pooled[first], "B": pooled[second], "first": first}


@question.picture
def picture(x: Vector, A: Vector, B: Vector) -> Maps:
    """Show the map and what the two poolings make of it."""
    return Maps(maps=tuple(Map(name=name, cells=to_cells(m)) for name, m in (("x", x), ("A", A), ("B", B))))


def to_cells(values: Vector) -> tuple[tuple[float, ...], ...]:
    """Take an array's rows apart."""
    return tuple(tuple(row) for row in values.tolist())


@question.truth
def a_is_average(first: str) -> bool:
    """Say whether A was pooled with the mean."""
    return first == "average"


@question.truth
def b_is_average(first: str) -> bool:
    """Say whether B was pooled with the mean."""
    return first == "maximum"


def noise(rng: np.random.Generator) -> Vector:
    """Draw noise for one window: its mean is at most a quarter off, its maximum is always 1 too high."""
    return rng.permutation([-1.0, 0.0, 1.0, one_of(rng, -1.0, 0.0, 1.0)])
