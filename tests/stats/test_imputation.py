"""Pooling is that of mice; imputation keeps the outcome, is repeatable, and is right on average."""

from typing import Any

import numpy as np
import pytest

from littermate.errors import AnalysisError, UsageError
from littermate.model.plan import Plan
from littermate.stats.factorial import fit
from littermate.stats.imputation import fit_imputed, impute_covariates
from littermate.stats.pooling import pool_coefficients, pool_estimates
from littermate.stats.table import Table

PLAN = Plan(outcome="y", factors=("a", "b"), covariates=("weight",))


def test_pooled_estimate_is_that_of_mice(robust: dict[str, Any]) -> None:
    expected = robust["rubin"]
    found = pool_estimates(expected["q"], expected["u"], df=28)
    assert (found.estimate, found.within, found.between) == pytest.approx(
        (expected["estimate"], expected["ubar"], expected["b"]), rel=1e-9
    )
    assert (found.se**2, found.df, found.riv, found.fmi) == pytest.approx(
        (expected["t"], expected["df"], expected["r"], expected["fmi"]), rel=1e-9
    )


def test_pooled_f_is_d1(robust: dict[str, Any]) -> None:
    expected = robust["rubin"]
    covariances = [np.array(one).reshape(2, 2) for one in expected["U"]]
    found = pool_coefficients([np.array(one) for one in expected["Q"]], covariances, df=28)
    assert (found.f, found.riv) == pytest.approx((expected["d1"]["f"], expected["d1"]["r"]), rel=1e-9)
    assert 0 < found.df_error < 28


def test_one_coefficient_is_the_square_of_its_t(robust: dict[str, Any]) -> None:
    q, u = robust["rubin"]["q"], robust["rubin"]["u"]
    one = pool_estimates(q, u, df=28)
    f = pool_coefficients([np.array([each]) for each in q], [np.array([[each]]) for each in u], df=28)
    assert (f.f, f.df_error, f.p) == pytest.approx((one.t**2, one.df, one.p), rel=1e-12)


def test_nothing_between_leaves_the_data_their_degrees_of_freedom() -> None:
    found = pool_estimates([2.0, 2.0], [1.0, 1.0], df=28)
    assert (found.df, found.riv) == (pytest.approx(28 * 29 / 31), 0.0)


def test_a_variance_of_zero_is_refused() -> None:
    with pytest.raises(UsageError, match="above 0"):
        pool_estimates([1.0, 2.0], [1.0, 0.0], df=28)


def make(n: int = 8, gaps: tuple[int, ...] = (1, 9, 20), slope: float = 5.0, seed: int = 2) -> Table:
    rng = np.random.default_rng(seed)
    cells = [(a, b) for a in "xy" for b in "pq" for _ in range(n)]
    weight = rng.normal(30, 2, 4 * n)
    values = slope * (weight - 30) + 8 * np.array([a == "y" for a, _ in cells]) + rng.normal(0, 2, 4 * n)
    seen = weight.copy()
    seen[list(gaps)] = np.nan
    return Table(
        outcome="y",
        values=values,
        factors={"a": [a for a, _ in cells], "b": [b for _, b in cells]},
        units=[f"K{k}" for k in range(4 * n)],
        covariates={"weight": seen},
    )


@pytest.mark.parametrize("method", ["norm", "pmm"])
def test_the_slope_comes_back(method: str) -> None:
    found = fit_imputed(make(), PLAN, method=method, imputations=5)
    assert found.imputed == (("K1", "weight"), ("K9", "weight"), ("K20", "weight"))
    main = found.differences[0]
    assert abs(main.estimate - 8) < 4 * main.se
    assert 0 < main.fmi < 0.7
    assert [effect.term for effect in found.effects] == ["weight", "a", "b", "a:b"]


def test_what_is_known_is_kept_and_the_seed_decides() -> None:
    table = make()
    one, again = (impute_covariates(table, PLAN, imputations=2, seed=3) for _ in range(2))
    known = ~np.isnan(table.covariates["weight"])
    assert (one[0].covariates["weight"][known] == table.covariates["weight"][known]).all()
    assert (one[0].values == table.values).all()
    assert (one[1].covariates["weight"] == again[1].covariates["weight"]).all()


def test_matching_gives_observed_numbers_only() -> None:
    table = make()
    for one in impute_covariates(table, PLAN, imputations=3, method="pmm"):
        assert set(one.covariates["weight"]) <= set(table.covariates["weight"][~np.isnan(table.covariates["weight"])])


def test_the_outcome_is_never_imputed() -> None:
    table = make()
    values = table.values.copy()
    values[4] = np.nan
    gappy = Table(outcome="y", values=values, factors=table.factors, units=table.units, covariates=table.covariates)
    assert all("K4" not in one.units for one in impute_covariates(gappy, PLAN, imputations=2))


def test_two_covariates_are_drawn_in_turn() -> None:
    table = make()
    age = np.linspace(40, 60, 32)
    age[[1, 5]] = np.nan
    both = Table(
        outcome="y",
        values=table.values,
        factors=table.factors,
        units=table.units,
        covariates={**table.covariates, "age": age},
    )
    plan = Plan(outcome="y", factors=("a", "b"), covariates=("weight", "age"))
    one, *_ = impute_covariates(both, plan, imputations=2)
    assert one.missing == ()
    assert fit(one, plan, unit="").n == 32


def test_what_cannot_be_imputed_is_said() -> None:
    with pytest.raises(AnalysisError, match="the outcome is never imputed"):
        impute_covariates(make(gaps=()), PLAN)
    with pytest.raises(AnalysisError, match="too little to impute it from"):
        impute_covariates(make(gaps=tuple(range(3, 32))), PLAN)
    with pytest.raises(AnalysisError, match="too little to impute it from"):
        impute_covariates(make(gaps=tuple(range(32))), PLAN)
    with pytest.raises(AnalysisError, match="found:    age"):
        impute_covariates(make(), Plan(outcome="y", factors=("a",), covariates=("age",)))
    with pytest.raises(UsageError, match="norm or pmm"):
        impute_covariates(make(), PLAN, method="mean")
    with pytest.raises(UsageError, match="two or more"):
        impute_covariates(make(), PLAN, imputations=1)
