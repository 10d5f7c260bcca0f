"""Combination: two drugs together against what each does alone.

"More than expected" needs an expectation, and there are several, which can disagree:

- **Loewe**: a drug is never synergistic with itself; at equal effect a/A + b/B = 1, A and B being the doses alone.
- **Bliss**: the shares of the effect that are left multiply, as those of independent causes.
- **HSA**: the combination does what the better of the two does (highest single agent).
- **response additivity**: the differences from the control add up.

`share` is the part of the first drug in the total dose: 1 and 0 are the drugs alone. Numbers are raw.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.dose_response import CurveParameter, FTest
from littermate.model.group import GroupSummary
from littermate.model.interval import Interval

__all__ = [
    "Additivity",
    "CombinedCell",
    "DoseMatrix",
    "InteractionIndex",
    "Isobole",
    "Mixture",
    "MixtureArm",
    "ScaleOfAdditivity",
    "Surface",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MixtureArm:
    """The animals that got one share: their points as (unit, total dose, value), and the curve as (dose, value)."""

    name: str
    share: float
    points: tuple[tuple[str, float, float], ...]
    line: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionIndex:
    """The interaction index of one mixture at one level of effect: a/A + b/B.

    Parameters
    ----------
    share, percent
        Of the first drug in the mixture; of the effect.
    index, ci95, p
        Below 1 the mixture needs less than additivity says. Interval on the logarithm, delta method; P of index = 1.
    alone
        Doses (A, B) of the drugs alone with this effect, and their intervals.
    observed, observed_ci95
        Total dose of the mixture with this effect.
    additive, additive_ci95
        Total dose that would have it by additivity: the point on the line between A and B.
    extrapolated
        Whether any of these doses lies outside the tested ones.
    """

    share: float
    percent: float
    index: float
    ci95: Interval
    p: float
    alone: tuple[float, float]
    alone_ci95: tuple[Interval, Interval]
    observed: float
    observed_ci95: Interval
    additive: float
    additive_ci95: Interval
    extrapolated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Isobole:
    """A model of where the mixtures' ED50 lie: ``"Loewe"``, ``"Hewlett"`` or ``"Voelund"``.

    `shape` holds its own parameters; `against_free` tests it against mixtures that lie anywhere, `None` where it has as
    many parameters as those.
    """

    name: str
    formula: str
    rss: float
    df: int
    shape: tuple[CurveParameter, ...]
    against_free: FTest | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """Curves of two drugs and of their mixtures at fixed shares, fitted together with shared plateaus.

    Parameters
    ----------
    outcome, drugs, model
        Names of the columns; ``"ll3"`` or ``"ll4"``.
    n, df, rss, residual_sd
        Of the joint fit.
    parameters
        The plateaus, and the slope and ED50 of each arm.
    arms
        The drugs alone and the mixtures.
    shared_plateaus
        The test of shared plateaus against one of its own for each arm; `None` where that cannot be fitted.
    indices
        One a mixture and percent; empty where the data do not determine the curves.
    isoboles
        Models of additivity and of departures from it.
    additive_ed50
        (share, total dose, low, high): the ED50 that additivity expects of any share, with its 95 % interval.
    says
        The result in words.
    missing, notes
        Units left out; what a reader should know.
    """

    outcome: str
    drugs: tuple[str, str]
    model: str
    n: int
    df: int
    rss: float
    residual_sd: float
    parameters: tuple[CurveParameter, ...]
    arms: tuple[MixtureArm, ...]
    shared_plateaus: FTest | None
    indices: tuple[InteractionIndex, ...]
    isoboles: tuple[Isobole, ...]
    additive_ed50: tuple[tuple[float, float, float, float], ...]
    says: tuple[str, ...]
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CombinedCell:
    """One combination of doses against one expectation; P also adjusted over the cells (Holm)."""

    doses: tuple[float, float]
    n: int
    observed: float
    expected: float
    difference: float
    ci95: Interval
    p: float
    p_adjusted: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """One expectation for every combination: ``"Loewe"``, ``"Bliss"``, ``"HSA"`` or ``"response additivity"``.

    `scale` says on what it is expected. `test` asks for any difference at all. `verdict` is ``"more"``, ``"less"``,
    ``"both"`` or ``"not shown"``; where there is no such surface it is empty and `reason` says why.
    """

    null: str
    scale: str
    cells: tuple[CombinedCell, ...] = ()
    test: FTest | None = None
    verdict: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseMatrix:
    """Doses of one drug crossed with doses of another, against four expectations.

    Parameters
    ----------
    outcome, drugs
        Names of the columns.
    n, df, sd
        Units; degrees of freedom and standard deviation within cells.
    groups
        Each tested pair of doses: (dose, dose, n, mean).
    direction
        ``"down"`` or ``"up"``: where the drugs move the outcome.
    surfaces
        One an expectation.
    says
        The result in words.
    missing, notes
        Units left out; what a reader should know.
    """

    outcome: str
    drugs: tuple[str, str]
    n: int
    df: int
    sd: float
    groups: tuple[tuple[float, float, int, float], ...]
    direction: str
    surfaces: tuple[Surface, ...]
    says: tuple[str, ...]
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleOfAdditivity:
    """Additivity of a 2 x 2 on one scale.

    Parameters
    ----------
    scale
        ``"raw"``, ``"log"``, ``"Bliss"`` or ``"HSA"``.
    measure
        What `estimate` is, in words: a difference of differences, a ratio of ratios.
    estimate, ci95, p
        `None` where this scale cannot be used; `reason` says why.
    null
        The estimate at additivity: 0, or 1 for ratios.
    expected
        The mean of the combination at additivity.
    """

    scale: str
    measure: str
    null: float
    estimate: float | None = None
    ci95: Interval | None = None
    p: float | None = None
    expected: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Additivity:
    """Is the effect of two treatments together the sum of their effects? On several scales, side by side.

    Parameters
    ----------
    outcome, factors
        Names of the columns.
    n, df
        Units; error degrees of freedom.
    groups
        Control, first alone, second alone, both.
    scales
        Raw, log, Bliss, HSA.
    says
        The result in words.
    missing, notes
        Units left out; what a reader should know.
    """

    outcome: str
    factors: tuple[str, str]
    n: int
    df: int
    groups: tuple[GroupSummary, ...]
    scales: tuple[ScaleOfAdditivity, ...]
    says: tuple[str, ...]
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def scale(self, name: str) -> ScaleOfAdditivity:
        """Look one scale up; `KeyError` where there is none of that name."""
        return {one.scale: one for one in self.scales}[name]
