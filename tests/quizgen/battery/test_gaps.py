"""Arrays with gaps in memory: the battery, the sandbox and an LMS's judge make their own, for they share no code."""

import numpy as np
import pytest

from autograder.sandbox.inside import child
from quizgen.battery import code
from quizgen.formats.lms import judging

MAKERS = [code._with_gaps, child._with_gaps, judging._with_gaps]


@pytest.mark.parametrize("make", MAKERS, ids=lambda f: f.__module__)
@pytest.mark.parametrize("shape", [(), (1,), (5,), (0,), (2, 0), (3, 4), (2, 3, 4, 5)], ids=str)
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.bool_])
def test_the_same_numbers_stand_apart_in_memory(make, shape, dtype):
    original = np.random.default_rng(0).integers(0, 2, shape).astype(dtype)
    kept = original.copy()
    made = make(original)
    assert (made.shape, made.dtype) == (shape, dtype)
    assert np.array_equal(made, original)
    assert made.flags.c_contiguous == (original.size <= 1)
    if made.ndim:
        made[...] = 1
        assert np.array_equal(original, kept)
