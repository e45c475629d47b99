"""Data augmentation: mirror a map, crop it, and count the augmented set (material Q2, the list of methods)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, integers, one_of

Matrix = NDArray[np.float64]

question = NumericQuestion(source="Q2", level=1, minutes=5, decimals=0)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw a small map with a place to crop it, and a training set of larger images."""
    size = one_of(rng, 32, 28, 24)
    return {
        "x": integers(rng, shape=(3, 4), low=0, high=30, distinct=True),
        "top": int(rng.integers(2)),
        "left": int(rng.integers(1, 3)),
        "images": int(integers(rng, low=2, high=9)) * 100,
        "H": size,
        "W": size + 2,
        "crop": size - one_of(rng, 3, 4, 5),
    }


@question.require
def top_is_not_left(top: int, left: int) -> bool:
    """Refuse equal offsets, where swapping them would not show."""
    return top != left


@question.step
def flipped(x: Matrix) -> Matrix:
    """Mirror left to right: the columns come in reverse."""
    return x[:, ::-1]


@question.step
def cropped(flipped: Matrix, top: int, left: int) -> Matrix:
    """Cut a 2 x 2 window out of the mirrored map."""
    return flipped[top : top + 2, left : left + 2]


@question.step
def places(H: int, W: int, crop: int) -> int:
    """Count where a window fits: one more than the difference, in both directions."""
    return (H - crop + 1) * (W - crop + 1)


@question.step
def inputs(places: int, images: int) -> int:
    """Count all different inputs: every image and its mirror image, at every place."""
    return 2 * images * places


@question.mistake(flipped)
def upside_down(x: Matrix) -> Matrix:
    """Reverse the rows."""
    return x[::-1]


@question.mistake(flipped)
def turned(x: Matrix) -> Matrix:
    """Reverse rows and columns."""
    return x[::-1, ::-1]


@question.mistake(cropped)
def not_flipped(x: Matrix, top: int, left: int) -> Matrix:
    """Crop the original map."""
    return x[top : top + 2, left : left + 2]


@question.mistake(cropped)
def offsets_swapped(flipped: Matrix, top: int, left: int) -> Matrix:
    """Take the row's offset for the column's, as far as the map reaches."""
    return flipped[min(left, 1) : min(left, 1) + 2, top : top + 2]


@question.mistake(places)
def one_place_less(H: int, W: int, crop: int) -> int:
    """Count differences."""
    return (H - crop) * (W - crop)


@question.mistake(places)
def tiles(H: int, W: int, crop: int) -> int:
    """Count windows that do not overlap."""
    return (H // crop) * (W // crop)


@question.mistake(places)
def directions_added(H: int, W: int, crop: int) -> int:
    """Add the two directions."""
    return (H - crop + 1) + (W - crop + 1)


@question.mistake(inputs)
def mirror_images_left_out(places: int, images: int) -> int:
    """Count the crops of the originals alone."""
    return images * places


@question.mistake(inputs)
def added_up(places: int, images: int) -> int:
    """Add mirror images and crops in place of combining them."""
    return images * (2 + places)
