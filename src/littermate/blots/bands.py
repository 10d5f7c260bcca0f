"""Bands: where they are on each lane, and their volumes.

A band is looked for on its lane's profile: for each row the median across the middle of the lane, so that a speck of
dust is no band. What is summed are the image's own pixels in an upright box of whole pixels around the band's place
on its lane, above a local baseline (`littermate.blots.volumes`); bands that would overlap are parted at the valley.

`measure_bands` takes the bands as they come. `measure_row` follows one row of bands through all lanes, smile and all,
and gives one band for each lane, however faint: what an image of one target needs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from littermate.blots.lanes import find_lanes, lane_x
from littermate.blots.peaks import find_peaks
from littermate.blots.rules import BandRules, BlotRules
from littermate.blots.volumes import Sheet, Span, group_of, groups, measure_group, measure_span, sheet_of
from littermate.errors import ImageError, UsageError
from littermate.model.blot import Blot, Lane

__all__ = [
    "BlotResult",
    "Profile",
    "RowOfBands",
    "find_row",
    "find_spans",
    "measure_bands",
    "measure_row",
    "other_bands",
    "profile_of",
    "quantify_image",
    "span_around",
    "span_in",
    "top_of",
]

_SMOOTH_PX = 1.5
_MIN_WIDTH_PX = 3.0
_STEP_ROWS = 12
_STEP_PRICE = 0.02
_TRUSTED = 0.15


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlotResult:
    """A blot and its lanes with their bands."""

    blot: Blot
    lanes: tuple[Lane, ...]
    rules: BlotRules


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Profile:
    """A lane's profile by rows, what it has above its slow course, and the noise of it."""

    level: NDArray[np.float64]
    raised: NDArray[np.float64]
    noise: float


def quantify_image(blot: Blot, *, n_lanes: int | None = None, rules: BlotRules | None = None) -> BlotResult:
    """Find the lanes of a blot and measure all their bands.

    Raises
    ------
    ImageError
        If no lane can be seen.
    UsageError
        If `n_lanes` does not fit into the image.
    """
    rules = rules or BlotRules()
    lanes = find_lanes(blot, n=n_lanes, rules=rules.lanes)
    return BlotResult(blot=blot, lanes=measure_bands(blot, lanes, rules=rules.bands), rules=rules)


def measure_bands(blot: Blot, lanes: Sequence[Lane], *, rules: BandRules | None = None) -> tuple[Lane, ...]:
    """Measure every band that stands out of its lane.

    Parameters
    ----------
    blot
        The image, high = signal.
    lanes
        As `find_lanes` gives them.
    rules
        What counts as a band, and how it is summed.

    Returns
    -------
    tuple of Lane
        The same lanes with bands, from top to bottom.
    """
    rules = rules or BandRules()
    sheet = sheet_of(blot, lanes, rules)
    profiles = [profile_of(blot.pixels, lane, rules) for lane in lanes]
    least = _least_height(profiles, rules)
    found = [_find_peaks(profile, max(least, rules.min_snr * profile.noise)) for profile in profiles]
    found = _without_wide(profiles, found, rules)
    return tuple(
        _with_bands(sheet, lane, _spans(profile, peaks, rules))
        for lane, profile, peaks in zip(lanes, profiles, found, strict=True)
    )


def _least_height(profiles: Sequence[Profile], rules: BandRules) -> float:
    return rules.min_relative * max((float(one.raised.max()) for one in profiles), default=0.0)


def find_spans(blot: Blot, lane: Lane, rules: BandRules, *, beside: Sequence[Lane] = ()) -> list[Span]:
    """Find the bands that stand out of one lane, held against the strongest band on it and the lanes beside it."""
    profile, *others = (profile_of(blot.pixels, one, rules) for one in (lane, *beside))
    least = max(_least_height([profile, *others], rules), rules.min_snr * profile.noise)
    return _spans(profile, _find_peaks(profile, least), rules)


def measure_row(
    blot: Blot, lanes: Sequence[Lane], *, rules: BandRules | None = None, row_px: float | None = None
) -> tuple[Lane, ...]:
    """Measure one band in every lane, on the row of bands that runs through all of them.

    The row is the smooth course from lane to lane along which most stands out. A lane whose own band is too faint to be
    placed gets the place its neighbours say, and the volume there, which may be negative. All boxes are equally high.

    Parameters
    ----------
    blot, lanes, rules
        As for `measure_bands`.
    row_px
        Keep to rows near this one, where there are several; `None`: the clearest.

    Returns
    -------
    tuple of Lane
        The same lanes with exactly one band each.

    Raises
    ------
    ImageError
        If no row of bands stands out in any lane.
    UsageError
        If there is no lane, or `row_px` lies outside the image.
    """
    rules = rules or BandRules()
    return find_row(blot, lanes, rules=rules, row_px=row_px).measured(blot, rules)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowOfBands:
    """One row of bands through some lanes: each lane, its profile, and the box of its band on its way to be summed.

    `flags` is what must be known about all of its bands.
    """

    lanes: tuple[Lane, ...]
    profiles: tuple[Profile, ...]
    spans: tuple[Span, ...]
    flags: tuple[str, ...] = ()

    @property
    def fwhm(self) -> float:
        """The bands' common full width at half maximum, in rows."""
        return self.spans[0].fwhm

    def measured(self, blot: Blot, rules: BandRules) -> tuple[Lane, ...]:
        """Return the lanes with their bands."""
        rows, sheet = blot.pixels.shape[0], sheet_of(blot, self.lanes, rules)
        bands = [
            measure_span(sheet, lane, group_of(span, other_bands(profile, span, rules), rows, rules), span)
            for lane, profile, span in zip(self.lanes, self.profiles, self.spans, strict=True)
        ]
        return tuple(
            replace(lane, bands=(replace(band, flags=(*self.flags, *band.flags)),))
            for lane, band in zip(self.lanes, bands, strict=True)
        )


def find_row(blot: Blot, lanes: Sequence[Lane], *, rules: BandRules, row_px: float | None = None) -> RowOfBands:
    """Find the row of bands that `measure_row` measures; parameters and errors are those."""
    rows = blot.pixels.shape[0]
    if not lanes or (row_px is not None and not 0 <= row_px < rows):
        raise UsageError(
            expected=f"one lane or more, and a row from 0 to {rows - 1}",
            found=f"{len(lanes)} lanes, row {row_px}",
            do="find the lanes first, or choose a row in the image",
        )
    profiles = tuple(profile_of(blot.pixels, lane, rules) for lane in lanes)
    course, fwhm = _course(profiles, row_px, blot.path, rules)
    spans = tuple(span_around(row, fwhm, rows, rules) for row in course.tolist())
    return RowOfBands(lanes=tuple(lanes), profiles=profiles, spans=spans)


def _with_bands(sheet: Sheet, lane: Lane, spans: Sequence[Span]) -> Lane:
    shared = groups(sorted(spans, key=lambda span: span.row), sheet.blot.pixels.shape[0], sheet.rules)
    return replace(lane, bands=tuple(band for group in shared for band in measure_group(sheet, lane, group)))


def profile_of(pixels: NDArray[np.float64], lane: Lane, rules: BandRules) -> Profile:
    """Return a lane's profile: for each row the median across the middle of the lane."""
    rows = np.arange(pixels.shape[0], dtype=np.float64)
    half = max(1, round(rules.core * lane.width_px / 2))
    across = lane_x(lane, rows)[:, None] + np.arange(-half, half + 1)[None, :]
    at = np.broadcast_to(rows[:, None], across.shape)
    core = ndimage.map_coordinates(pixels, [at, across], order=1, mode="nearest")
    level = np.median(core, axis=1)
    smooth = ndimage.gaussian_filter1d(level, _SMOOTH_PX, mode="nearest")
    raised = smooth - _slow_course(smooth)
    noise = 1.4826 * float(np.median(np.abs(np.diff(level)))) / math.sqrt(2)
    return Profile(level=level, raised=raised, noise=noise)


def _slow_course(level: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the course under the bands: the lane's usual slope, and on it an opening a third of the lane long."""
    size = max(9, level.size // 3 | 1)
    apart = size // 4
    slope = float(np.median(level[apart:] - level[:-apart])) / apart
    line = slope * np.arange(level.size)
    calm = ndimage.gaussian_filter1d(level - line, 3.0, mode="nearest")
    low = ndimage.grey_opening(calm, size=size, mode="nearest")
    return np.asarray(line + ndimage.uniform_filter1d(low, max(3, size // 4), mode="nearest"), np.float64)


def _find_peaks(profile: Profile, least: float) -> NDArray[np.int64]:
    edged = np.concatenate([[profile.raised.min()], profile.raised, [profile.raised.min()]])
    return find_peaks(edged, prominence=max(least, 1e-12), width=_MIN_WIDTH_PX) - 1


def _without_wide(
    profiles: Sequence[Profile], found: Sequence[NDArray[np.int64]], rules: BandRules
) -> list[NDArray[np.int64]]:
    """Leave out what is much wider along its lane than the usual band: stains, and the membrane itself."""
    widths = [np.array([_fwhm(one.raised, peak) for peak in peaks]) for one, peaks in zip(profiles, found, strict=True)]
    every = np.concatenate(widths) if widths else np.array([])
    if not every.size:
        return list(found)
    heights = np.concatenate([one.raised[peaks] for one, peaks in zip(profiles, found, strict=True)])
    most = rules.widest * _weighted_median(every, np.sqrt(heights.clip(1e-12)))
    return [peaks[width <= most] for peaks, width in zip(found, widths, strict=True)]


def _weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    order = np.argsort(values)
    passed = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(passed, 0.5 * passed[-1])])


def _spans(profile: Profile, peaks: NDArray[np.int64], rules: BandRules) -> list[Span]:
    """Return the boxes' rows of a lane's peaks, parted at the valleys where they would overlap."""
    spans = []
    for peak in peaks.tolist():
        spans.append(span_around(top_of(profile.raised, peak), _fwhm(profile.raised, peak), profile.raised.size, rules))
    for number in range(len(spans) - 1):
        upper, lower = spans[number], spans[number + 1]
        if upper.bottom > lower.top:
            first, last = int(peaks[number]), int(peaks[number + 1])
            valley = first + int(np.argmin(profile.raised[first : last + 1]))
            spans[number], spans[number + 1] = replace(upper, bottom=valley), replace(lower, top=valley)
    return spans


def span_around(row: float, fwhm: float, rows: int, rules: BandRules) -> Span:
    """Return the rows of the box of a band of this width on this row, within an image of `rows` rows."""
    reach = rules.reach * fwhm
    top, bottom = max(0, math.floor(row - reach)), min(rows, math.ceil(row + reach) + 1)
    return Span(row=row, top=top, bottom=bottom, fwhm=fwhm)


def span_in(box_px: tuple[int, int, int, int], raised: NDArray[np.float64], fwhm: float) -> Span:
    """Return a person's box as a span; its row is that of the highest point of the lane's profile within."""
    left, top, width, height = box_px
    peak = top + int(np.argmax(raised[top : top + height]))
    row = top_of(raised, peak) if top < peak < top + height - 1 else float(peak)
    return Span(row=row, top=top, bottom=top + height, fwhm=fwhm, columns=(left, left + width))


def top_of(level: NDArray[np.float64], peak: int) -> float:
    """Return the peak's place between rows, by the parabola through three points."""
    if not 0 < peak < level.size - 1:
        return float(peak)
    left, top, right = (float(level[peak + k]) for k in (-1, 0, 1))
    curve = left - 2 * top + right
    return peak + (0.5 * (left - right) / curve if curve < 0 else 0.0)


def _fwhm(level: NDArray[np.float64], peak: int) -> float:
    """Return a peak's full width at half its height, from the nearer side where it runs into its neighbour."""
    half = float(level[peak]) / 2
    sides, reached = [], []
    for step in (-1, 1):
        at = peak
        while 0 < at + step < level.size - 1 and level[at + step] > half and level[at + step] <= level[at] + 1e-9:
            at += step
        beyond = float(level[min(max(at + step, 0), level.size - 1)])
        here = float(level[at])
        part = (here - half) / (here - beyond) if here > half > beyond else math.inf
        sides.append(abs(at - peak) + part)
        reached.append(abs(at - peak))
    nearer = min(sides)
    if math.isinf(nearer):
        return max(_MIN_WIDTH_PX, float(sum(reached)))
    return max(_MIN_WIDTH_PX, sum(side if math.isfinite(side) else nearer for side in sides))


def _course(
    profiles: Sequence[Profile], row_px: float | None, where: str, rules: BandRules
) -> tuple[NDArray[np.float64], float]:
    """Return the row of the band in each lane, and the bands' common full width at half maximum."""
    raised = np.stack([profile.raised for profile in profiles])
    noise = float(np.median([profile.noise for profile in profiles])) or 1e-12
    knee = max(3 * noise, _TRUSTED * float(raised.max()))
    worth = np.arcsinh(raised / knee)
    if row_px is not None:
        away = np.abs(np.arange(raised.shape[1]) - row_px) / raised.shape[1]
        worth = worth - 20 * away.clip(0.05) + 1
    course = _smoothest(worth)
    tops = raised[np.arange(len(profiles)), course]
    if tops.max() < rules.min_snr * noise:
        raise ImageError(
            expected="a row of bands",
            found="nothing that stands out of the lanes' noise",
            do="check the exposure and the lanes",
            where=where,
        )
    clear = tops >= max(rules.min_snr * noise, _TRUSTED * float(np.quantile(tops, 0.75)))
    places = np.array([_nearest_top(line, int(row)) for line, row in zip(raised, course, strict=True)])
    fwhm = _common_fwhm(raised, places, clear)
    return _smooth_course(places, clear, fwhm), fwhm


def _smoothest(worth: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return for each lane the row on the course of greatest worth, where each px from lane to lane has its price."""
    rows = worth.shape[1]
    moves = np.arange(-_STEP_ROWS, _STEP_ROWS + 1)
    price = _STEP_PRICE * np.abs(moves)
    before = np.arange(rows)[:, None] + moves[None, :]
    inside = (before >= 0) & (before < rows)
    total, came_from = worth[0], []
    for line in worth[1:]:
        options = np.where(inside, total[before.clip(0, rows - 1)] - price, -np.inf)
        chosen = options.argmax(axis=1)
        came_from.append(before[np.arange(rows), chosen])
        total = line + options[np.arange(rows), chosen]
    row = int(np.argmax(total))
    course = [row]
    for chosen in reversed(came_from):
        row = int(chosen[row])
        course.append(row)
    return np.array(course[::-1], np.int64)


def _nearest_top(level: NDArray[np.float64], row: int, reach: int = 4) -> float:
    """Return the place of the top near a row, between rows."""
    start = max(0, row - reach)
    return top_of(level, start + int(np.argmax(level[start : row + reach + 1])))


def _common_fwhm(raised: NDArray[np.float64], places: NDArray[np.float64], clear: NDArray[np.bool_]) -> float:
    """Return the median full width at half maximum of the clear bands, by height."""
    lanes = np.flatnonzero(clear)
    widths = np.array([_fwhm(raised[lane], round(places[lane])) for lane in lanes.tolist()])
    heights = np.array([raised[lane, round(places[lane])] for lane in lanes.tolist()])
    return _weighted_median(widths, np.sqrt(heights.clip(1e-12)))


def _smooth_course(places: NDArray[np.float64], clear: NDArray[np.bool_], fwhm: float) -> NDArray[np.float64]:
    """Keep the clear lanes' own places, unless far off the others' course; take the rest from that course."""
    lanes = np.arange(places.size, dtype=np.float64)
    known = lanes[clear]
    order = min(2, known.size - 1)
    fit = np.polynomial.Polynomial.fit(known, places[clear], order) if order else None
    smooth = np.full(places.size, float(places[clear][0])) if fit is None else fit(lanes)
    inner = np.interp(lanes, known, places[clear])
    between = (lanes >= known[0]) & (lanes <= known[-1])
    guess = np.where(between, inner, smooth)
    near = np.abs(places - smooth) < 2 * fwhm
    return np.asarray(np.where(clear & near, places, guess), np.float64)


def other_bands(profile: Profile, span: Span, rules: BandRules) -> list[Span]:
    """Return the other bands of a lane, which must be kept out of the baseline.

    A peak near the band's own is part of it, but not where a person has left it out of the box.
    """
    peaks = _find_peaks(profile, max(rules.min_snr * profile.noise, rules.min_relative * float(profile.raised.max())))
    own = np.abs(peaks - span.row) <= max(1.2 * span.fwhm, _MIN_WIDTH_PX)
    if span.columns is not None:
        own &= (span.top <= peaks) & (peaks < span.bottom)
    return [
        replace(one, top=max(one.top, span.bottom) if one.row > span.row else one.top)
        if one.row > span.row
        else replace(one, bottom=min(one.bottom, span.top))
        for one in _spans(profile, peaks[~own], rules)
        if not span.top <= one.row < span.bottom
    ]
