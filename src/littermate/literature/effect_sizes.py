"""Effect sizes: what one study printed, and the effect with its sampling variance that follows from it.

=========  =====================================  ================================================================
measure    effect                                 sampling variance
=========  =====================================  ================================================================
`SMD`      Hedges' g = J (m1 - m2) / SD pooled    1/n1 + 1/n2 + g^2 / (2 (n1 + n2)) (Hedges 1982, *Psychol Bull*
                                                  92:490; metafor's ``vtype="LS"``)
`MD`       m1 - m2                                sd1^2/n1 + sd2^2/n2
`ROM`      log(m1 / m2)                           sd1^2/(n1 m1^2) + sd2^2/(n2 m2^2) (Hedges et al. 1999,
                                                  *Ecology* 80:1150)
`RR`       log of the ratio of risks              1/a - 1/(a+b) + 1/c - 1/(c+d)
`OR`       log of the ratio of odds               1/a + 1/b + 1/c + 1/d
=========  =====================================  ================================================================

J is exact, on n1 + n2 - 2 degrees of freedom or those that were printed. Group 1 is the treatment, group 2 the
control. Where a count is 0, 1/2 is added to all four of its study, and to no others. A t of two groups is
g = J t sqrt(1/n1 + 1/n2); a square root of F(1, df) is a t, and so is the quantile of a two-sided P.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from littermate.model.hedges import hedges_correction

__all__ = ["Counts", "Evidence", "Given", "NoEffectError", "Standardised", "TwoArms"]

Effect = tuple[float, float]
"""An effect and its sampling variance."""


class NoEffectError(ValueError):
    """No effect can be had of what was printed; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoArms:
    """Numbers, means and SDs of the two groups; `spread` is what was printed for the SDs: "SD", "SEM" or "CI"."""

    n1: float
    mean1: float
    sd1: float
    n2: float
    mean2: float
    sd2: float
    spread: str = "SD"

    @property
    def source(self) -> str:
        """What the effect is computed from, in words."""
        return f"means and {self.spread}s"

    @property
    def control(self) -> tuple[float, ...]:
        """What tells the control group from others."""
        return (self.n2, self.mean2, self.sd2)

    def sharing(self, times: int) -> TwoArms:
        """Return the evidence with its control group divided among several effects."""
        return replace(self, n2=self.n2 / times)

    def effect(self, measure: str) -> Effect:
        """Return the effect by a measure.

        Raises
        ------
        NoEffectError
            If the SDs are 0, or means of a ratio are not both above (or below) 0.
        """
        if self.sd1 == 0 and self.sd2 == 0:
            raise NoEffectError("the SDs of both groups are 0, so that its precision is not known")
        if measure == "MD":
            return self.mean1 - self.mean2, self.sd1**2 / self.n1 + self.sd2**2 / self.n2
        return self._ratio() if measure == "ROM" else self._standardised()

    def _ratio(self) -> Effect:
        if self.mean1 == 0 or self.mean2 == 0 or (self.mean1 > 0) != (self.mean2 > 0):
            raise NoEffectError(f"a ratio needs means above 0, and they are {self.mean1:g} and {self.mean2:g}")
        variance = (self.sd1 / self.mean1) ** 2 / self.n1 + (self.sd2 / self.mean2) ** 2 / self.n2
        return math.log(self.mean1 / self.mean2), variance

    def _standardised(self) -> Effect:
        df = self.n1 + self.n2 - 2
        _require_df(df)
        pooled = math.sqrt(((self.n1 - 1) * self.sd1**2 + (self.n2 - 1) * self.sd2**2) / df)
        d = (self.mean1 - self.mean2) / pooled
        return Standardised(d=d, df=df, n1=self.n1, n2=self.n2).effect("SMD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standardised:
    """A difference in standard deviations, its degrees of freedom, and the numbers of the groups."""

    d: float
    df: float
    n1: float
    n2: float
    source: str = "Cohen's d and n"

    @classmethod
    def of_t(cls, t: float, n1: float, n2: float, *, df: float | None = None, source: str = "t and n") -> Standardised:
        """Return what a t of two groups says.

        Examples
        --------
        >>> g, variance = Standardised.of_t(2.0, 8, 8).effect("SMD")
        >>> round(g, 6), round(variance, 6)
        (0.945288, 0.277924)
        """
        length = math.sqrt(1 / n1 + 1 / n2)
        return cls(d=t * length, df=n1 + n2 - 2 if df is None else df, n1=n1, n2=n2, source=source)

    @property
    def control(self) -> tuple[float, ...]:
        """Nothing tells its control group from others."""
        return ()

    def sharing(self, times: int) -> Standardised:
        """Return the evidence with its control group divided among several effects."""
        return replace(self, n2=self.n2 / times)

    def effect(self, _: str) -> Effect:
        """Return Hedges' g."""
        _require_df(self.df)
        return _with_variance(hedges_correction(self.df) * self.d, self.n1, self.n2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Events and animals without, in treatment (`a`, `b`) and control (`c`, `d`)."""

    a: float
    b: float
    c: float
    d: float
    source: str = "counts"

    @property
    def n1(self) -> float:
        """Animals of the treatment."""
        return self.a + self.b

    @property
    def n2(self) -> float:
        """Animals of the control."""
        return self.c + self.d

    @property
    def control(self) -> tuple[float, ...]:
        """What tells the control group from others."""
        return (self.c, self.d)

    def sharing(self, times: int) -> Counts:
        """Return the evidence with its control group divided among several effects."""
        return replace(self, c=self.c / times, d=self.d / times)

    def effect(self, measure: str) -> Effect:
        """Return the log ratio of risks or odds.

        Examples
        --------
        >>> y, v = Counts(a=4, b=119, c=11, d=128).effect("RR")
        >>> round(y, 6), round(v, 6)
        (-0.889311, 0.325585)
        """
        if self.n1 == 0 or self.n2 == 0:
            raise NoEffectError("a group has no animals")
        more = 0.5 if min(self.a, self.b, self.c, self.d) == 0 else 0.0
        a, b, c, d = (count + more for count in (self.a, self.b, self.c, self.d))
        if measure == "OR":
            return math.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d
        return math.log(a / (a + b)) - math.log(c / (c + d)), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An effect and its variance as they stand in the table, or Hedges' g with the numbers of the groups."""

    yi: float
    vi: float | None
    n1: float | None = None
    n2: float | None = None
    source: str = "as given"

    @property
    def control(self) -> tuple[float, ...]:
        """Nothing tells its control group from others."""
        return ()

    def sharing(self, _: int) -> Given:
        """Return it as it is: how its variance was had is not known."""
        return self

    def effect(self, _: str) -> Effect:
        """Return the effect.

        Raises
        ------
        NoEffectError
            If its variance is 0.
        """
        if self.vi is not None:
            if self.vi == 0:
                raise NoEffectError("its variance is 0, which no study has")
            return self.yi, self.vi
        assert self.n1 is not None
        assert self.n2 is not None
        return _with_variance(self.yi, self.n1, self.n2)


Evidence = TwoArms | Standardised | Counts | Given


def _with_variance(g: float, n1: float, n2: float) -> Effect:
    return g, 1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2))


def _require_df(df: float) -> None:
    if df <= 1:
        raise NoEffectError("its groups are too small for a standardised difference")
