"""Proportionality: whether dividing by the loading control takes the load out, as far as the samples can say.

If target and control are both in proportion to what was loaded, their ratio does not depend on the control. Where it
falls as the control rises, dividing has put into the ratio what it should have taken out: the control is not in
proportion (a saturated or overexposed housekeeping protein), or it varies by its own error only. This needs no groups
and no dilution series, but a control that varies; where there is a series, `littermate.blots.linear_range` says more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from littermate.blots.loading import LaneRatio

__all__ = ["ControlUse", "control_use"]

FEWEST_LANES = 8
_LEVEL = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlUse:
    """How the ratio goes with the control over the sample lanes.

    Parameters
    ----------
    lanes
        Those counted.
    slope, slope_ci99
        Of log ratio on log control: 0 where dividing takes the load out, -1 where the target does not follow the
        control at all.
    depends
        Whether the interval leaves 0 out.
    """

    lanes: int
    slope: float
    slope_ci99: tuple[float, float]
    depends: bool


def control_use(lanes: Sequence[LaneRatio]) -> ControlUse | None:
    """Regress the logarithm of the ratio on that of the control; `None` with fewer than eight lanes that vary.

    Examples
    --------
    >>> def lane(number, target, control):
    ...     value = target / control
    ...     return LaneRatio(lane=number, value=value, unscaled=value, target=target, control=control)
    >>> loads = [0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3]
    >>> expression = [1.0, 0.9, 1.1, 1.0, 0.95, 1.05, 0.9, 1.1]
    >>> pairs = list(zip(loads, expression))
    >>> control_use([lane(n, load * part, load) for n, (load, part) in enumerate(pairs, 1)]).depends
    False
    >>> control_use([lane(n, part, load) for n, (load, part) in enumerate(pairs, 1)]).depends
    True
    """
    from scipy import stats  # slow to import: only where there are ratios

    counted = [(one.unscaled, one.control) for one in lanes if one.unscaled is not None and one.control is not None]
    logs = np.array([(math.log(value), math.log(by)) for value, by in counted if value > 0 and by > 0])
    if len(logs) < FEWEST_LANES or np.ptp(logs[:, 1]) == 0:
        return None
    fit = stats.linregress(logs[:, 1], logs[:, 0])
    half = float(stats.t.ppf((1 + _LEVEL) / 2, len(logs) - 2)) * float(fit.stderr)
    low, high = float(fit.slope) - half, float(fit.slope) + half
    return ControlUse(lanes=len(logs), slope=float(fit.slope), slope_ci99=(low, high), depends=not low <= 0 <= high)
