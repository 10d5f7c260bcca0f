"""Tests of fixed effects; the agreement with R is in test_mixed.py."""

from dataclasses import replace

import numpy as np
import pytest

from littermate.errors import AnalysisError
from littermate.stats.kenward_roger import estimate_fixed, kenward_roger, satterthwaite

X = np.column_stack([np.ones(8), np.repeat([1.0, -1.0], 4)])
CAGES = np.repeat(np.eye(4), 2, axis=0)
TREATMENT = np.array([[0.0, 1.0]])
Y = np.array([1.0, 3, 5, 7, 12, 14, 20, 18])


def test_a_treatment_of_whole_cages_is_tested_between_cages() -> None:
    within, between = 2.0, 2 * (8 + 18) / 2  # the cages' means are 2, 6 | 13, 19; within them the variance is 2
    effects = estimate_fixed(Y, X, [CAGES], np.array([within, (between - within) / 2]))
    for test in (kenward_roger(effects, TREATMENT), satterthwaite(effects, TREATMENT)):
        assert test.f == pytest.approx(8 * 6**2 / between)  # either half is 6 from the mean
        assert (test.df, test.df_error) == (1, pytest.approx(2))


def test_a_variance_of_0_still_counts_for_kenward_roger_but_not_for_satterthwaite() -> None:
    effects = estimate_fixed(Y, X, [CAGES], np.array([5.0, 0.0]))
    assert kenward_roger(effects, TREATMENT).df_error == pytest.approx(2)
    assert satterthwaite(effects, TREATMENT).df_error > 2
    assert effects.observed[1].tolist() == [0, 0]


def test_a_covariance_below_0_is_refused() -> None:
    effects = estimate_fixed(Y, X, [CAGES], np.array([2.0, 10.0]))
    with pytest.raises(AnalysisError, match="breaks down"):
        kenward_roger(replace(effects, adjusted=-effects.adjusted), TREATMENT)
