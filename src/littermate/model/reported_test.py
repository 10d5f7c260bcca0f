"""ReportedTest: a statistic as somebody printed it, and what its P must be.

Statistics are named ``t``, ``F``, ``chi2``, ``r``, ``z``, ``H`` (Kruskal-Wallis) and ``Q`` (``Qw`` and ``Qb`` where
printed as within or between groups). Of F, `df1` are the effect's and `df2` the error's degrees of freedom; of t and r,
`df2` are the degrees of freedom; of chi2, H and Q, `df1`; z has none. Where r is printed with n, the degrees of freedom
are n - 2. What was printed without degrees of freedom has none. ``≤`` is read as ``<``, ``≥`` as ``>`` and ``≈`` as
``=``. Places of tests with one P printed for all ("both P < 0.05") overlap.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["VERDICTS", "PrintedP", "RecomputedTest", "ReportedTest", "UnreadTest"]

VERDICTS = ("consistent", "inconsistent", "decision error", "no P follows")
"""What is said of a printed P, from the best to the worst, and where nothing can be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedP:
    """A printed P: its place (start, stop), relation (``"="``, ``"<"``, ``">"``, ``"ns"``), value and decimals.

    ``3.1e-4`` has five decimals; with ``"ns"`` value and decimals are `None`. Of ``.01 < P < .05`` the relation is
    ``"<"``, the value .05 and `above` .01.
    """

    place: tuple[int, int]
    relation: str
    value: float | None
    decimals: int | None
    above: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadTest:
    """What looks like a printed test and was not read, with the reason; `place` is (start, stop)."""

    text: str
    place: tuple[int, int]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedTest:
    """One printed test.

    Parameters
    ----------
    text
        As printed, in one line.
    place
        (start, stop) in the text it was found in.
    statistic, df1, df2
        See the module.
    relation
        ``"="``, ``"<"`` or ``">"``, of the statistic.
    value, decimals
        The statistic and how many decimals were printed.
    p_relation
        ``"="``, ``"<"``, ``">"`` or ``"ns"``.
    p_reported, p_decimals
        The printed P, `None` with ``"ns"``.
    p_above
        The lower number where P is printed as between two (``.01 < P < .05``); `p_reported` is the upper one.
    n
        The number of observations printed with it (chi2(1, N = 90)), or `None`.
    one_tailed
        Whether the text beside it says that the test is one-tailed.
    adjusted
        Whether the text beside it says that P is adjusted for several comparisons, so that it need not follow.
    """

    text: str
    place: tuple[int, int]
    statistic: str
    df1: float | None
    df2: float | None
    relation: str
    value: float
    decimals: int
    p_relation: str
    p_reported: float | None
    p_decimals: int | None
    p_above: float | None = None
    n: int | None = None
    one_tailed: bool = False
    adjusted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecomputedTest:
    """A printed test with the P that follows from it.

    Parameters
    ----------
    reported
        As printed.
    p_computed
        From the printed statistic and degrees of freedom, two-sided unless `tails` is 1; `None` where no P follows from
        what was printed (a correlation above 1, zero degrees of freedom), with the reason in `note`.
    p_low, p_high
        The least and largest P that a statistic can have which is printed so.
    tails
        1 or 2; of F, chi2, H and Q 2 means the upper tail.
    consistent
        Whether the printed P can come from the printed statistic, by statcheck's rules of rounding.
    decision_error
        Whether the printed and the recomputed P lie on different sides of `alpha`.
    alpha
        The level that decides.
    note
        What a reader should know: that it is right as a one-tailed test, that P was printed as 0, why nothing follows.
    """

    reported: ReportedTest
    p_computed: float | None
    p_low: float | None
    p_high: float | None
    tails: int
    consistent: bool | None
    decision_error: bool
    alpha: float
    note: str = ""

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`."""
        if self.decision_error:
            return "decision error"
        if self.consistent is None:
            return "no P follows"
        return "consistent" if self.consistent else "inconsistent"
