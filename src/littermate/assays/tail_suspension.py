"""Tail suspension: immobility of a mouse that hangs by its tail, from a motion trace.

Steru et al. (1985, *Psychopharmacology* 85:367) hang a mouse for 6 min and add up its immobility; the conventions are
those of Can et al. (2012, *J Vis Exp* 59:e3769): all 6 min are scored, passive hanging is immobility, and so is the
swinging like a pendulum that a struggle leaves behind. Small movements of the head or of the forelimbs alone, without
the hind limbs, are a person's judgement; here only their changed area counts.

Swinging is a rigid movement: what shift and turn of the whole body explain is taken off before activity is measured. A
pendulum is faster than a floating animal: a mouse whose middle hangs 12 cm below the tape swings at 1.4 Hz, and reaches
1.9 cm/s and 9 degrees/s for every degree of amplitude. The limits of the passive movement are therefore wider here than
in the forced swim (`ASSAY.motion`): they cover swings of up to about 12 degrees to either side. The time step is
shorter, so that a swinging body overlaps itself from one step to the next and can be laid onto itself. A wider swing
counts as activity until it has died down, and at less than 25 frames a second so does some of a narrower one.

Bouts, windows, missing time, totals and latency are those of the forced swim, with thresholds of this test's own.
Tail climbing is *not detected*: a mouse that climbs is moving, and one that holds on to its tail counts as immobile.
Look for it (the overlay shows every frame), and leave such animals out by a rule stated beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.assays.assay import MotionAssay, Scored, Setting
from littermate.assays.forced_swim import ForcedSwimRules, readings, score_forced_swim
from littermate.model.motion import Motion

__all__ = ["ASSAY", "TailSuspensionRules", "score_tail_suspension"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TailSuspensionRules:
    """When a hanging animal is immobile. The thresholds are *not calibrated* against a person's scores.

    Parameters
    ----------
    immobile_below, mobile_above
        Thresholds on the smoothed activity, in animal areas a motion step.
    smooth_s
        Length of the running median.
    gap_s
        Gaps shorter than this are closed.
    min_bout_s
        Runs shorter than this are dropped.

    Raises
    ------
    UsageError
        If the thresholds are not in order, or a time is negative.
    """

    immobile_below: float = 0.05
    mobile_above: float = 0.08
    smooth_s: float = 0.5
    gap_s: float = 0.5
    min_bout_s: float = 1.0

    def __post_init__(self) -> None:
        self.as_swim()

    def as_swim(self) -> ForcedSwimRules:
        """Return the same rules as the forced swim's machinery wants them."""
        return ForcedSwimRules(
            immobile_below=self.immobile_below,
            mobile_above=self.mobile_above,
            smooth_s=self.smooth_s,
            gap_s=self.gap_s,
            min_bout_s=self.min_bout_s,
        )

    def words(self) -> tuple[str, ...]:
        """Return the rules as sentences."""
        return (
            f"activity, as the median over {self.smooth_s:g} s, below {self.immobile_below:g} begins immobility and "
            f"above {self.mobile_above:g} ends it; these thresholds are not calibrated against human scores",
            f"bout: gaps shorter than {self.gap_s:g} s are closed, then runs shorter than {self.min_bout_s:g} s "
            "dropped",
            "swinging without struggling is immobility, as far as it is within the limits of passive movement",
            "missing time ends a bout, is given to neither state and lowers the denominator",
            "bouts are found on the whole trial, then cut to the window; latency from t0, censored at the window's end",
            "tail climbing is not detected",
        )


def score_tail_suspension(motion: Motion, setting: Setting, rules: TailSuspensionRules) -> Scored:
    """Score a motion trace.

    Parameters
    ----------
    motion
        The whole trial, from t0 on.
    setting
        Its window.
    rules
        When the animal is immobile.

    Examples
    --------
    >>> import numpy as np
    >>> hangs = np.where(np.arange(100) < 60, 0.4, 0.0)
    >>> motion = Motion(t_s=np.arange(100) * 0.1, step_s=0.1, activity=hangs, valid=np.ones(100, bool),
    ...                 animal_found=True, animal_area_px=900.0)
    >>> scored = score_tail_suspension(motion, Setting(window_s=(0, 10)), TailSuspensionRules())
    >>> [(one.measure, round(one.value, 6)) for one in scored.readings[:3]]
    [('immobility_s', 4.0), ('immobility_percent', 40.0), ('latency_s', 6.0)]
    """
    result = score_forced_swim(motion, window_s=setting.window_s, rules=rules.as_swim())
    return Scored(
        readings=readings(result),
        scorable_s=result.scorable_s,
        cut_short=result.cut_short,
        bouts=result.bouts,
        thresholds=(rules.immobile_below, rules.mobile_above),
        smooth_s=rules.smooth_s,
    )


ASSAY = MotionAssay(
    name="tail suspension",
    says="immobility of a mouse that hangs by its tail, seen from the side",
    window_s=(0.0, 360.0),
    rules=TailSuspensionRules(),
    score=score_tail_suspension,
    motion=(("step_s", 0.05), ("drift_lengths_per_s", 6.0), ("turn_deg_per_s", 120.0)),
)
