"""StudyEffect: what one study found, as a number with a sampling variance, and where the number came from.

An effect is treatment against control: a difference (`SMD`, `MD`) or the logarithm of a ratio (`ROM`, `RR`, `OR`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from littermate.model.interval import Interval

__all__ = ["FAVOURS", "MEASURES", "RATIOS", "StudyEffect"]

MEASURES = {
    "SMD": "standardised mean difference (Hedges' g)",
    "MD": "difference of means",
    "ROM": "log ratio of means",
    "RR": "log risk ratio",
    "OR": "log odds ratio",
    "given": "effect as given",
}
RATIOS = ("ROM", "RR", "OR")
"""Measures that are logarithms of ratios."""
FAVOURS = {
    "higher is worse": ("favours treatment", "favours control"),
    "higher is better": ("favours control", "favours treatment"),
}
"""What an effect below 0 and one above 0 speak for, by what a high value of the outcome means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyEffect:
    """One effect of one study.

    Parameters
    ----------
    study
        Its name, which no other effect has.
    cluster
        The study it is from; the same for several effects of one study.
    yi, vi
        The effect and its sampling variance, which is above 0.
    n_treatment, n_control
        Animals in the groups; `None` where they are not known.
    source
        What it was computed from, in words: ``"means and SDs"``.
    columns
        The other columns of its row as (name, text) pairs: what subgroups and moderators are made of.
    year
        Of publication; `None` where it is not known.
    flags
        What a reader must know of it, in sentences.
    """

    study: str
    cluster: str
    yi: float
    vi: float
    n_treatment: float | None = None
    n_control: float | None = None
    source: str = "as given"
    columns: tuple[tuple[str, str], ...] = ()
    year: float | None = None
    flags: tuple[str, ...] = ()

    @property
    def se(self) -> float:
        """Its standard error."""
        return math.sqrt(self.vi)

    def interval(self, level: float = 0.95) -> Interval:
        """Return its confidence interval, by the normal distribution.

        Examples
        --------
        >>> low, high = StudyEffect(study="a", cluster="a", yi=1.0, vi=0.25).interval()
        >>> round(low, 2), round(high, 2)
        (0.02, 1.98)
        """
        reach = NormalDist().inv_cdf((1 + level) / 2) * self.se
        return self.yi - reach, self.yi + reach
