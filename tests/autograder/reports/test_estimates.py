import numpy as np
import pytest
import scipy.stats

from autograder.reports.estimates import (
    FOR_CORRELATION,
    FOR_RELIABILITY,
    FOR_SHARE,
    correlation,
    reliability,
    share,
)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_shares_as_published(count, total, low, high):
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    found = share(count, total)
    assert (found.value, found.low, found.high) == (
        pytest.approx(count / total),
        pytest.approx(low, abs=5e-5),
        pytest.approx(high, abs=5e-5),
    )


@pytest.mark.parametrize("count", [0, 3, 10, 57])
def test_shares_agree_with_scipy(count):
    expected = scipy.stats.binomtest(count, 57).proportion_ci(method="wilson")
    found = share(count, 57)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("slope", [-1.0, 0.0, 0.3, 2.0])
def test_correlations_agree_with_scipy(slope):
    rng = np.random.default_rng(3)
    x = rng.normal(size=40)
    y = slope * x + rng.normal(size=40)
    expected = scipy.stats.pearsonr(x, y)
    interval = expected.confidence_interval(0.95)
    found = correlation(x, y)
    assert (found.value, found.low, found.high) == pytest.approx((expected.statistic, interval.low, interval.high))


def test_with_right_and_wrong_it_is_the_point_biserial():
    rng = np.random.default_rng(4)
    right = (rng.random(30) < 0.6).astype(float)
    rest = right + rng.normal(size=30)
    assert correlation(right, rest).value == pytest.approx(scipy.stats.pointbiserialr(right, rest).statistic)


def test_a_perfect_correlation_has_an_interval():
    found = correlation(np.arange(25.0), np.arange(25.0))
    assert (found.value, found.low, found.high) == pytest.approx((1.0, 1.0, 1.0))


def test_too_few_students_get_no_number():
    for found, needed in (
        (share(5, FOR_SHARE - 1), FOR_SHARE),
        (correlation(np.arange(FOR_CORRELATION - 1.0), np.arange(FOR_CORRELATION - 1.0)), FOR_CORRELATION),
        (reliability(np.eye(FOR_RELIABILITY - 1)).alpha, FOR_RELIABILITY),
    ):
        assert not found.enough
        assert (found.students, found.needed) == (needed - 1, needed)
        assert found.value is found.low is found.high is None


def test_where_all_are_alike_nothing_can_be_said():
    assert correlation(np.ones(50), np.arange(50.0)).value is None
    assert reliability(np.ones((50, 4))).alpha.value is None


def test_alpha_by_hand():
    """Five patterns, each of six students: squares about the mean 4, 4 and 2.8 over the items, 26.8 over the totals."""
    rows = [[1, 1, 1], [2, 3, 2], [3, 3, 3], [1, 1, 2], [3, 2, 3]]
    found = reliability(np.array(rows * 6, dtype=float))
    assert found.alpha.value == pytest.approx(3 / 2 * (1 - (4 + 4 + 2.8) / 26.8))  # 0.8955
    assert found.error.value == pytest.approx(np.sqrt(6 * 26.8 / 29 * 0.1044776), rel=1e-6)


@pytest.fixture(scope="module")
def tau_equivalent():
    """Return scores of 400 students on 8 like items whose alpha is 8 * 0.5 / (1 + 7 * 0.5) = 0.889."""
    rng = np.random.default_rng(5)
    return rng.normal(size=(400, 1)) + rng.normal(size=(400, 8))


def test_alpha_agrees_with_its_other_formula(tau_equivalent):
    """k * mean covariance / (mean variance + (k - 1) * mean covariance), McDonald (1999), p. 89."""
    covariance = np.cov(tau_equivalent.T)
    between = covariance[~np.eye(8, dtype=bool)].mean()
    expected = 8 * between / (np.diag(covariance).mean() + 7 * between)
    found = reliability(tau_equivalent)
    assert found.alpha.value == pytest.approx(expected)
    assert found.error.value == pytest.approx(tau_equivalent.sum(axis=1).std(ddof=1) * np.sqrt(1 - expected))


def test_the_interval_of_alpha_agrees_with_feldt(tau_equivalent):
    """Feldt, Woodruff and Salih (1987): (1 - alpha) F lies between the quantiles of F(n - 1, (n - 1)(k - 1))."""
    found = reliability(tau_equivalent).alpha
    quantiles = scipy.stats.f(399, 399 * 7).ppf([0.975, 0.025])
    expected = 1 - (1 - found.value) * quantiles
    assert (found.low, found.high) == pytest.approx(tuple(expected), abs=0.006)


def test_the_same_scores_have_the_same_interval(tau_equivalent):
    assert reliability(tau_equivalent) == reliability(tau_equivalent.copy())


def test_apart():
    assert share(2, 100).apart_from(share(50, 100))
    assert not share(45, 100).apart_from(share(50, 100))
    assert not share(1, 5).apart_from(share(50, 100))
