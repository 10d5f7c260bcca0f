"""Dose response: a curve through the answers to a drug's doses, the doses that reach a share of its effect, and the
lowest dose that does anything.

Doses are in the unit of the table, 0 being the control. Effects are counted from the control: ED50 is the dose half-way
from the control's plateau to the other, whether the outcome rises or falls. Numbers are raw; rounding is display.
An interval is `(low, high)`; a limit that the data leave open is `None`.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "CurveParameter",
    "DoseGroup",
    "DoseResponse",
    "EffectiveDose",
    "FTest",
    "MinimumEffectiveDose",
    "OpenInterval",
]

OpenInterval = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FTest:
    """One F test: what it asks, F on its degrees of freedom, P."""

    asks: str
    f: float
    df: int
    df_error: int
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveParameter:
    """One parameter of a curve; `se` and `ci95` are `None` where the data do not determine it."""

    name: str
    estimate: float
    se: float | None
    ci95: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveDose:
    """The dose that has so many percent of the full effect.

    Parameters
    ----------
    percent
        Of the way from the control's plateau to the other.
    estimate, se
        `None` where no number is to be trusted; `reason` says why.
    ci_delta
        95 %, estimate and t times its standard error; may reach below 0.
    ci_log
        The same on the logarithm of the dose.
    ci_profile
        95 %, the doses at which the sum of squares grows by less than t^2 s^2; open sides are `None`.
    extrapolated
        Whether the estimate lies outside the tested doses.
    reason
        What a reader must know of this number, in words; empty if nothing.
    """

    percent: float
    estimate: float | None
    se: float | None
    ci_delta: tuple[float, float] | None
    ci_log: tuple[float, float] | None
    ci_profile: OpenInterval
    extrapolated: bool
    reason: str = ""

    def interval(self, kind: str) -> OpenInterval:
        """Return the interval of a kind: ``"delta"``, ``"log"`` or ``"profile"``; what is not there is open."""
        chosen = {"delta": self.ci_delta, "log": self.ci_log, "profile": self.ci_profile}[kind]
        return chosen or (None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseGroup:
    """The animals of one dose, and how they compare with the control.

    Parameters
    ----------
    dose, n, mean, sd
        `sd` is `None` for n = 1.
    smoothed
        The mean made monotone with its neighbours (Williams); `None` for the control and for Dunnett.
    difference, t, p
        From the control, its t, and P adjusted by the step-down procedure; `None` for the control.
    effective
        Whether P is below alpha, and so for every higher dose.
    """

    dose: float
    n: int
    mean: float
    sd: float | None
    smoothed: float | None = None
    difference: float | None = None
    t: float | None = None
    p: float | None = None
    effective: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumEffectiveDose:
    """The lowest dose that differs from the control together with every higher dose.

    Parameters
    ----------
    method
        ``"Dunnett"`` (step-down) or ``"Williams"``.
    direction
        ``"two-sided"``, ``"up"`` or ``"down"``.
    alpha, df, sd
        Level; error degrees of freedom; pooled standard deviation.
    groups
        One a dose, the control first.
    dose
        The minimum effective dose, or `None` where none is effective.
    highest_without
        The highest dose below it (the highest tested where none is effective), or `None` where all are effective.
    says
        The result in words.
    """

    method: str
    direction: str
    alpha: float
    df: int
    sd: float
    groups: tuple[DoseGroup, ...]
    dose: float | None
    highest_without: float | None
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseResponse:
    """One curve of one outcome over the doses of one drug.

    Parameters
    ----------
    outcome, drug
        Names of the columns.
    model, formula
        ``"ll4"``, and the curve's formula.
    n, df
        Units; residual degrees of freedom.
    parameters, covariance
        In the order of the formula; rows of the covariance, empty where the data do not determine every parameter.
    rss, residual_sd, log_likelihood, aic
        Of the fit; the likelihood is that of normal errors.
    no_effect
        The test against one mean for all doses.
    no_effect_chi2
        (chi-squared, df, P) of the same, by the likelihood ratio.
    lack_of_fit
        The test of the curve against a mean for each dose; `None` without replicates.
    effective_doses
        ED10, ED50, ED90, or those asked for.
    points
        Each unit's (name, dose, value).
    line
        (dose, curve, low, high) over the tested doses above 0, with the 95 % band (`None` where there is none).
    at_control
        The curve at dose 0.
    missing, notes
        Units left out; what a reader should know, in sentences.
    """

    outcome: str
    drug: str
    model: str
    formula: str
    n: int
    df: int
    parameters: tuple[CurveParameter, ...]
    covariance: tuple[tuple[float, ...], ...]
    rss: float
    residual_sd: float
    log_likelihood: float
    aic: float
    no_effect: FTest
    no_effect_chi2: tuple[float, int, float]
    lack_of_fit: FTest | None
    effective_doses: tuple[EffectiveDose, ...]
    points: tuple[tuple[str, float, float], ...]
    line: tuple[tuple[float, float, float | None, float | None], ...]
    at_control: float
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def effective_dose(self, percent: float) -> EffectiveDose:
        """Look one effective dose up by its percent; `KeyError` where it was not asked for."""
        return {one.percent: one for one in self.effective_doses}[percent]
