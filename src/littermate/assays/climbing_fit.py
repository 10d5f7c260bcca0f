"""Climbing fit: thresholds of climbing fitted to a person's bouts, in the time that is not immobile.

Immobility is found first, with its own fitted thresholds; a held-out animal keeps those fitted without it, so that
nothing of it enters either fit. The grid's activity begins at the threshold above which an animal is mobile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from littermate.assays.agreement import agreement
from littermate.assays.bouts import covered_samples
from littermate.assays.calibration_verdict import (
    Fit,
    Fold,
    Limits,
    at_edge,
    paired,
    refusals,
    require_both_states,
    rounded,
)
from littermate.assays.forced_swim import immobile_bouts
from littermate.assays.swim_rules import ClimbingRules, ForcedSwimRules
from littermate.assays.three_way import CLIMBING, smoothed_posture, split_active
from littermate.assays.threshold_fit import CalibrationTrial, Setting, TimeTables, smoothed_trial
from littermate.model.bout import DetectedBout

__all__ = ["climbing_with", "fit_climbing"]

_UPRIGHT = (0.45, 0.475, 0.5, 0.525, 0.55, 0.575, 0.6, 0.65, 0.7, 0.75, 0.8)
_CLIMBING_LEVELS, _MOST_ACTIVE = 16, 1.6


def fit_climbing(
    trials: Sequence[CalibrationTrial],
    base: ForcedSwimRules,
    climbing: ClimbingRules,
    immobility: Fit,
    limits: Limits,
) -> Fit:
    """Fit climbing in the time that the fitted thresholds leave; held-out animals keep their own fold's thresholds."""
    scorer = _ClimbingScorer(trials, base, climbing)
    floats_of = {fold.animal: fold.thresholds for fold in immobility.folds}
    levels = np.geomspace(immobility.thresholds[1], _MOST_ACTIVE, _CLIMBING_LEVELS).tolist()
    settings = list(product(rounded(levels), _UPRIGHT))
    under = {floats: scorer.tables(settings, floats) for floats in {immobility.thresholds, *floats_of.values()}}
    tables = under[immobility.thresholds]
    require_both_states(tables, CLIMBING)
    thresholds, mcc = tables.best()
    best = ((animal, *under[floats].best(without=animal)) for animal, floats in floats_of.items())
    folds = tuple(Fold(animal=animal, thresholds=setting, fit_mcc=score) for animal, setting, score in best)
    held_out = agreement(
        [paired(one, found) for one, found in scorer.held_out(folds, floats_of)],
        behaviour=CLIMBING,
    )
    reasons = (*refusals(held_out, folds, thresholds, limits), *at_edge(thresholds[1], _UPRIGHT, "upright_above"))
    return Fit(
        behaviour=CLIMBING,
        thresholds=thresholds,
        fit_mcc=mcc,
        rates=tables.rates(thresholds),
        folds=folds,
        held_out=held_out,
        reasons=reasons if immobility.calibrated else ("immobility is not calibrated", *reasons),
    )


class _ClimbingScorer:
    """Scores climbing under many settings; immobile bouts and smoothing are worked out once."""

    def __init__(self, trials: Sequence[CalibrationTrial], base: ForcedSwimRules, climbing: ClimbingRules) -> None:
        self._raw = {trial.name: trial for trial in trials}
        self._smooth = [smoothed_trial(one, *smoothed_posture(one.motion, climbing.smooth_s)) for one in trials]
        self._base, self._climbing = base, replace(climbing, smooth_s=0.0)
        self._floats: dict[tuple[str, Setting], tuple[DetectedBout, ...]] = {}

    def tables(self, settings: Sequence[Setting], floats: Setting) -> TimeTables:
        """Score every trial under every setting, immobility being found with the thresholds `floats`."""
        return TimeTables.of(
            self._smooth,
            CLIMBING,
            settings,
            lambda trial, setting: covered_samples(trial.motion, self._climbs(trial, setting, floats)),
        )

    def held_out(
        self, folds: Sequence[Fold], floats_of: Mapping[str, Setting]
    ) -> list[tuple[CalibrationTrial, tuple[DetectedBout, ...]]]:
        """Score every trial under the thresholds fitted without its animal."""
        chosen = {fold.animal: fold.thresholds for fold in folds}
        return [(one, self._climbs(one, chosen[one.animal], floats_of[one.animal])) for one in self._smooth]

    def _climbs(self, trial: CalibrationTrial, setting: Setting, floats: Setting) -> tuple[DetectedBout, ...]:
        key = (trial.name, floats)
        if key not in self._floats:
            rules = replace(self._base, immobile_below=floats[0], mobile_above=floats[1])
            self._floats[key] = immobile_bouts(self._raw[trial.name].motion, rules)
        active = split_active(trial.motion, self._floats[key], climbing_with(self._climbing, setting))
        return tuple(bout for bout in active if bout.behaviour == CLIMBING)


def climbing_with(climbing: ClimbingRules, setting: Setting) -> ClimbingRules:
    """Return rules of climbing with these thresholds of activity and uprightness."""
    return replace(climbing, climbing_above=setting[0], upright_above=setting[1])
