"""Match each normalization with the maps that share one mean, on drawn boxes (material Q6, figures 7 and 8)."""

import numpy as np

from quizgen.authoring import Box, Boxes, ConceptQuestion, integers, one_of, some_of

question = ConceptQuestion(
    source="Q6 figures 7, 8",
    level=2,
    minutes=3,
    select="match",
    show=4,
    conventions=("nchw", "groups_contiguous", "layer_norm_all_axes"),
)

METHODS = ("batch", "layer", "instance", "group", "everything")


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw the size of the batch, one map of it, and which box stands for which way to share a mean."""
    n, c = int(integers(rng, low=3, high=4)), one_of(rng, 4, 6)
    i, j = int(rng.integers(n)), int(rng.integers(c))
    order = some_of(rng, METHODS, len(METHODS))
    first = c // 2 if j >= c // 2 else 0
    half = {"first": first, "last": first + c // 2 - 1}
    return {"n": n, "c": c, "i": i, "j": j, "order": order, **half, **{m: order.index(m) + 1 for m in METHODS}}


@question.picture
def picture(n: int, c: int, i: int, j: int, order: tuple[str, ...]) -> Boxes:
    """Draw one box of all maps for each way to share a mean."""
    boxes = tuple(Box(name=str(at), shaded=shares(method, (n, c), (i, j))) for at, method in enumerate(order, start=1))
    return Boxes(boxes=boxes, down="n = ", across="c = ", focus=(i, j))


def shares(method: str, shape: tuple[int, int], place: tuple[int, int]) -> tuple[tuple[bool, ...], ...]:
    """Say of every map whether it shares the mean of the map at `place`."""
    sample, channel = np.indices(shape)
    (i, j), half = place, shape[1] // 2
    shared = {
        "batch": channel == j,
        "layer": sample == i,
        "instance": (sample == i) & (channel == j),
        "group": (sample == i) & (channel // half == j // half),
        "everything": sample >= 0,
    }[method]
    return tuple(tuple(row) for row in shared.tolist())
