"""Verdict: what a fit is, within which limits it may be called calibrated, and how that is said.

Conventions. Agreement is that of held-out animals, the person first; differences are points of % time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from littermate.assays.agreement import Agreement, PairedScores
from littermate.assays.threshold_fit import CalibrationTrial, Setting, TimeTables, common_time
from littermate.errors import DataError
from littermate.model.bout import DetectedBout

__all__ = [
    "Fit",
    "Fold",
    "Limits",
    "agreement_words",
    "at_edge",
    "largest_factor",
    "paired",
    "refusals",
    "require_both_states",
    "rounded",
    "verdict_words",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Agreement with held-out animals from which thresholds may be called calibrated.

    Parameters
    ----------
    min_animals
        With 6 the 95 % interval of the bias reaches one SD of the differences to either side (t with 5 degrees of
        freedom / sqrt 6 = 1.05); with fewer, a bias as large as the scatter itself could not be seen.
    min_kappa
        0.60 begins what Landis & Koch (1977, *Biometrics* 33:159) call substantial, and is where two people who score
        the same public recordings stand.
    max_bias
        Points of % time; 5 is 12 s of a 240-s window.
    max_limit
        Points of % time that neither 95 % limit of agreement may exceed.
    max_factor
        The middle of the two thresholds (geometric mean) may differ between any fold and all animals by this factor.
    """

    min_animals: int = 6
    min_kappa: float = 0.60
    max_bias: float = 5.0
    max_limit: float = 15.0
    max_factor: float = 1.5

    def words(self) -> str:
        """Return the limits as a sentence."""
        return (
            f"calibrated means: {self.min_animals} animals or more; with animals left out, kappa of {self.min_kappa:g} "
            f"or more, bias within {self.max_bias:g} and limits of agreement within {self.max_limit:g} points of "
            f"% time; thresholds within a factor of {self.max_factor:g} whoever is left out"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """The thresholds fitted without one animal, and their Matthews correlation on the others."""

    animal: str
    thresholds: Setting
    fit_mcc: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """Thresholds of one behaviour: as fitted to all animals, without each, and how the held-out scores agree.

    Parameters
    ----------
    behaviour
        What was fitted.
    thresholds
        ``(immobile_below, mobile_above)``, or ``(climbing_above, upright_above)``.
    fit_mcc
        Their Matthews correlation on the animals they were fitted to: no proof of anything.
    rates
        False and true rate of time under them.
    folds
        One an animal.
    held_out
        Agreement of the person (first) with the held-out scores (second).
    reasons
        Why it is not calibrated; empty where it is.
    """

    behaviour: str
    thresholds: Setting
    fit_mcc: float
    rates: tuple[float, float]
    folds: tuple[Fold, ...]
    held_out: Agreement
    reasons: tuple[str, ...]

    @property
    def calibrated(self) -> bool:
        """Whether agreement is within the limits."""
        return not self.reasons


def verdict_words(fit: Fit, animals: int) -> str:
    """Say in one sentence whether thresholds are calibrated, and how they agreed."""
    found = agreement_words(fit.held_out)
    if fit.calibrated:
        return f"calibrated on {animals} animals, {found}"
    return f"NOT calibrated: refused because {'; '.join(fit.reasons)} ({animals} animals, {found})"


def agreement_words(held_out: Agreement) -> str:
    """Say how held-out scores agree with a person's, in figures."""
    parts = [f"held-out kappa {_figure(held_out.kappa)}"]
    if (totals := held_out.totals) is not None:
        parts.append(f"bias {totals.bias:+.1f} points of % time, limits {totals.lower:+.1f} to {totals.upper:+.1f}")
    return ", ".join(parts)


def refusals(held_out: Agreement, folds: Sequence[Fold], thresholds: Setting, limits: Limits) -> tuple[str, ...]:
    """Return why agreement is outside the limits."""
    reasons = []
    animals = len(folds)
    if animals < limits.min_animals:
        reasons.append(f"only {animals} animals, {limits.min_animals} are needed")
    if held_out.kappa is None or held_out.kappa < limits.min_kappa:
        reasons.append(f"kappa {_figure(held_out.kappa)} is below {limits.min_kappa:g}")
    if (totals := held_out.totals) is not None:
        if abs(totals.bias) > limits.max_bias:
            reasons.append(f"bias {totals.bias:+.1f} is beyond {limits.max_bias:g} points")
        if max(-totals.lower, totals.upper) > limits.max_limit:
            limits_found = f"limits of agreement {totals.lower:+.1f} to {totals.upper:+.1f}"
            reasons.append(f"{limits_found} are beyond {limits.max_limit:g} points ({_worst(held_out)})")
    factor, animal = largest_factor(folds, thresholds)
    if factor > limits.max_factor:
        reasons.append(f"thresholds change {factor:.2f} times without {animal}, more than {limits.max_factor:g}")
    return tuple(reasons)


def largest_factor(folds: Sequence[Fold], thresholds: Setting) -> tuple[float, str]:
    """Return by which factor the middle of the thresholds changes most where one animal is left out, and which."""
    middle = _middle(thresholds)
    changes = ((_middle(fold.thresholds) / middle, fold.animal) for fold in folds)
    return max((max(change, 1 / change), animal) for change, animal in changes)


def at_edge(value: float, tried: Sequence[float], name: str) -> tuple[str, ...]:
    """Refuse a threshold that may lie beyond what was tried."""
    return () if min(tried) < value < max(tried) else (f"{name} {value:g} is the end of the range that was tried",)


def require_both_states(tables: TimeTables, behaviour: str) -> None:
    """Refuse scores in which the behaviour never, or always, is."""
    both, _, missed, _ = tables.tables[0].sum(axis=0) / len(tables.animals)
    if not 1e-9 < both + missed < 1 - 1e-9:
        raise DataError(
            expected=f"scores with {behaviour} time and time without",
            found=f"{100 * (both + missed):.0f} % {behaviour} in all trials",
            do="check the behaviour's name in the table, and what was scored",
        )


def rounded(values: Sequence[float]) -> list[float]:
    """Round to three figures, so that what is printed is what is used."""
    return [float(f"{value:.3g}") for value in values]


def paired(trial: CalibrationTrial, found: tuple[DetectedBout, ...]) -> PairedScores:
    """Return a trial as the person and the program see it, in the time that both could score."""
    return PairedScores(
        name=trial.name, animal=trial.animal, scored_s=common_time(trial), first=trial.bouts, second=found
    )


def _figure(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"


def _middle(thresholds: Setting) -> float:
    return float(np.sqrt(thresholds[0] * thresholds[1]))


def _worst(held_out: Agreement) -> str:
    worst = max(held_out.trials, key=lambda one: abs(one.second_percent - one.first_percent))
    return f"furthest {worst.name}: {worst.second_percent - worst.first_percent:+.1f}"
