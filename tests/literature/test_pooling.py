"""Pooled effects are those of R metafor; one study, two, and studies that do not differ."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from littermate.errors import AnalysisError, UsageError
from littermate.literature.between import METHODS
from littermate.literature.effect_table import EffectTable
from littermate.literature.moderators import arrays
from littermate.literature.pooling import Pooling, fit_effects, pool
from littermate.literature.weighted import Effects
from littermate.model.meta_analysis import PooledStudies

CASES = {"bcg_rr": ("bcg", "RR"), "normand_g": ("normand", "SMD"), "curtis_rom": ("curtis", "ROM")}
CASES |= {"preclinical_g": ("preclinical", "SMD"), "bcg_or": ("bcg", "OR"), "normand_md": ("normand", "MD")}
NEAR = 1e-9


def agree(ours: PooledStudies, theirs: dict[str, Any]) -> None:
    between = ours.heterogeneity
    assert [ours.estimate, ours.se, ours.statistic, ours.p, *ours.ci] == pytest.approx(
        [theirs["beta"], theirs["se"], theirs["statistic"], theirs["p"], *(low[0] for low in theirs["ci"])], rel=NEAR
    )
    assert [between.tau2, between.i2, between.h2, between.q, between.q_p, ours.log_likelihood] == pytest.approx(
        [theirs[name] for name in ("tau2", "i2", "h2", "q", "q_p", "loglik")], rel=NEAR, abs=1e-12
    )
    assert ours.weights == pytest.approx(theirs["weights"], rel=NEAR)
    if between.tau2_se is not None:
        assert between.tau2_se == pytest.approx(theirs["tau2_se"], rel=NEAR)


@pytest.mark.parametrize("case", CASES)
def test_every_method_and_test_is_that_of_metafor(
    case: str, metafor: dict[str, Any], read: Callable[..., EffectTable]
) -> None:
    effects = arrays(read(*CASES[case]).effects)
    assert effects.y == pytest.approx(metafor[case]["yi"], rel=NEAR, abs=1e-12)
    assert effects.v == pytest.approx(metafor[case]["vi"], rel=NEAR)
    for method in METHODS:
        agree(pool(effects, Pooling(method=method)), metafor[case]["methods"][method])
    for test, theirs in metafor[case]["tests"].items():
        agree(pool(effects, Pooling(test=test)), theirs)


@pytest.mark.parametrize("case", CASES)
def test_intervals_of_the_heterogeneity_and_of_a_new_study(
    case: str, metafor: dict[str, Any], read: Callable[..., EffectTable]
) -> None:
    effects = arrays(read(*CASES[case]).effects)
    plain, scaled = pool(effects), pool(effects, Pooling(test="knha"))
    said, found = metafor[case], plain.heterogeneity
    assert plain.prediction_interval == pytest.approx(said["prediction"]["z"], rel=NEAR)
    assert plain.prediction_interval_t == pytest.approx(said["prediction"]["t"], rel=NEAR)
    assert scaled.prediction_interval == pytest.approx(said["prediction"]["knha"], rel=NEAR)
    assert [*found.tau2_ci, *found.i2_ci, *found.h2_ci] == pytest.approx(
        [*said["interval"]["tau2"], *said["interval"]["i2"], *said["interval"]["h2"]], rel=NEAR, abs=1e-12
    )


def test_one_study_is_itself() -> None:
    one = pool(Effects.alone(np.array([0.5]), np.array([0.04])), Pooling(test="knha"))
    assert (one.estimate, one.se, one.df) == (0.5, pytest.approx(0.2), None)
    assert one.heterogeneity.tau2 == 0 and one.heterogeneity.tau2_ci is None
    assert one.prediction_interval == one.ci and one.prediction_interval_t is None


def test_two_studies(metafor: dict[str, Any]) -> None:
    two = pool(Effects.alone(np.array([0.1, 0.5]), np.array([0.2, 0.1])))
    agree(two, metafor["two"])
    assert two.prediction_interval_t is None


def test_studies_that_do_not_differ(metafor: dict[str, Any]) -> None:
    effects = Effects.alone(np.full(3, 0.1), np.array([1.0, 2.0, 3.0]))
    alike = pool(effects)
    agree(alike, metafor["alike"])
    assert alike.heterogeneity.tau2_ci is None
    scaled = pool(effects, Pooling(test="knha"))
    assert scaled.se == pytest.approx(0, abs=1e-12) and scaled.p < 1e-9
    assert pool(effects, Pooling(test="adhoc")).se == pytest.approx(alike.se)
    for method in METHODS:
        assert pool(effects, Pooling(method=method)).heterogeneity.tau2 == pytest.approx(0, abs=1e-12)


def test_a_likelihood_that_fisher_scoring_does_not_climb_is_climbed() -> None:
    y = np.array([1.30, 1.94, 0.70, 0.36, 1.31, 0.46, 1.24, 0.71, 0.35, 0.77])
    v = np.array([0.640, 0.421, 0.992, 0.058, 0.756, 0.634, 0.79, 0.596, 0.457, 0.935])
    effects = Effects.alone(y, v)
    found = pool(effects, Pooling(method="ML"))
    grid = [pool_at(effects, tau2) for tau2 in np.linspace(0, 1, 101)]
    assert found.log_likelihood >= max(grid) - 1e-12


def pool_at(effects: Effects, tau2: float) -> float:
    from littermate.literature.between import log_likelihood

    return log_likelihood(effects, tau2, restricted=False)


def test_more_coefficients_than_studies_are_refused() -> None:
    x = np.column_stack([np.ones(2), [1.0, 2.0], [3.0, 5.0]])
    with pytest.raises(AnalysisError, match="at least 3 studies"):
        fit_effects(Effects(np.zeros(2), np.ones(2), x), Pooling())


@pytest.mark.parametrize("wrong", [{"method": "XX"}, {"test": "f"}, {"level": 95}])
def test_words_that_mean_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        Pooling(**wrong)
