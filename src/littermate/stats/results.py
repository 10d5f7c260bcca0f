"""What a single test gives: its statistic, its degrees of freedom and its P."""

from __future__ import annotations

from dataclasses import dataclass

from scipy import stats

from littermate.model.interval import Interval

__all__ = ["ChiSquaredTest", "FTest", "TTest", "chi_squared_test", "f_test", "t_test"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FTest:
    """An F test; approximate tests have degrees of freedom that are no whole numbers."""

    f: float
    df: float
    df_error: float
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiSquaredTest:
    """A test whose statistic is referred to chi squared."""

    statistic: float
    df: int
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TTest:
    """A difference with its standard error, t, two-sided P and 95 % interval."""

    estimate: float
    se: float
    df: float
    t: float
    p: float
    ci95: Interval


def f_test(f: float, df: float, df_error: float) -> FTest:
    """Return an F with its P.

    Examples
    --------
    >>> round(f_test(5.2, 1, 28).p, 4)
    0.0304
    """
    return FTest(f=float(f), df=df, df_error=float(df_error), p=float(stats.f.sf(f, df, df_error)))


def chi_squared_test(statistic: float, df: int) -> ChiSquaredTest:
    """Return a chi squared with its P."""
    return ChiSquaredTest(statistic=float(statistic), df=df, p=float(stats.chi2.sf(statistic, df)))


def t_test(estimate: float, se: float, df: float) -> TTest:
    """Return a difference with its t, P and 95 % interval.

    Examples
    --------
    >>> found = t_test(2.0, 1.0, 10)
    >>> found.t, round(found.p, 4), [round(limit, 3) for limit in found.ci95]
    (2.0, 0.0734, [-0.228, 4.228])
    """
    reach = float(stats.t.ppf(0.975, df)) * se
    return TTest(
        estimate=float(estimate),
        se=float(se),
        df=float(df),
        t=float(estimate / se),
        p=float(2 * stats.t.sf(abs(estimate / se), df)),
        ci95=(float(estimate - reach), float(estimate + reach)),
    )
