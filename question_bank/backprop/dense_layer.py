"""Forward and backward through a dense layer for a batch (material Q5, eq. 15, 17 and 18 in matrices)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, integers

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

question = NumericQuestion(source="Q5 eq. (15)-(18)", level=2, minutes=9, decimals=3, conventions=("rows_are_samples",))


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw whole numbers; W is square, so that a transposition left out shows in the numbers, not in the shapes."""
    return {
        "X": integers(rng, low=-3, high=4, shape=(3, 2), nonzero=True),
        "W": integers(rng, low=-3, high=3, shape=(2, 2), nonzero=True),
        "b": integers(rng, low=-3, high=3, shape=(2,), distinct=True, nonzero=True),
        "dY": integers(rng, low=-2, high=3, shape=(3, 2), nonzero=True),
    }


@question.step
def Y(X: Matrix, W: Matrix, b: Vector) -> Matrix:  # noqa: N802 - the layer's output
    """Multiply the samples by the weights and add the bias to every row."""
    return X @ W + b


@question.step
def dX(dY: Matrix, W: Matrix) -> Matrix:  # noqa: N802 - the input's gradient
    """Send the gradient back through the transposed weights."""
    return dY @ W.T


@question.step
def dW(X: Matrix, dY: Matrix) -> Matrix:  # noqa: N802 - the weights' gradient
    """Add up input times gradient over the samples."""
    return X.T @ dY


@question.step
def db(dY: Matrix) -> Vector:
    """Add up the gradient over the samples."""
    return np.asarray(dY.sum(axis=0))


@question.mistake(Y)
def bias_dropped(X: Matrix, W: Matrix) -> Matrix:
    """Multiply by the weights only."""
    return X @ W


@question.mistake(Y, other_convention=True)
def weights_by_row(X: Matrix, W: Matrix, b: Vector) -> Matrix:
    """Take W's rows for the neurons: X W' + b."""
    return X @ W.T + b


@question.mistake(dX)
def not_transposed(dY: Matrix, W: Matrix) -> Matrix:
    """Multiply by W as in the forward pass."""
    return dY @ W


@question.mistake(dX)
def inputs_for_weights(dY: Matrix, X: Matrix) -> Matrix:
    """Multiply cell by cell with the inputs."""
    return dY * X


@question.mistake(dW)
def gradient_transposed(X: Matrix, dY: Matrix) -> Matrix:
    """Put inputs and gradients the other way round."""
    return dY.T @ X


@question.mistake(dW, other_convention=True)
def weights_averaged(X: Matrix, dY: Matrix) -> Matrix:
    """Divide by the batch size."""
    return X.T @ dY / len(X)


@question.mistake(dW)
def last_sample_only(X: Matrix, dY: Matrix) -> Matrix:
    """Overwrite the sum with each sample's part."""
    return np.outer(X[-1], dY[-1])


@question.mistake(db, other_convention=True)
def bias_averaged(dY: Matrix) -> Vector:
    """Divide by the batch size."""
    return np.asarray(dY.mean(axis=0))


@question.mistake(db)
def bias_of_last_sample(dY: Matrix) -> Vector:
    """Take the last row."""
    return np.asarray(dY[-1])


@question.mistake(db)
def bias_total(dY: Matrix) -> Vector:
    """Give both neurons the sum of the whole table."""
    return np.full(2, dY.sum())


@question.mistake(db)
def bias_times_gradient(dY: Matrix, b: Vector) -> Vector:
    """Multiply the sum by the bias."""
    return np.asarray(dY.sum(axis=0) * b)
