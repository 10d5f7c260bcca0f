"""Cohort: the truth of a simulated study: one value of every outcome for every animal, with chosen effects.

An outcome's `mean` is that of the animals on which no effect was planted; its `sd` is the spread within a group. An
effect's `size_sd` is in units of that spread: -0.8 is a Hedges g of about -0.8. Outcomes are independent of each
other and of the groups unless an effect was planted. Fractions are 0 to 1; protein is in ug/mL, BDNF in pg/mL.

Each outcome has its own stream, named by the seed and the outcome, and animals are drawn in the order of `cells`: a
new outcome leaves the others as they were, and new codes for the same animals leave their values.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from littermate.errors import Complaint, UsageError

__all__ = [
    "REGIONS",
    "Cohort",
    "OutcomeModel",
    "PlantedEffect",
    "default_effects",
    "default_models",
    "draw_cohort",
    "regional",
]

REGIONS = ("hippocampus", "prefrontal cortex")
Cells = Mapping[str, Mapping[str, str]]
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeModel:
    """How one outcome is distributed within a group.

    Parameters
    ----------
    name
        ``"immobile_fraction"``, ``"bdnf_ratio hippocampus"``.
    mean, sd
        Of the animals without a planted effect.
    low, high
        Values beyond are moved to the limit.
    lognormal
        Whether the logarithm is normal (ratios, concentrations); effects are then planted on the logarithm.
    """

    name: str
    mean: float
    sd: float
    low: float
    high: float
    lognormal: bool = False

    def __post_init__(self) -> None:
        if not (self.low <= self.mean <= self.high and self.sd >= 0 and (self.low > 0 or not self.lognormal)):
            raise UsageError(
                expected="a mean between low and high, an SD of 0 or more, and low above 0 for a lognormal",
                found=f"mean {self.mean:g}, sd {self.sd:g}, {self.low:g} to {self.high:g}",
                do="correct the model",
                where=self.name,
            )

    def values(self, scores: Vector) -> Vector:
        """Turn standard scores (n,) into values (n,) of this outcome."""
        if self.lognormal:
            spread = math.sqrt(math.log1p((self.sd / self.mean) ** 2))
            values = self.mean * np.exp(spread * scores - spread**2 / 2)
        else:
            values = self.mean + self.sd * scores
        return np.clip(values, self.low, self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedEffect:
    """A shift of one outcome, by `size_sd` standard deviations, of the animals on one level of one factor.

    An interaction is planted with names joined by a colon: factor ``"magnesium:ketamine"``, level
    ``"magnesium:ketamine"`` shifts the animals that have both.
    """

    outcome: str
    factor: str
    level: str
    size_sd: float

    @property
    def levels(self) -> tuple[tuple[str, str], ...]:
        """The (factor, level) pairs an animal must have; a level left out is empty."""
        factors, levels = self.factor.split(":"), self.level.split(":")
        return tuple(zip(factors, levels + [""] * (len(factors) - len(levels)), strict=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """The truth: `values` maps (outcome, code) to a value; `effects` are those planted."""

    outcomes: tuple[str, ...]
    codes: tuple[str, ...]
    values: Mapping[tuple[str, str], float]
    effects: tuple[PlantedEffect, ...]
    seed: int

    def value(self, outcome: str, code: str) -> float:
        """Look one truth up; `KeyError` where there is none."""
        return self.values[outcome, code]

    def truth_rows(self) -> list[dict[str, str | float]]:
        """Return one row an outcome and animal: outcome, code, truth."""
        return [
            {"outcome": outcome, "code": code, "truth": self.values[outcome, code]}
            for outcome in self.outcomes
            for code in self.codes
        ]


def regional(name: str, region: str) -> str:
    """Name an outcome that each region has.

    Examples
    --------
    >>> regional("bdnf_ratio", "hippocampus")
    'bdnf_ratio hippocampus'
    """
    return f"{name} {region}"


def default_models(regions: Sequence[str] = REGIONS) -> tuple[OutcomeModel, ...]:
    """Return the outcomes of the founding study; the last four are drawn for every region.

    ======================  =====================================================================
    immobile_fraction       of the scored window of the forced swim
    wall_preference         how strongly the walker of the open field keeps to the wall, 0 to 1
    speed_cm_s              usual top speed of its runs
    bdnf_ratio *region*     BDNF / beta-actin on the blot
    protein_ug_ml *region*  protein in the lysate
    bdnf_pg_ml *region*     BDNF in the lysate, for the ELISA
    spike_recovery *region* part of an added spike that is found again
    ======================  =====================================================================
    """
    animal = (
        OutcomeModel(name="immobile_fraction", mean=0.6, sd=0.12, low=0.1, high=0.95),
        OutcomeModel(name="wall_preference", mean=0.6, sd=0.1, low=0.2, high=0.95),
        OutcomeModel(name="speed_cm_s", mean=20.0, sd=3.0, low=10.0, high=32.0),
    )
    return animal + tuple(model for region in regions for model in _regional_models(region))


def _regional_models(region: str) -> tuple[OutcomeModel, ...]:
    def model(name: str, mean: float, sd: float, low: float, high: float, *, lognormal: bool = True) -> OutcomeModel:
        return OutcomeModel(name=regional(name, region), mean=mean, sd=sd, low=low, high=high, lognormal=lognormal)

    return (
        model("bdnf_ratio", 1.0, 0.2, 0.3, 2.5),
        model("protein_ug_ml", 1400.0, 200.0, 700.0, 1950.0),
        model("bdnf_pg_ml", 120.0, 30.0, 40.0, 300.0),
        model("spike_recovery", 0.95, 0.04, 0.82, 1.1, lognormal=False),
    )


def default_effects() -> tuple[PlantedEffect, ...]:
    """Return the founding study's one effect: ketamine makes less immobility, by 0.8 SD."""
    return (PlantedEffect(outcome="immobile_fraction", factor="ketamine", level="ketamine", size_sd=-0.8),)


def draw_cohort(
    cells: Cells,
    *,
    models: Sequence[OutcomeModel],
    effects: Sequence[PlantedEffect],
    seed: int,
    exact: bool = True,
) -> Cohort:
    """Draw every animal's truth.

    Parameters
    ----------
    cells
        Each code's level of each factor, ``{"CODE": {"magnesium": "saline", "ketamine": "ketamine"}}``.
    models, effects
        Outcomes, and what is planted on them.
    seed
        A whole number, 0 or more.
    exact
        For outcomes with a planted effect: whether this cohort's own difference and spread within groups are as
        planted (chance is taken out of the planted terms and of nothing else), so that an analysis has a known
        answer. `False` draws a random sample of a population with that effect, as a power simulation needs.
        Values at a model's limit make both a little smaller.

    Raises
    ------
    UsageError
        If there are no animals, two models share a name, or an effect is on an outcome, factor or level that is not
        there. All complaints at once.

    Examples
    --------
    >>> cells = {"CD34": {"drug": "saline"}, "CF46": {"drug": "ketamine"}}
    >>> cohort = draw_cohort(cells, models=default_models(), effects=(), seed=1)
    >>> len(cohort.truth_rows())
    22
    """
    if complaints := [*_wrong_cells(cells, models, seed), *_wrong_effects(cells, models, effects)]:
        raise UsageError.of(complaints)
    codes = tuple(cells)
    values: dict[tuple[str, str], float] = {}
    for model in models:
        planted = [effect for effect in effects if effect.outcome == model.name]
        scores = _scores(model.name, cells, planted, seed=seed, exact=exact)
        values |= zip(((model.name, code) for code in codes), model.values(scores).tolist(), strict=True)
    return Cohort(
        outcomes=tuple(model.name for model in models), codes=codes, values=values, effects=tuple(effects), seed=seed
    )


def _scores(outcome: str, cells: Cells, planted: Sequence[PlantedEffect], *, seed: int, exact: bool) -> Vector:
    """Return standard scores (n,): noise of SD 1 plus the planted shifts."""
    stream = int.from_bytes(hashlib.sha256(outcome.encode()).digest()[:8], "big")
    noise = np.random.default_rng([seed, stream]).standard_normal(len(cells))
    shifted = np.array([[_has(levels, effect) for effect in planted] for levels in cells.values()], dtype=np.float64)
    if not planted:
        return noise
    if exact:
        noise = _without_chance(noise, shifted, cells)
    return np.asarray(noise + shifted @ np.array([effect.size_sd for effect in planted]), dtype=np.float64)


def _has(levels: Mapping[str, str], effect: PlantedEffect) -> bool:
    return all(levels[factor] == level for factor, level in effect.levels)


def _without_chance(noise: Vector, shifted: Vector, cells: Cells) -> Vector:
    """Take the planted terms (and the mean) out of the noise, and give it a pooled SD of 1 within groups."""
    terms = np.column_stack([np.ones(len(noise)), shifted])
    rest = noise - terms @ np.linalg.lstsq(terms, noise, rcond=None)[0]
    groups = np.unique([str(sorted(levels.items())) for levels in cells.values()], return_inverse=True)[1]
    count = np.bincount(groups)
    within = rest - (np.bincount(groups, weights=rest) / count)[groups]
    df = len(rest) - len(count)
    return np.asarray(rest / math.sqrt(within @ within / df) if df > 0 else rest, dtype=np.float64)


def _wrong_cells(cells: Cells, models: Sequence[OutcomeModel], seed: int) -> Iterator[Complaint]:
    """Complain of a cohort without animals, of factors that some lack, of models of one name, of a wrong seed."""
    names = [model.name for model in models]
    if not cells:
        yield Complaint(expected="one animal or more", found="none", do="give the cells of the coded animals")
    if len({frozenset(levels) for levels in cells.values()}) > 1:
        yield Complaint(expected="a level of every factor for every animal", found="gaps", do="fill in the cells")
    if len(set(names)) < len(names):
        yield Complaint(expected="models of different names", found=", ".join(names), do="name each outcome once")
    if seed < 0:
        yield Complaint(expected="a seed of 0 or more", found=f"{seed}", do="give, say, 20260411")


def _wrong_effects(
    cells: Cells, models: Sequence[OutcomeModel], effects: Sequence[PlantedEffect]
) -> Iterator[Complaint]:
    """Complain of effects on outcomes or levels that are not there."""
    names = {model.name for model in models}
    present = {pair for levels in cells.values() for pair in levels.items()}
    for effect in effects:
        if effect.outcome not in names:
            yield Complaint(
                expected=f"one of the outcomes {', '.join(sorted(names))}", found=effect.outcome, do="correct it"
            )
        if cells and (absent := [pair for pair in effect.levels if pair not in present]):
            yield Complaint(
                expected="factors and levels that some animal has",
                found=", ".join(f"{factor} = {level}" for factor, level in absent),
                do="correct the effect",
                where=f"effect on {effect.outcome}",
            )
