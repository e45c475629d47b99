from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from question_bank.reference.feature_scaling import min_max_scale, standardize

quick = settings(max_examples=40, deadline=None)
sizes = st.integers(1, 6)
seeds = st.integers(0, 2**32 - 1)


def tables(train_rows, rows, columns, seed):
    rng = np.random.default_rng(seed)
    train, X = rng.integers(-3, 4, (train_rows, columns)) / 2, rng.integers(-9, 10, (rows, columns)) / 2
    train[:, 0] = 0.3  # constant, and not exact in binary
    return train, X


@quick
@given(sizes, sizes, sizes, seeds)
def test_min_max_scale(train_rows, rows, columns, seed):
    train, X = tables(train_rows, rows, columns, seed)
    got = min_max_scale(train, X)
    for i, j in np.ndindex(rows, columns):
        column = [Fraction(v) for v in train[:, j]]
        spread = max(column) - min(column)
        wanted = (Fraction(X[i, j]) - min(column)) / (spread or 1)
        assert got[i, j] == pytest.approx(float(wanted), rel=1e-12, abs=1e-15)
    back = got * np.where(np.ptp(train, axis=0) == 0, 1, np.ptp(train, axis=0)) + np.min(train, axis=0)
    np.testing.assert_allclose(back, X, atol=1e-12)


@quick
@given(sizes, sizes, sizes, seeds)
def test_standardize(train_rows, rows, columns, seed):
    train, X = tables(train_rows, rows, columns, seed)
    got = standardize(train, X)
    for i, j in np.ndindex(rows, columns):
        column = [Fraction(v) for v in train[:, j]]
        mean = sum(column) / train_rows
        variance = sum((v - mean) ** 2 for v in column) / train_rows
        wanted = float(Fraction(X[i, j]) - mean) / (float(variance) ** 0.5 or 1)
        assert got[i, j] == pytest.approx(wanted, rel=1e-9, abs=1e-12)
    varied = [j for j in range(columns) if np.ptp(train[:, j]) > 0]
    if varied:
        np.testing.assert_allclose(got[:, varied], stats.zmap(X[:, varied], train[:, varied]), atol=1e-12)


@pytest.mark.parametrize("scale", [min_max_scale, standardize])
def test_a_constant_column_is_zero_without_a_warning(scale):
    train = np.full((7, 2), 0.1)
    np.testing.assert_array_equal(scale(train, train), np.zeros((7, 2)))


@pytest.mark.parametrize("scale", [min_max_scale, standardize])
@pytest.mark.parametrize(
    ("train", "X", "message"),
    [
        ((3, 2), (3, 3), r"train has shape \(3, 2\), wanted \(M, 3\) with M >= 1"),
        ((0, 2), (3, 2), r"train has shape \(0, 2\), wanted \(M, 2\) with M >= 1"),
        ((3,), (3, 1), r"train has shape \(3,\), wanted \(M, D\)"),
        ((3, 1), (3,), r"X has shape \(3,\), wanted \(N, D\)"),
    ],
)
def test_tables_that_do_not_fit_are_refused(scale, train, X, message):
    with pytest.raises(ValueError, match=message):
        scale(np.ones(train), np.ones(X))
