"""Calibration: thresholds fitted to a laboratory's own blinded scores, and an honest word on whether that worked.

1. *Fit*. All pairs of a fixed grid are tried: `immobile_below` from 0.01 to 0.6 animal areas a step, `mobile_above` 1
   to 2.5 times as much. The pair with the highest Matthews correlation of time is taken (see `threshold_fit`), each
   animal weighing the same. The other rules (running median, gaps, minimal bout) stay as given.
2. *Validation*. Each animal is left out once, with all its trials; thresholds are fitted anew to the others and used on
   it. All agreement that is reported is of these held-out scores. (The ROC curve is of all; nothing is fitted for it.)
3. *Verdict*. It is *calibrated* only within stated limits, see `Limits`; otherwise the reasons are said, and the
   agreement found is given all the same. Poor agreement is a result, not an error.

Climbing, where it is asked for, is fitted after immobility, on a grid of its own, with a verdict of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    verdict_words,
)
from littermate.assays.climbing_fit import climbing_with, fit_climbing
from littermate.assays.forced_swim import immobile_bouts, smoothed_activity
from littermate.assays.swim_rules import ForcedSwimRules
from littermate.assays.threshold_fit import (
    CalibrationTrial,
    Roc,
    Setting,
    TimeTables,
    common_time,
    roc_curve,
    smoothed_trial,
)
from littermate.errors import Complaint, DataError
from littermate.model.bout import DetectedBout

__all__ = ["Calibration", "CalibrationTrial", "Fit", "Fold", "Limits", "calibrate", "verdict_words"]

IMMOBILE = "immobile"
FEWEST_ANIMALS = 3
_LATE_S = 1.0

_RATIOS = (1.0, 1.25, 1.6, 2.0, 2.5)
_LOWEST, _HIGHEST, _LEVELS = 0.01, 0.6, 36


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """What a calibration gave.

    Parameters
    ----------
    immobility
        The fit of the two thresholds.
    roc
        The ROC curve of the activity for immobility, of all animals.
    climbing
        That of climbing, where it was asked for.
    animals, trials
        How many took part.
    left_out
        Trials that could not, with the reason.
    base
        The rules whose thresholds were replaced.
    limits
        What *calibrated* means here.
    """

    immobility: Fit
    roc: Roc
    climbing: Fit | None
    animals: int
    trials: int
    left_out: tuple[tuple[str, str], ...]
    base: ForcedSwimRules
    limits: Limits

    @property
    def calibrated(self) -> bool:
        """Whether immobility agrees within the limits; climbing has a verdict of its own."""
        return self.immobility.calibrated

    def rules(self) -> ForcedSwimRules:
        """Return the rules with the fitted thresholds; their words say how well they agree."""
        below, above = self.immobility.thresholds
        climbing = None
        if self.base.climbing is not None and self.climbing is not None:
            climbing = climbing_with(self.base.climbing, self.climbing.thresholds)
            climbing = replace(climbing, calibration=verdict_words(self.climbing, self.animals))
        return replace(
            self.base,
            immobile_below=below,
            mobile_above=above,
            climbing=climbing,
            calibration=verdict_words(self.immobility, self.animals),
        )


def calibrate(
    trials: Sequence[CalibrationTrial],
    *,
    base: ForcedSwimRules | None = None,
    limits: Limits | None = None,
) -> Calibration:
    """Fit the thresholds to a person's bouts, and validate them leaving one animal out.

    Parameters
    ----------
    trials
        Motion and a person's bouts, several trials an animal where there are.
    base
        Rules that stay; with climbing rules in it, climbing is fitted, too.
    limits
        What may be called calibrated.

    Raises
    ------
    DataError
        With fewer than three animals that can be used; where the person never, or always, saw immobility; or where a
        scored stretch reaches beyond its recording (another recording was scored, or by another clock).
    """
    base, limits = base or ForcedSwimRules(), limits or Limits()
    _require_covered(trials)
    usable, left_out = _usable(trials)
    animals = {trial.animal for trial in usable}
    if len(animals) < FEWEST_ANIMALS:
        raise DataError(
            expected=f"{FEWEST_ANIMALS} animals or more ({limits.min_animals} to be called calibrated)",
            found=f"{len(animals)} that can be used" + "".join(f"; {name}: {why}" for name, why in left_out),
            do="score more animals",
        )
    immobility = _fit_immobility(usable, base, limits)
    climbing = None if base.climbing is None else fit_climbing(usable, base, base.climbing, immobility, limits)
    return Calibration(
        immobility=immobility,
        roc=roc_curve(_smooth(usable, base), IMMOBILE),
        climbing=climbing,
        animals=len(animals),
        trials=len(usable),
        left_out=left_out,
        base=base,
        limits=limits,
    )


def _require_covered(trials: Sequence[CalibrationTrial]) -> None:
    complaints = []
    for trial in trials:
        motion = trial.motion
        end = float(motion.t_s[-1] + motion.step_s) if len(motion.t_s) else 0.0
        stop = max((stop for _, stop in trial.scored_s), default=0.0)
        if stop > end + _LATE_S:
            complaints.append(
                Complaint(
                    expected=f"scored time up to {stop:.1f} s after t0 in the recording",
                    found=f"a recording that ends {end:.1f} s after t0",
                    do="check that this recording was scored, and by which clock; correct t0 or the times",
                    where=trial.name,
                )
            )
    if complaints:
        raise DataError.of(complaints)


def _usable(trials: Sequence[CalibrationTrial]) -> tuple[list[CalibrationTrial], tuple[tuple[str, str], ...]]:
    """Part the trials that can take part from those that cannot, with the reason."""
    usable, left_out = [], []
    for trial in trials:
        if not trial.motion.animal_found:
            left_out.append((trial.name, "no animal was found"))
        elif not common_time(trial):
            left_out.append((trial.name, "nothing of the scored time could be measured"))
        else:
            usable.append(trial)
    return usable, tuple(left_out)


def _fit_immobility(trials: Sequence[CalibrationTrial], base: ForcedSwimRules, limits: Limits) -> Fit:
    smooth = _smooth(trials, base)
    bare = replace(base, smooth_s=0.0)

    def bouts(trial: CalibrationTrial, setting: Setting) -> tuple[DetectedBout, ...]:
        return immobile_bouts(trial.motion, replace(bare, immobile_below=setting[0], mobile_above=setting[1]))

    levels = rounded(np.geomspace(_LOWEST, _HIGHEST, _LEVELS).tolist())
    settings = [(low, rounded([low * ratio])[0]) for low, ratio in product(levels, _RATIOS)]
    tables = TimeTables.of(
        smooth, IMMOBILE, settings, lambda trial, setting: covered_samples(trial.motion, bouts(trial, setting))
    )
    require_both_states(tables, IMMOBILE)
    thresholds, mcc = tables.best()
    folds = _folds(tables)
    by_animal = {fold.animal: fold.thresholds for fold in folds}
    held_out = agreement([paired(trial, bouts(trial, by_animal[trial.animal])) for trial in smooth])
    reasons = (
        *refusals(held_out, folds, thresholds, limits),
        *at_edge(thresholds[0], [low for low, _ in settings], "immobile_below"),
    )
    return Fit(
        behaviour=IMMOBILE,
        thresholds=thresholds,
        fit_mcc=mcc,
        rates=tables.rates(thresholds),
        folds=folds,
        held_out=held_out,
        reasons=reasons,
    )


def _smooth(trials: Sequence[CalibrationTrial], base: ForcedSwimRules) -> list[CalibrationTrial]:
    return [smoothed_trial(trial, smoothed_activity(trial.motion, base.smooth_s)) for trial in trials]


def _folds(tables: TimeTables) -> tuple[Fold, ...]:
    fits = ((animal, tables.best(without=animal)) for animal in tables.animals)
    return tuple(Fold(animal=animal, thresholds=setting, fit_mcc=mcc) for animal, (setting, mcc) in fits)
