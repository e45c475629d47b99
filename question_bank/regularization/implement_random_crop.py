"""Implement random cropping with the draws handed in (material Q2, the list of methods)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.augmentation import random_crop
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

Integers = NDArray[np.int64]
Size = tuple[int, int]

question = CodeQuestion(source="Q2", level=2, minutes=7, reference=random_crop, conventions=("nchw",))


def arguments(rng: np.random.Generator, shape: tuple[int, int, int, int], size: Size) -> Arguments:
    """Draw images with a place for each window; the first and the last place are among them."""
    lasts = (shape[2] - size[0], shape[3] - size[1])
    tops, lefts = (rng.integers(0, last + 1, shape[0]) for last in lasts)
    tops[0], lefts[0] = lasts[0], 0
    tops[-1], lefts[-1] = 0, lasts[1]
    return {"x": rng.normal(size=shape), "tops": tops, "lefts": lefts, "size": size}


@question.cases(visible=True)
def one_image(rng: np.random.Generator) -> Iterator[Arguments]:
    x = np.arange(12.0).reshape(1, 1, 3, 4)
    yield {"x": x, "tops": np.array([1]), "lefts": np.array([2]), "size": (2, 2)}
    yield arguments(rng, (1, 3, 5, 6), (3, 2))


@question.cases(weight=2)
def batches(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (4, 3, 6, 7), (2, 3))
    yield arguments(rng, (3, 2, 7, 5), (4, 2))


@question.cases()
def whole_image(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 4, 5), (4, 5))


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 5, 6), (2, 4))


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (2, 3, 5, 6), (2, 4))
    yield {**drawn, "x": drawn["x"].astype(np.float32)}


@question.solution
def image_by_image(x: Array, tops: Integers, lefts: Integers, size: Size) -> Array:
    """Cut every window with slices."""
    height, width = size
    cuts = [x[n, :, t : t + height, v : v + width] for n, (t, v) in enumerate(zip(tops, lefts, strict=True))]
    return np.stack(cuts)


@question.solution
def pixel_by_pixel(x: Array, tops: Integers, lefts: Integers, size: Size) -> Array:
    """Copy every pixel from the definition."""
    y = np.empty((x.shape[0], x.shape[1], *size), dtype=x.dtype)
    for n, c, i, j in np.ndindex(y.shape):
        y[n, c, i, j] = x[n, c, tops[n] + i, lefts[n] + j]
    return y


def cut(x: Array, tops: Integers, lefts: Integers, size: Size) -> Array:
    """Cut windows; the mistakes below hand in the wrong places."""
    rows = [x[n, :, tops[n] : tops[n] + size[0]] for n in range(len(x))]
    return np.stack([rows[n][:, :, lefts[n] : lefts[n] + size[1]] for n in range(len(x))])


@question.mistake
def same_place_for_all(x: Array, tops: Integers, lefts: Integers, size: Size) -> Array:
    """Cut all images at the first one's place."""
    return x[:, :, tops[0] : tops[0] + size[0], lefts[0] : lefts[0] + size[1]]


@question.mistake
def offsets_swapped(x: Array, tops: Integers, lefts: Integers, size: Size) -> Array:
    """Take tops for columns and lefts for rows."""
    return cut(x, lefts, tops, size)


@question.mistake
def size_swapped(x: Array, tops: Integers, lefts: Integers, size: Size) -> Array:
    """Take the size for (width, height)."""
    return cut(x, tops, lefts, (size[1], size[0]))


@question.mistake
def size_taken_for_end(x: Array, tops: Integers, lefts: Integers, size: Size) -> Array:
    """Slice from the offset to the size."""
    return np.stack([x[n, :, tops[n] : size[0], lefts[n] : size[1]] for n in range(len(x))])


@question.mistake
def offsets_from_one(x: Array, tops: Integers, lefts: Integers, size: Size) -> Array:
    """Count rows and columns from 1."""
    return cut(x, np.maximum(tops - 1, 0), np.maximum(lefts - 1, 0), size)


@question.mistake
def corner_cut(x: Array, tops: Integers, lefts: Integers, size: Size) -> Array:  # noqa: ARG001 - ignoring the offsets is the mistake
    """Cut every image at the upper left corner."""
    return x[:, :, : size[0], : size[1]]
