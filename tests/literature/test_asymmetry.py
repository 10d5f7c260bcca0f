"""Egger, rank test, trim-and-fill and leaving one out are those of R metafor."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from littermate.errors import UsageError
from littermate.literature.asymmetry import egger_mixed, publication_bias, trim_and_fill
from littermate.literature.effect_table import EffectTable
from littermate.literature.influence import cumulative, leave_one_out
from littermate.literature.moderators import arrays
from littermate.literature.pooling import Pooling, pool
from littermate.literature.weighted import Effects
from littermate.model.study_effect import StudyEffect

NEAR = 1e-8
CASES = {"bcg_rr": ("bcg", "RR"), "curtis_rom": ("curtis", "ROM"), "preclinical_g": ("preclinical", "SMD")}


@pytest.mark.parametrize("case", CASES)
def test_the_funnel_is_that_of_metafor(case: str, metafor: dict[str, Any], read: Callable[..., EffectTable]) -> None:
    effects = arrays(read(*CASES[case]).effects)
    found, said = publication_bias(effects, Pooling()), metafor[case]
    mixed, weighted, rank = found.tests
    egger = said["egger"]
    assert [mixed.statistic, mixed.p, mixed.limit] == pytest.approx([egger["z"], egger["p"], egger["limit"]], rel=NEAR)
    assert [weighted.statistic, weighted.p, weighted.limit] == pytest.approx(
        [egger["lm_t"], egger["lm_p"], egger["lm_limit"]], rel=NEAR
    )
    scaled = egger_mixed(effects, Pooling(test="knha"))
    assert (scaled.statistic, scaled.df) == (pytest.approx(egger["t_knha"], rel=NEAR), effects.k - 2)
    assert [rank.statistic, rank.p] == pytest.approx([said["rank"]["tau"], said["rank"]["p"]], rel=NEAR)
    for one in found.filled:
        theirs = said["filled"][one.estimator]
        assert one.missing == theirs["k0"]
        assert [one.pooled.estimate, *one.pooled.ci] == pytest.approx([theirs["beta"], *theirs["ci"]], rel=NEAR)
        assert one.side == theirs["side"]


def test_each_study_left_out(metafor: dict[str, Any], read: Callable[..., EffectTable]) -> None:
    found = leave_one_out(read("bcg", "RR").effects, Pooling())
    for (_, pooled), said in zip(found, metafor["bcg_rr"]["without"], strict=True):
        assert [pooled.estimate, pooled.se, pooled.heterogeneity.tau2] == pytest.approx(
            [said["beta"], said["se"], said["tau2"]], rel=NEAR
        )


def test_by_year() -> None:
    effects = [
        StudyEffect(study=str(row), cluster=str(row), yi=float(row), vi=1.0, year=year)
        for row, year in enumerate((2001.0, 1999.0, 2001.0))
    ]
    found = cumulative(effects, Pooling(method="EE"))
    assert [(year, pooled.k, pooled.estimate) for year, pooled in found] == [(1999, 1, 1.0), (2001, 3, 1.0)]
    assert cumulative([StudyEffect(study="a", cluster="a", yi=0.0, vi=1.0)], Pooling()) == ()


def test_two_studies_have_no_funnel() -> None:
    found = publication_bias(Effects.alone(np.array([0.1, 0.4]), np.array([0.1, 0.2])), Pooling())
    assert (found.tests, found.filled) == ((), ())


def test_studies_of_one_precision_have_no_slope() -> None:
    found = publication_bias(Effects.alone(np.array([0.1, 0.4, 0.5]), np.full(3, 0.1)), Pooling())
    (rank,) = found.tests
    assert (rank.name, rank.p) == ("rank correlation", 1.0)


def test_a_filled_study_mirrors_the_farthest_one(read: Callable[..., EffectTable]) -> None:
    effects = arrays(read("bcg", "RR").effects)
    found = trim_and_fill(effects, Pooling())
    farthest = int(effects.y.argmin())
    centre = pool(effects.take(np.arange(effects.k) != farthest)).estimate
    assert found.filled == ((pytest.approx(2 * centre - effects.y[farthest]), effects.v[farthest]),)


def test_an_unknown_estimator_is_refused() -> None:
    with pytest.raises(UsageError, match="L0"):
        trim_and_fill(Effects.alone(np.zeros(3), np.ones(3)), Pooling(), estimator="Q1")
