"""Which error degrees of freedom the printed P of a paper were computed with.

A P that does not follow from its statistic at the printed error degrees of freedom often follows at others: those of
the analysis that was really done. Over all F (with their printed effect degrees of freedom) and t tests it is counted
for how many each number of error degrees of freedom makes the printed P right. What is right at many numbers, such as
P < .001, says little, and takes part. Fractional degrees of freedom (Welch, Huynh-Feldt) belong to one test each, and
adjusted P to no distribution: both are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from littermate.literature.consistency import is_consistent, p_bounds
from littermate.model.audit import DfInference
from littermate.model.audit_rules import AuditRules
from littermate.model.reported_test import ReportedTest

__all__ = ["infer_df"]

_REACH = 100
"""How far from what was printed is tried at most; nearer, half to twice of it."""


def infer_df(tests: Iterable[ReportedTest], rules: AuditRules | None = None) -> tuple[DfInference, ...]:
    """Count for each error degrees of freedom how many printed P it makes right.

    Parameters
    ----------
    tests
        Of one paper. F and t tests with whole error degrees of freedom take part.
    rules
        `AuditRules` by default.

    Returns
    -------
    tuple of DfInference
        One for each printed error degrees of freedom, in rising order, then one for all tests together; empty where no
        test takes part.

    Examples
    --------
    >>> from littermate.literature.reading import find_tests
    >>> tests = find_tests("F(1,32) = 1.43, P = 0.241; F(1,32) = 0.916, P = 0.347; F(1,32) = 1.46, P = 0.236")
    >>> [(one.printed, one.as_printed, one.best, one.consistent) for one in infer_df(tests)]
    [(32.0, 2, (28.0, 29.0), 3), (None, 2, (28.0, 29.0), 3)]
    """
    usable = [test for test in tests if _is_usable(test)]
    if not usable:
        return ()
    right = [_right(test, rules or AuditRules()) for test in usable]
    printed = sorted({test.df2 for test in usable if test.df2 is not None})
    groups = [[place for place, test in enumerate(usable) if test.df2 == df] for df in printed]
    every = list(range(len(usable)))
    return tuple(
        _inference(df, [usable[place] for place in places], [right[place] for place in places])
        for df, places in [*zip(printed, groups, strict=True), (None, every)]
    )


def _is_usable(test: ReportedTest) -> bool:
    df = test.df2
    whole = df is not None and df >= 1 and df == int(df)
    return whole and not test.adjusted and (test.statistic == "t" or (test.statistic == "F" and bool(test.df1)))


def _tried(df: float) -> range:
    """Return the error degrees of freedom to try: half to twice of what is printed, not farther than the reach."""
    return range(max(1, round(df / 2), round(df) - _REACH), min(2 * round(df), round(df) + _REACH) + 1)


def _right(test: ReportedTest, rules: AuditRules) -> frozenset[float]:
    """Return the error degrees of freedom at which a test's P is right."""
    tried = np.array(_tried(float(test.df2 or 0)), dtype=float)
    share = 0.5 if test.one_tailed and test.statistic == "t" else 1.0
    low, high = (share * bound for bound in p_bounds(test, tried))
    return frozenset(
        df
        for df, least, largest in zip(tried.tolist(), low.tolist(), high.tolist(), strict=True)
        if is_consistent(test, least, largest, rules)
    )


def _inference(printed: float | None, tests: Sequence[ReportedTest], right: Sequence[frozenset[float]]) -> DfInference:
    counted = Counter(df for one in right for df in one)
    tried = sorted({float(df) for test in tests for df in _tried(float(test.df2 or 0))})
    most = max(counted.values(), default=0)
    return DfInference(
        printed=printed,
        tests=len(tests),
        as_printed=sum(test.df2 in one for test, one in zip(tests, right, strict=True)),
        best=tuple(df for df in tried if most and counted[df] == most),
        consistent=most,
        counts=tuple((df, counted[df]) for df in tried),
    )
