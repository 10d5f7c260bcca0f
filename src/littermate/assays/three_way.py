"""Three-way scoring: immobile, swimming, climbing, as a partition of the scorable time.

Immobile bouts are taken as two-way scoring found them, so immobility is the same number both ways. In what is left,
an animal climbs where its activity and its uprightness are both at or above their thresholds, until one of them falls
below the part `release` of its own (hysteresis); gaps and short runs as in `bouts`. All the rest is swimming. Every
scorable sample is in exactly one of the three; missing time is in none.

The behaviours are those of Detke, Rickels and Lucki (1995, *Psychopharmacology* 121:66). A stationary camera at the
beaker's side sees a climbing animal upright; so is many a floating one, which activity tells apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from littermate.assays.bouts import covered_samples, mask_to_bouts, runs, smoothed, switched
from littermate.assays.swim_rules import ClimbingRules
from littermate.errors import UsageError
from littermate.model.bout import DetectedBout
from littermate.model.motion import Motion

__all__ = ["CLIMBING", "SWIMMING", "climbing_mask", "smoothed_posture", "split_active"]

SWIMMING, CLIMBING = "swimming", "climbing"

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def climbing_mask(motion: Motion, rules: ClimbingRules) -> Bools:
    """Return for each sample whether an active animal climbs by the thresholds, before any bout rule.

    Raises
    ------
    UsageError
        If the trace does not say how upright the animal is.
    """
    scorable = motion.valid & motion.animal_found
    climbs = np.zeros(len(motion.t_s), dtype=bool)
    activity, upright = smoothed_posture(motion, rules.smooth_s)
    for start, stop in runs(scorable):
        least = np.minimum(activity[start:stop] / rules.climbing_above, upright[start:stop] / rules.upright_above)
        climbs[start:stop] = switched(least >= 1, least < rules.release)
    return climbs


def smoothed_posture(motion: Motion, smooth_s: float) -> tuple[Floats, Floats]:
    """Return the running medians of activity and uprightness, anew after missing time.

    Raises
    ------
    UsageError
        If the trace does not say how upright the animal is.
    """
    if motion.upright is None or not np.all(np.isfinite(motion.upright[motion.valid & motion.animal_found])):
        raise UsageError(
            expected="a motion trace that says how upright the animal is",
            found="one without",
            do="measure the recording again, or score two ways (immobile, mobile)",
        )
    return smoothed(motion.activity, motion, smooth_s), smoothed(motion.upright, motion, smooth_s)


def split_active(motion: Motion, immobile: Sequence[DetectedBout], rules: ClimbingRules) -> tuple[DetectedBout, ...]:
    """Share out the time that is not immobile between climbing and swimming.

    Parameters
    ----------
    motion
        The whole trial.
    immobile
        Its immobile bouts, before they are cut to a window.
    rules
        When the animal climbs.

    Returns
    -------
    tuple of DetectedBout
        Bouts of ``"swimming"`` and ``"climbing"`` in order of time.
    """
    active = motion.valid & motion.animal_found & ~covered_samples(motion, immobile)
    start_s = float(motion.t_s[0]) if len(motion.t_s) else 0.0
    climbs = mask_to_bouts(
        climbing_mask(motion, rules),
        active,
        start_s=start_s,
        step_s=motion.step_s,
        gap_s=rules.gap_s,
        min_bout_s=rules.min_bout_s,
        behaviour=CLIMBING,
    )
    swims = mask_to_bouts(
        ~covered_samples(motion, climbs),
        active,
        start_s=start_s,
        step_s=motion.step_s,
        gap_s=0.0,
        min_bout_s=0.0,
        behaviour=SWIMMING,
    )
    return tuple(sorted((*climbs, *swims), key=lambda bout: bout.start_s))
