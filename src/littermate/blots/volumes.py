"""Volumes: what a box holds above its local baseline.

A `Span` is a band's place along its lane, a `Group` is spans that share one baseline. What is summed are the image's
own pixels in an upright box of whole pixels. The baseline of each column of the box is the straight line from the
median of that column in a strip above the box to its median in a strip below; bands so near one another that there is
no room for a strip between them share one. Where there is room for one strip only, the baseline is level at that one.

Whether the program or a person said where the box is makes no difference here. Rows and columns are half-open.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from littermate.blots.image import plateau
from littermate.blots.lanes import lane_x
from littermate.blots.rules import BandRules
from littermate.model.blot import Band, Blot, Lane

__all__ = ["MIN_STRIP_PX", "Group", "Span", "group_of", "groups", "measure_span"]

MIN_STRIP_PX = 3
_SAME_LEVEL_PX = 4
_MEDIAN_EFFICIENCY = math.pi / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A band on its way to be summed.

    Parameters
    ----------
    row
        Of its peak.
    top, bottom
        The half-open rows of its box.
    fwhm
        Its full width at half maximum.
    columns
        The half-open columns of its box, where a person placed it; `None`: the lane's width around its centre.
    """

    row: float
    top: int
    bottom: int
    fwhm: float
    columns: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Bands that share one baseline, and the half-open rows of the strips above and below them."""

    spans: tuple[Span, ...]
    above: tuple[int, int]
    below: tuple[int, int]

    @property
    def has_strip_above(self) -> bool:
        """Whether the strip above is high enough to give the baseline."""
        return self.above[1] - self.above[0] >= MIN_STRIP_PX

    @property
    def has_strip_below(self) -> bool:
        """Whether the strip below is high enough to give the baseline."""
        return self.below[1] - self.below[0] >= MIN_STRIP_PX


def groups(spans: Sequence[Span], rows: int, rules: BandRules) -> list[Group]:
    """Put bands without room for a strip between them into groups, and give each group its strips."""
    parts: list[list[Span]] = []
    for span in spans:
        if parts and span.top - parts[-1][-1].bottom < MIN_STRIP_PX:
            parts[-1].append(span)
        else:
            parts.append([span])
    groups = []
    for number, part in enumerate(parts):
        ceiling = parts[number - 1][-1].bottom if number else 0
        floor = parts[number + 1][0].top if number + 1 < len(parts) else rows
        top, bottom = part[0].top, part[-1].bottom
        above = max(MIN_STRIP_PX, math.ceil(rules.strip * part[0].fwhm))
        below = max(MIN_STRIP_PX, math.ceil(rules.strip * part[-1].fwhm))
        groups.append(
            Group(
                spans=tuple(part),
                above=(max(ceiling, top - above), top),
                below=(bottom, min(floor, bottom + below)),
            )
        )
    return groups


def group_of(span: Span, others: Sequence[Span], rows: int, rules: BandRules) -> Group:
    """Return a span's group, where `others` are the lane's other bands, which do not overlap it."""
    ordered = sorted([*others, span], key=lambda one: one.row)
    return next(group for group in groups(ordered, rows, rules) if span in group.spans)


def measure_span(blot: Blot, lane: Lane, group: Group, span: Span) -> Band:
    """Sum one span of a group above the group's baseline."""
    left, right = _sides(lane, span, blot.pixels.shape[1])
    line, sd, error = _baseline(blot.pixels[:, left:right], group)
    part = blot.pixels[span.top : span.bottom, left:right]
    under = line[span.top : span.bottom]
    noise = sd * math.sqrt(part.size + (error * part.shape[0]) ** 2 * part.shape[1])
    return Band(
        row_px=span.row,
        volume=float((part - under).sum()),
        background=float(under.sum()),
        saturated=_is_saturated(blot, part),
        box_px=(left, span.top, right - left, span.bottom - span.top),
        noise=noise,
    )


def _sides(lane: Lane, span: Span, columns: int) -> tuple[int, int]:
    """Return the half-open columns of a band's box."""
    if span.columns is not None:
        return span.columns
    centre = float(lane_x(lane, np.array([span.row]))[0])
    left = max(0, round(centre - lane.width_px / 2 + 0.5))
    right = min(columns, round(centre + lane.width_px / 2 + 0.5))
    return min(left, columns - 1), max(right, min(left, columns - 1) + 1)


def _baseline(columns: NDArray[np.float64], group: Group) -> tuple[NDArray[np.float64], float, float]:
    """Return the baseline of some columns, the noise of their pixels, and the baseline's error as a share of it.

    Returns
    -------
    line : (rows, columns) float64
    sd : float
    error : float
    """
    rows = np.arange(columns.shape[0], dtype=np.float64)[:, None]
    ends = [strip for strip in (group.above, group.below) if strip[1] - strip[0] >= MIN_STRIP_PX]
    if not ends:
        ends = [strip for strip in (group.above, group.below) if strip[1] > strip[0]]
    if not ends:
        floor = np.full(columns.shape, float(columns.min()))
        return floor, 0.0, 0.0
    levels = [np.median(columns[start:stop], axis=0) for start, stop in ends]
    rest = np.concatenate([columns[start:stop] - level for (start, stop), level in zip(ends, levels, strict=True)])
    sd = 1.4826 * float(np.median(np.abs(rest)))
    error = math.sqrt(sum(_MEDIAN_EFFICIENCY / (stop - start) for start, stop in ends)) / len(ends)
    if len(ends) == 1:
        return np.broadcast_to(levels[0], columns.shape), sd, error
    upper, lower = ((start + stop - 1) / 2 for start, stop in ends)
    share = (rows - upper) / (lower - upper)
    return levels[0] * (1 - share) + levels[1] * share, sd, error


def _is_saturated(blot: Blot, part: NDArray[np.float64]) -> bool:
    """Whether the top of a box is a plateau: the image's own, or one at a level of its own."""
    clip = plateau(part)
    if clip is not None and part.max() > part.min():
        return True
    if blot.saturation_level is None:
        return False
    level = _signal_level(blot)
    labels, count = ndimage.label(part >= level, structure=np.ones((3, 3)))
    return count > 0 and int(np.bincount(labels.ravel())[1:].max()) >= _SAME_LEVEL_PX


def _signal_level(blot: Blot) -> float:
    """Return the clipping level on the scale of the pixels, of which as many reach it as the image says."""
    return float(np.partition(blot.pixels.ravel(), -blot.saturated_px)[-blot.saturated_px])
