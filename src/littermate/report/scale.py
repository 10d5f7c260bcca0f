"""The scale of an axis: its limits, and ticks whose labels do not meet.

A scale that goes far above or below one is written in a power of a thousand, which stands with the unit: ``(10⁶ cm)``.
Ticks are at 1, 2 or 5 times a power of ten.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, MaxNLocator

from littermate.report.lettering import width_mm
from littermate.report.numbers import number

__all__ = ["Scale", "scale_across", "scale_between", "scale_up"]

_LARGE, _SMALL = 1e5, 1e-2
_APART_MM = 1.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Limits of an axis, its ticks with their labels, and the power of ten that the labels leave out."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    power: int

    @property
    def letters_mm(self) -> float:
        """Width of the widest label."""
        return max((width_mm(label) for label in self.labels), default=0.0)

    def mm(self, value: float, length_mm: float) -> float:
        """Return where a value lies on an axis of that length."""
        return (value - self.low) / (self.high - self.low) * length_mm

    def on_y(self, axes: Axes) -> None:
        """Set the y axis."""
        axes.set_ylim(self.low, self.high)
        axes.yaxis.set_major_locator(FixedLocator(self.ticks))
        axes.set_yticks(self.ticks, labels=self.labels)

    def on_x(self, axes: Axes) -> None:
        """Set the x axis."""
        axes.set_xlim(self.low, self.high)
        axes.set_xticks(self.ticks, labels=self.labels)


def scale_up(values: Iterable[float], *, from_zero: bool, margin: float = 0.06, bins: int = 5) -> Scale:
    """Return the scale of an upright axis on which the values have room.

    Examples
    --------
    >>> scale_up([3.0, 19.0], from_zero=True).labels
    ('0', '5', '10', '15', '20')
    """
    given = [value for value in values if math.isfinite(value)]
    low, high = min(given, default=0.0), max(given, default=1.0)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    room = margin * (high - low) or abs(high) * margin or 1.0
    low = low if from_zero and low == 0 else low - room
    high = high if from_zero and high == 0 and low < 0 else high + room
    return scale_between(low, high, bins=bins)


def scale_between(low: float, high: float, *, bins: int = 5) -> Scale:
    """Return the scale with just these limits, and at most so many steps.

    Examples
    --------
    >>> scale_between(-2e-6, 9e-6).labels, scale_between(-2e-6, 9e-6).power
    (('0', '5'), -6)
    """
    power = _power(max(abs(low), abs(high)))
    ticks = [float(tick) for tick in MaxNLocator(nbins=bins, steps=[1, 2, 5, 10]).tick_values(low, high)]
    ticks = [tick for tick in ticks if low <= tick <= high]
    step = min((b - a for a, b in itertools.pairwise(ticks)), default=high - low) / 10.0**power
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    labels = tuple(number(tick / 10.0**power, decimals) for tick in ticks)
    return Scale(low=low, high=high, ticks=tuple(ticks), labels=labels, power=power)


def scale_across(values: Iterable[float], *, room_mm: float) -> Scale:
    """Return the scale of a level axis of that length; it has as many ticks as its labels have room.

    Examples
    --------
    >>> scale = scale_across([-40.0, 45.0], room_mm=60.0)
    >>> scale.labels, scale.power
    (('−40', '−20', '0', '20', '40'), 0)
    """
    given = [value for value in values if math.isfinite(value)]
    low, high = min(given, default=-1.0), max(given, default=1.0)
    room = 0.05 * (high - low) or 1.0
    for bins in (6, 5, 4, 3, 2, 1):
        scale = scale_between(low - room, high + room, bins=bins)
        if _fits(scale, room_mm):
            return scale
    return scale_between(low - room, high + room, bins=1)


def _fits(scale: Scale, room_mm: float) -> bool:
    places = [scale.mm(tick, room_mm) for tick in scale.ticks]
    halves = [width_mm(label) / 2 for label in scale.labels]
    ends = zip(places, halves, strict=True)
    reach = [(place - half, place + half) for place, half in ends]
    apart = all(second[0] - first[1] >= _APART_MM for first, second in itertools.pairwise(reach))
    return apart and len(reach) > 0 and reach[0][0] >= -2.0 and reach[-1][1] <= room_mm + 1.0


def _power(size: float) -> int:
    return 0 if _SMALL <= size < _LARGE else 3 * math.floor(math.log10(size) / 3)
