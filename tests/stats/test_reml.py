"""Variances by restricted maximum likelihood: balanced layouts have them in closed form."""

import numpy as np
import pytest

from littermate.errors import AnalysisError
from littermate.stats.reml import full_likelihood, maximise, restricted_likelihood

CAGES = np.repeat(np.eye(3), 2, axis=0)
MEAN = np.ones((6, 1))


def test_a_balanced_layout_has_the_variances_of_its_mean_squares() -> None:
    y = np.array([1.0, 3, 5, 7, 12, 14])  # within cages 2, between cages 2 * var(2, 6, 13) = 62
    found = maximise(restricted_likelihood(y, MEAN, [CAGES]))
    assert found.residual == pytest.approx(2)
    assert found.ratios * found.residual == pytest.approx([(62 - 2) / 2])


def test_cages_less_alike_than_chance_have_no_variance() -> None:
    y = np.array([1.0, 5, 0, 6, 2, 4])
    found = maximise(restricted_likelihood(y, MEAN, [CAGES]))
    assert found.ratios.tolist() == [0]
    assert found.residual == pytest.approx(np.var(y, ddof=1))


def test_full_likelihood_without_variance_is_that_of_a_sample() -> None:
    y = np.array([1.0, 5, 0, 6, 2, 4])
    found = maximise(full_likelihood(restricted_likelihood(y, MEAN, [CAGES]), MEAN, [CAGES]))
    assert found.residual == pytest.approx(np.var(y))
    assert found.deviance == pytest.approx(6 * (1 + np.log(2 * np.pi * np.var(y))))


def test_rows_that_are_alike_within_every_cage_are_refused() -> None:
    with pytest.raises(AnalysisError, match="no residual variance"):
        maximise(restricted_likelihood(np.array([1.0, 1, 5, 5, 2, 2]), MEAN, [CAGES]))


def test_derivatives_are_those_of_the_value() -> None:
    random = np.random.default_rng(1)
    groups = [np.eye(4)[random.integers(0, 4, 20)], np.eye(3)[random.integers(0, 3, 20)]]
    x = np.column_stack([np.ones(20), random.normal(size=20)])
    restricted = restricted_likelihood(random.normal(size=20), x, groups)
    for likelihood in (restricted, full_likelihood(restricted, x, groups)):
        at = np.array([0.3, 0.7])
        gradient, hessian = likelihood.derivatives(at)
        for place, step in enumerate(np.eye(2) * 1e-5):
            assert gradient[place] == pytest.approx((likelihood.value(at + step) - likelihood.value(at - step)) / 2e-5)
            change = likelihood.derivatives(at + step)[0] - likelihood.derivatives(at - step)[0]
            assert hessian[place] == pytest.approx(change / 2e-5, rel=1e-5)
