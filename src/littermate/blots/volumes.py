"""Volumes: what a box holds above its local baseline.

A `Span` is a band's place along its lane, a `Group` is spans that share one baseline. What is summed are the image's
own pixels in an upright box of whole pixels, above a baseline (`littermate.blots.background`) that a strip above the
box and a strip below it give; bands so near one another that there is no room for a strip between them share one. Where
there is room for one strip only, the baseline is level at that one, and the band's flags say so.

Whether the program or a person said where the box is makes no difference here. Rows and columns are half-open.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from littermate.blots.background import MIN_STRIP_PX, Baseline, ball_bed, baseline, require_background
from littermate.blots.image import plateau
from littermate.blots.lanes import lane_x
from littermate.blots.overlap import share_out
from littermate.blots.rules import BandRules
from littermate.errors import UsageError
from littermate.model.blot import Band, Blot, Lane

__all__ = [
    "CUT",
    "OVERLAPS",
    "SHARED",
    "Group",
    "Sheet",
    "Span",
    "clip_level",
    "columns_of",
    "group_of",
    "groups",
    "measure_group",
    "measure_span",
    "sheet_of",
]

OVERLAPS = ("fit", "valley")
SHARED = "shared with the next band"
CUT = "parted from the next band at the valley"
_SAME_LEVEL_PX = 4
_OWN_SHARE = 0.05
_EDGE = 0.1
_VALLEY_ROWS = 2
_EMPTY_VALLEY = 0.02
_MOST_SHARING = 6


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """An image ready to be summed: without a rolling ball's bed where the rules ask for it.

    Parameters
    ----------
    blot, rules
        The image, and the rules by which it is summed.
    bed
        What the rolling ball took off, `None` without one.
    clip
        The clipping level on the scale of the pixels, `None` where nothing is clipped.
    """

    blot: Blot
    rules: BandRules
    bed: NDArray[np.float64] | None
    clip: float | None


def sheet_of(blot: Blot, lanes: Sequence[Lane], rules: BandRules) -> Sheet:
    """Return an image ready to be summed; a rolling ball's radius follows the usual width of the lanes."""
    require_background(rules.background)
    _require_overlap(rules.overlap)
    bed = None
    if rules.background == "rolling ball" and lanes:
        bed = ball_bed(blot.pixels, rules.ball * float(np.median([lane.width_px for lane in lanes])))
    return Sheet(blot=blot, rules=rules, bed=bed, clip=clip_level(blot))


def _require_overlap(overlap: str) -> None:
    if overlap not in OVERLAPS:
        raise UsageError(
            expected="overlapping bands by " + " or ".join(OVERLAPS), found=repr(overlap), do="choose one of these"
        )


def measure_group(sheet: Sheet, lane: Lane, group: Group) -> tuple[Band, ...]:
    """Sum all spans of a group above the group's baseline; what overlapping bands have together is given out."""
    summed = [_sum(sheet, lane, group, span) for span in group.spans]
    runs = _runs(summed)
    return tuple(band for run in runs for band in _given_out(run, sheet.rules))


def measure_span(sheet: Sheet, lane: Lane, group: Group, span: Span) -> Band:
    """Sum one span of a group above the group's baseline: all that its own box holds."""
    return _sum(sheet, lane, group, span).band


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Summed:
    """A summed span: the band, the net sum of each of its rows, and the noise of such a sum."""

    span: Span
    band: Band
    rows: NDArray[np.float64]
    noise: float


def _sum(sheet: Sheet, lane: Lane, group: Group, span: Span) -> _Summed:
    pixels = sheet.blot.pixels
    left, right = columns_of(lane, span, pixels.shape[1])
    columns = pixels[:, left:right] if sheet.bed is None else pixels[:, left:right] - sheet.bed[:, left:right]
    line = baseline(columns, (span.top, span.bottom), (group.above, group.below), sheet.rules.background)
    net = columns[span.top : span.bottom] - line.under
    part = pixels[span.top : span.bottom, left:right]
    volume = float(net.sum())
    band = Band(
        row_px=span.row,
        volume=volume,
        background=float(line.under.sum()) if sheet.bed is None else float(part.sum()) - volume,
        saturated=_is_saturated(sheet, part),
        box_px=(left, span.top, right - left, span.bottom - span.top),
        noise=line.sd * math.sqrt(net.size + (line.error * net.shape[0]) ** 2 * net.shape[1]),
        fwhm_px=span.fwhm,
        strips_px=(group.above, group.below),
        flags=(*_baseline_flags(group), *_edge_flags(sheet, net, line, (left, right, span.top, span.bottom))),
    )
    return _Summed(span=span, band=band, rows=net.sum(axis=1), noise=line.sd * math.sqrt(net.shape[1]))


def _runs(summed: Sequence[_Summed]) -> list[list[_Summed]]:
    """Put together what runs into one another: boxes that touch, and between them a valley that is not empty."""
    runs: list[list[_Summed]] = []
    for one in summed:
        if runs and _run_into(runs[-1][-1], one):
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _run_into(upper: _Summed, lower: _Summed) -> bool:
    if upper.span.bottom != lower.span.top:
        return False
    valley = float(np.mean([*upper.rows[-_VALLEY_ROWS:], *lower.rows[:_VALLEY_ROWS]]))
    return valley > _EMPTY_VALLEY * min(float(upper.rows.max()), float(lower.rows.max()))


def _given_out(run: Sequence[_Summed], rules: BandRules) -> list[Band]:
    """Return a run's bands; where they overlap, each with its share of what all of them hold, or cut at the valley."""
    if len(run) == 1:
        return [run[0].band]
    shares = None
    if rules.overlap == "fit" and len(run) <= _MOST_SHARING:
        top = run[0].span.top
        net = np.concatenate([one.rows for one in run])
        shares = share_out(net, [one.span.row - top for one in run], [one.span.fwhm for one in run])
    if shares is None:
        return [replace(one.band, flags=(*one.band.flags, CUT)) for one in run]
    total = math.fsum(one.band.volume for one in run)
    spread = math.hypot(*(one.band.noise or 0.0 for one in run))
    return [
        replace(
            one.band,
            volume=total * float(share),
            noise=math.hypot(spread * float(share), one.noise * float(error)),
            flags=(*one.band.flags, SHARED),
        )
        for one, share, error in zip(run, shares.shares, shares.errors, strict=True)
    ]


def _baseline_flags(group: Group) -> Iterator[str]:
    if group.has_strip_above != group.has_strip_below:
        yield f"baseline from {'above' if group.has_strip_above else 'below'} only"
    elif not group.has_strip_above:
        yield "no room for a baseline above or below"


def _edge_flags(
    sheet: Sheet, net: NDArray[np.float64], line: Baseline, box: tuple[int, int, int, int]
) -> Iterator[str]:
    """Say where a tenth of a band's height stands, out of the noise, at an edge of the image."""
    rows, columns = sheet.blot.pixels.shape
    left, right, top, bottom = box
    along, across = net.mean(axis=1), net.mean(axis=0)
    ends = [(left == 0, across, 0), (right == columns, across, -1), (top == 0, along, 0), (bottom == rows, along, -1)]
    for at_edge, profile, end in ends:
        noise = line.sd * math.sqrt(profile.size / net.size)
        if at_edge and profile[end] > max(sheet.rules.min_snr * noise, _EDGE * float(profile.max())):
            yield "cut by the image's edge"
            return


def columns_of(lane: Lane, span: Span, columns: int) -> tuple[int, int]:
    """Return the half-open columns of a band's box."""
    if span.columns is not None:
        return span.columns
    centre = float(lane_x(lane, np.array([span.row]))[0])
    left = max(0, round(centre - lane.width_px / 2 + 0.5))
    right = min(columns, round(centre + lane.width_px / 2 + 0.5))
    return min(left, columns - 1), max(right, min(left, columns - 1) + 1)


def _is_saturated(sheet: Sheet, part: NDArray[np.float64]) -> bool:
    """Whether the top of a box is a plateau: the image's own, or a wide one at a level of its own.

    Where the image as a whole has no such level, a few alike pixels at a top are chance (images that were resampled
    have many): then a twentieth of the band's upper half must lie on it.
    """
    clip = plateau(part)
    if clip is not None and part.max() > part.min():
        upper = np.count_nonzero(part > (float(part.max()) + float(np.median(part))) / 2)
        if clip[1] >= _OWN_SHARE * upper:
            return True
    if sheet.clip is None:
        return False
    labels, count = ndimage.label(part >= sheet.clip, structure=np.ones((3, 3)))
    return count > 0 and int(np.bincount(labels.ravel())[1:].max()) >= _SAME_LEVEL_PX


def clip_level(blot: Blot) -> float | None:
    """Return the clipping level on the scale of the pixels, of which as many reach it as the image says."""
    if blot.saturation_level is None:
        return None
    return float(np.partition(blot.pixels.ravel(), -blot.saturated_px)[-blot.saturated_px])
