"""Bayes factor: how much likelier the data are without an effect than with one, or the other way round.

The effect, in residual standard deviations, is 0 in one model and follows a Cauchy distribution of scale r in the
other (JZS: Jeffreys, Zellner, Siow). The words are those of Lee and Wagenmakers (2013, *Bayesian Cognitive Modeling*,
after Jeffreys): from 1 to 3 anecdotal, to 10 moderate, to 30 strong, to 100 very strong, above extreme evidence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["BayesFactor"]

_GRADES = ((3.0, "anecdotal"), (10.0, "moderate"), (30.0, "strong"), (100.0, "very strong"))


@dataclass(frozen=True, slots=True, kw_only=True)
class BayesFactor:
    """The JZS Bayes factor of one difference.

    Parameters
    ----------
    label
        The difference.
    t, df
        Its t and degrees of freedom.
    n_effective
        What its information is worth in units: 1 / (standard error in residual SD)^2, which is
        n1 n2 / (n1 + n2) for two groups.
    r
        Scale of the Cauchy prior of the effect.
    log_bf10
        Natural logarithm of the Bayes factor for an effect: it is finite where the factor is not.
    robustness
        Pairs (r, log_bf10) of other scales.

    Examples
    --------
    >>> found = BayesFactor(label="", t=0.0, df=14, n_effective=4.0, r=0.7, log_bf10=-math.log(4), robustness=())
    >>> round(found.bf01, 6), found.says
    (4.0, 'moderate evidence for no effect')
    """

    label: str
    t: float
    df: float
    n_effective: float
    r: float
    log_bf10: float
    robustness: tuple[tuple[float, float], ...]

    @property
    def bf10(self) -> float:
        """For an effect; infinite where it is larger than a float can be."""
        return _power_of_e(self.log_bf10)

    @property
    def bf01(self) -> float:
        """For no effect."""
        return _power_of_e(-self.log_bf10)

    @property
    def says(self) -> str:
        """The grade of the evidence and what it is for; ``"no evidence either way"`` at 1."""
        return _in_words(self.log_bf10)

    @property
    def robust(self) -> bool:
        """Whether all scales give the same words."""
        return all(_in_words(other) == self.says for _, other in self.robustness)


def _power_of_e(logarithm: float) -> float:
    return math.exp(logarithm) if logarithm < 709 else math.inf


def _in_words(log_bf10: float) -> str:
    if log_bf10 == 0:
        return "no evidence either way"
    factor = _power_of_e(abs(log_bf10))
    grade = next((name for below, name in _GRADES if factor < below), "extreme")
    return f"{grade} evidence for {'an effect' if log_bf10 > 0 else 'no effect'}"
