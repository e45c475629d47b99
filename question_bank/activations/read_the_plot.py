"""Tell a function from its derivative, given points read off two curves (material Q1, figures 1-3; Q3, figure 5)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import ConceptQuestion, Curve, Curves, decimals, one_of

Vector = NDArray[np.float64]
Function = Callable[[Vector], Vector]

question = ConceptQuestion(source="Q1", level=2, minutes=3, select="one", show=5)


def sigmoid(x: Vector) -> Vector:
    """Squash into (0, 1)."""
    return 1 / (1 + np.exp(-x))


FUNCTIONS: dict[str, tuple[Function, Function]] = {
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x)),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "softplus": (lambda x: np.log1p(np.exp(x)), sigmoid),
    "leaky": (lambda x: np.where(x > 0, x, 0.1 * x), lambda x: np.where(x > 0, 1.0, 0.1)),
}


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw which activation, which of the two curves is its derivative, and where they are read off."""
    name = one_of(rng, *FUNCTIONS)
    curves = FUNCTIONS[name]
    swapped = bool(rng.integers(2))
    near, far = decimals(rng, low=0.3, high=1, places=1), decimals(rng, low=1.5, high=3, places=1)
    x = np.array([-far, -near, near, far])
    first, second = (curve(x).round(2) for curve in (curves[::-1] if swapped else curves))
    return {"name": name, "swapped": swapped, "x": x, "A": first, "B": second}


@question.picture
def picture(name: str, swapped: bool) -> Curves:  # noqa: FBT001 - a given
    """Draw both curves; left and right of 0 are strokes of their own, since the derivative of a leaky ReLU jumps."""
    first, second = FUNCTIONS[name][::-1] if swapped else FUNCTIONS[name]
    return Curves(curves=(Curve(name="A", strokes=strokes(first)), Curve(name="B", strokes=strokes(second))))


def strokes(curve: Function) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Sample a curve on both sides of 0."""
    sides = np.linspace(-3, -1e-9, 31), np.linspace(1e-9, 3, 31)
    return tuple(tuple(zip(x.round(3).tolist(), curve(x).round(3).tolist(), strict=True)) for x in sides)


@question.truth
def sigmoid_first(name: str, swapped: bool) -> bool:  # noqa: FBT001 - a given
    """Curve A is the sigmoid."""
    return name == "sigmoid" and not swapped


@question.truth
def sigmoid_second(name: str, swapped: bool) -> bool:  # noqa: FBT001 - a given
    """Curve B is the sigmoid, and A its derivative."""
    return name == "sigmoid" and swapped


@question.truth
def tanh_first(name: str, swapped: bool) -> bool:  # noqa: FBT001 - a given
    """Curve A is tanh."""
    return name == "tanh" and not swapped


@question.truth
def tanh_second(name: str, swapped: bool) -> bool:  # noqa: FBT001 - a given
    """Curve B is tanh, and A its derivative."""
    return name == "tanh" and swapped


@question.truth
def softplus_first(name: str, swapped: bool) -> bool:  # noqa: FBT001 - a given
    """Curve A is softplus."""
    return name == "softplus" and not swapped


@question.truth
def softplus_second(name: str, swapped: bool) -> bool:  # noqa: FBT001 - a given
    """Curve B is softplus, and A its derivative."""
    return name == "softplus" and swapped


@question.truth
def leaky_first(name: str, swapped: bool) -> bool:  # noqa: FBT001 - a given
    """Curve A is the leaky ReLU."""
    return name == "leaky" and not swapped


@question.truth
def leaky_second(name: str, swapped: bool) -> bool:  # noqa: FBT001 - a given
    """Curve B is the leaky ReLU, and A its derivative."""
    return name == "leaky" and swapped
