"""Gradients against the finite differences of the student's own forward function."""

import numpy as np
import pytest

from autograder import trial
from autograder.cases import drawn_cases
from autograder.consistency import STEP, inconsistency
from autograder.grading import run
from autograder.sandbox import Returned
from quizgen.authoring.code import Gradient
from quizgen.bank import installed
from quizgen.model import Status

BACKWARD = """
def avg_pool_backward(x, dY, window, stride, padding):
    (kh, kw), (sh, sw), (ph, pw) = window, stride, padding
    N, C, H, W = x.shape
    total = np.zeros((N, C, H + 2 * ph, W + 2 * pw), dtype=x.dtype)
    for n, c, i, j in np.ndindex(dY.shape):
        total[n, c, i * sh:i * sh + kh, j * sw:j * sw + kw] += dY[n, c, i, j]{share}
    return total[:, :, ph:ph + H, pw:pw + W]
"""
FORWARD = """
def avg_pool_forward(x, window, stride, padding):
    (kh, kw), (sh, sw), (ph, pw) = window, stride, padding
    xp = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    rows, cols = (xp.shape[2] - kh) // sh + 1, (xp.shape[3] - kw) // sw + 1
    y = np.zeros((*x.shape[:2], rows, cols))
    for i in range(rows):
        for j in range(cols):
            y[:, :, i, j] = xp[:, :, i * sh:i * sh + kh, j * sw:j * sw + kw].sum(axis=(2, 3)){share}
    return y
"""
MEAN = " / (kh * kw)"


@pytest.fixture
def verdict_of(sandbox):
    question = installed().question("pooling-backward/implement-avg-pool-backward")

    def judged(*parts):
        cases = drawn_cases(question.template, 3)
        ran = run(sandbox, ("import numpy as np\n" + "".join(parts)).encode(), {1: cases}, 3)
        return ran.judged(trial._item(1, question), cases)

    return judged


def own(verdict):
    return next((g for g in verdict.detail.groups if g.name == "own_forward"), None)


def test_without_a_forward_function_the_group_does_not_count(verdict_of):
    verdict = verdict_of(BACKWARD.format(share=MEAN))
    assert verdict.status is Status.CORRECT
    assert own(verdict) is None


def test_a_right_pair_is_right(verdict_of):
    verdict = verdict_of(BACKWARD.format(share=MEAN), FORWARD.format(share=MEAN))
    assert verdict.status is Status.CORRECT
    assert own(verdict).passed == own(verdict).total == 1


def test_a_gradient_that_fits_the_student_s_own_wrong_forward_earns_that_group(verdict_of):
    verdict = verdict_of(BACKWARD.format(share=""), FORWARD.format(share=""))
    assert verdict.status is Status.PARTIAL
    assert own(verdict).passed == 1
    assert [g.name for g in verdict.detail.groups if g.passed == g.total] == ["own_forward"]


def test_a_gradient_that_does_not_fit_says_so(verdict_of):
    verdict = verdict_of(BACKWARD.format(share=""), FORWARD.format(share=MEAN))
    assert own(verdict).reason.phrase == "not-own-gradient"
    assert own(verdict).reason.values == {"name": "avg_pool_forward"}


@pytest.mark.parametrize("body", ["return x[9]", "return None", "return x * float('nan')", "return x[:1, :1, :1, :1]"])
def test_a_forward_function_that_fails_is_named(verdict_of, body):
    broken = f"\ndef avg_pool_forward(x, window, stride, padding):\n    {body}\n"
    assert own(verdict_of(BACKWARD.format(share=MEAN), broken)).reason.phrase == "own-forward-fails"


SIGMOIDS = """import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -500, 500)))

def sigmoid_grad(x):
    a = sigmoid(x)
    return {grad}
"""


@pytest.mark.parametrize(("grad", "passed"), [("a * (1 - a)", 1), ("a", 0)])
def test_a_function_of_single_cells_is_compared_cell_by_cell(sandbox, grad, passed):
    question = installed().question("activations/implement-sigmoid-grad")
    cases = drawn_cases(question.template, 1)
    ran = run(sandbox, SIGMOIDS.format(grad=grad).encode(), {1: cases}, 1)
    assert own(ran.judged(trial._item(1, question), cases)).passed == passed


GRADIENT = Gradient(forward=lambda x: x)
"""Cell by cell: two probes, all cells up and all cells down."""


@pytest.mark.parametrize(
    ("up", "down"),
    [([1.0, 2.0, 3.0], [1.0, 2.0]), ([1.0], [1.0]), ([[1.0, 2.0, 3.0]], [[1.0, 2.0, 3.0]])],
    ids=["by its values", "too few", "too deep"],
)
def test_a_forward_function_whose_shape_is_not_its_input_s_is_named(up, down):
    probed = [Returned(np.array(value), None, 0.0) for value in (up, down)]
    why = inconsistency(GRADIENT, {"x": np.zeros(3)}, np.zeros(3), probed)
    assert why.phrase == "own-forward-fails"


def test_numpy_s_own_scalars_are_numbers():
    probed = [Returned(np.float32(value), None, 0.0) for value in (0.5, 0.25)]
    slope = np.float32(0.25 / (2 * STEP))
    assert inconsistency(GRADIENT, {"x": 0.0}, slope, probed) is None
    assert inconsistency(GRADIENT, {"x": 0.0}, slope * 2, probed).phrase == "not-own-gradient"


def test_numbers_beyond_what_a_float_can_hold_are_no_gradient():
    probed = [Returned(np.array([value]), None, 0.0) for value in (1e308, -1e308)]
    assert inconsistency(GRADIENT, {"x": np.zeros(1)}, np.array([np.inf]), probed).phrase == "not-own-gradient"


def test_of_several_gradients_the_first_is_compared():
    probed = [Returned(np.array([value]), None, 0.0) for value in (2 * STEP, -2 * STEP)]
    arguments = {"x": np.zeros(1)}
    assert inconsistency(GRADIENT, arguments, (np.array([2.0]), np.array([7.0])), probed) is None
    assert inconsistency(GRADIENT, arguments, (np.array([7.0]), np.array([2.0])), probed).phrase == "not-own-gradient"
    assert inconsistency(GRADIENT, arguments, (), probed).phrase == "wrong-shape"
