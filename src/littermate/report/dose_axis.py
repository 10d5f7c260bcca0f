"""The dose axis: a logarithmic axis with the control, dose 0, left of a break."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from littermate.report.style import INK

__all__ = ["DoseAxis"]

_MOST_TICKS = 9


class DoseAxis:
    """Gives every dose its place on an axis that is drawn in log10 of the dose.

    Parameters
    ----------
    doses
        All that are drawn; 0 is the control.
    """

    def __init__(self, doses: Iterable[float]) -> None:
        self._doses = sorted(set(doses))
        logs = [math.log10(dose) for dose in self._doses if dose > 0]
        self._low, self._high = min(logs), max(logs)
        self._gap = max(0.12 * (self._high - self._low), 0.15)

    def place(self, dose: ArrayLike) -> NDArray[np.float64]:
        """Return the places of doses, same shape."""
        given = np.asarray(dose, dtype=np.float64)
        logs = np.log10(np.where(given > 0, given, 1.0))
        return np.asarray(np.where(given > 0, logs, self._low - 2 * self._gap))

    def finish(self, axes: Axes, label: str) -> None:
        """Set ticks, limits and the break of the x axis."""
        shown = [dose for dose in self._doses if dose > 0]
        if len(shown) > _MOST_TICKS:
            decades = range(math.floor(self._low), math.ceil(self._high) + 1)
            shown = [10.0**decade for decade in decades if self._low <= decade <= self._high]
        control = [0.0] if 0.0 in self._doses else []
        ticks = [*control, *shown]
        axes.set_xticks(self.place(ticks), labels=[f"{tick:g}" for tick in ticks])
        left = float(self.place(0.0)) if control else self._low
        axes.set_xlim(left - 0.6 * self._gap, self._high + 0.6 * self._gap)
        axes.set_xlabel(label)
        if control:
            self._break(axes)

    def _break(self, axes: Axes) -> None:
        """Draw two strokes over the axis between the control and the lowest dose."""
        middle = self._low - self._gap
        for shift in (-0.06, 0.06):
            x = middle + shift * self._gap
            axes.plot(
                [x - 0.08 * self._gap, x + 0.08 * self._gap],
                [-0.02, 0.02],
                transform=axes.get_xaxis_transform(),
                color=INK,
                linewidth=0.8,
                clip_on=False,
            )
