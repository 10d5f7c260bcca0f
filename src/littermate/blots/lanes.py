"""Lanes: where they run.

A lane is a maximum of what is seen across the blot. The wide background is taken off first (a white top-hat: whatever
a box of a fifth of the width by an eighth of the height fits into), rows that cross many bands get three times the
weight of others, then the picture is summed along the lean at which the lanes stand out best, on a compressed scale so
that a faint lane counts like a strong one. Bands that touch are parted at the dips. Where what is seen so is neither as
many as are wanted nor evenly spaced, and a row of bands is clear, lanes are counted along that row instead
(`littermate.blots.band_rows`): it smiles, and stands beside other membranes and their edges. Else, if their number is
given, they are placed by dynamic programming: as clear and as even as possible. At last each lane is bent along the
centres of its own bands.

Lanes are counted from 1, from left to right. x and rows are in px of the image, pixel centres at whole numbers.
"""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft, ndimage

from littermate.blots.band_rows import RowChain, best_chain
from littermate.blots.chains import Spacing, worthiest_chain
from littermate.blots.peaks import find_peaks
from littermate.blots.rules import LaneRules
from littermate.errors import ImageError, UsageError
from littermate.model.blot import Blot, Lane

__all__ = ["find_lanes", "lane_x", "shifted", "spacing_error"]

_SMOOTH_PX = 1.2
_KNEE = 0.1
_TILT_STEP_DEG = 0.5
_TILT_GAIN = 1.1
_TOP_ROWS = 0.06
_PATH_ROWS = 9
_FULL_WIDTHS = 2.6
_GAP_OFF = 0.3
_FEWEST_PX = 6.0
_RIPPLE = 0.03
_BORDER_REACH = 0.25
_OFF_STEP = 0.2
_STRAY = 0.35
_CROSSED = 0.3
_HOLD = 0.02
_SURE = 0.25
_FEWEST_IN_ROW = 5
_UNEVEN = 0.2
_CLEAR_WORTH = 0.08


def find_lanes(blot: Blot, *, n: int | None = None, rules: LaneRules | None = None) -> tuple[Lane, ...]:
    """Find the lanes of a blot.

    Parameters
    ----------
    blot
        The image, high = signal.
    n
        How many lanes there are; `None`: as many as are seen, with the empty places between them.
    rules
        What counts as a lane.

    Returns
    -------
    tuple of Lane
        From left to right, without bands. With `n` given, exactly `n`.

    Raises
    ------
    ImageError
        If no lane can be seen.
    UsageError
        If `n` is less than 1, or more than fit into the image at 6 px each.
    """
    rules = rules or LaneRules()
    most = int(blot.pixels.shape[1] // _FEWEST_PX)
    if n is not None and not 1 <= n <= most:
        raise UsageError(
            expected=f"1 to {most} lanes in an image {blot.pixels.shape[1]} px wide", found=f"{n}", do="count them"
        )
    raised = _stand_out(blot.pixels)
    shear = _best_shear(raised, rules)
    profile = _profile(raised, shear)
    seen = _seen_lanes(profile, rules)
    if n is None and not seen.size:
        raise ImageError(
            expected="lanes",
            found="nothing that stands out of the background",
            do="check the exposure, or give the number of lanes",
            where=blot.path,
        )
    chain = None if _fits(seen, n) else best_chain(blot.pixels, n=n, evenness=rules.evenness)
    if chain is not None and _is_clear(chain):
        centres = _at_middle_row(chain, shear, blot.pixels.shape[0])
        centres = centres if n else _without_gaps(centres)
        width = _band_width(chain.signal, chain.columns.astype(np.float64))
    else:
        centres = _without_gaps(seen) if n is None else _place(profile, n, seen, rules)
        width = _band_width(profile, centres)
    return _bend(_lanes(centres, width, shear, blot.pixels.shape), raised, shear)


def _is_clear(chain: RowChain) -> bool:
    return chain.columns.size >= _FEWEST_IN_ROW and chain.worth >= _CLEAR_WORTH * chain.columns.size


def _fits(seen: NDArray[np.float64], n: int | None) -> bool:
    """Say whether what is seen in the whole picture is as many as are wanted or, if that is not said, evenly spaced."""
    if n is not None:
        return n in (seen.size, _without_gaps(seen).size)
    filled = _without_gaps(seen)
    return filled.size >= _FEWEST_IN_ROW and spacing_error(filled) < _UNEVEN


def _at_middle_row(chain: RowChain, shear: float, rows: int) -> NDArray[np.float64]:
    """Return where the lanes of a row of bands cross the image's middle row."""
    middles = [_middle(chain.signal, int(column), chain.pitch) for column in chain.columns]
    return np.sort(np.array(middles) - shear * (chain.rows - (rows - 1) / 2))


def spacing_error(centres: ArrayLike) -> float:
    """Return by how much of the usual spacing the oddest one differs from it; 0 with fewer than three lanes.

    Where it is large, a lane may be missing, or two may be taken for one.

    Examples
    --------
    >>> spacing_error([10, 20, 30, 45])
    0.5
    """
    steps = np.diff(np.asarray(centres, np.float64))
    return float(np.abs(steps / np.median(steps) - 1).max()) if steps.size > 1 else 0.0


def lane_x(lane: Lane, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return x of the lane's centre at some rows.

    Examples
    --------
    >>> lane = Lane(index=1, centre_px=15.0, width_px=8.0, path_px=((0.0, 10.0), (100.0, 20.0)))
    >>> lane_x(lane, np.array([50.0]))
    array([15.])
    """
    at, x = zip(*lane.path_px, strict=True)
    return np.asarray(np.interp(rows, at, x), np.float64)


def shifted(lane: Lane, by: float, width: float) -> Lane:
    """Return a lane moved sideways as it leans, and as wide as is said.

    Examples
    --------
    >>> lane = Lane(index=1, centre_px=15.0, width_px=8.0, path_px=((0.0, 10.0), (100.0, 20.0)))
    >>> shifted(lane, 2.0, 9.0).path_px
    ((0.0, 12.0), (100.0, 22.0))
    """
    path = tuple((row, x + by) for row, x in lane.path_px)
    return replace(lane, centre_px=lane.centre_px + by, width_px=width, path_px=path)


def _stand_out(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what stands out of the wide background, on a compressed scale: linear up to the noise."""
    calm = cv2.medianBlur(pixels.astype(np.float32), 3)
    calm = ndimage.gaussian_filter(calm, _SMOOTH_PX, mode="nearest")
    rows, columns = calm.shape
    box = np.ones((max(5, rows // 8), max(5, columns // 5)), np.uint8)
    opened = cv2.morphologyEx(calm, cv2.MORPH_OPEN, box, borderType=cv2.BORDER_REPLICATE)
    hat = (calm - opened).astype(np.float64)
    hat -= np.median(hat)
    noise = float(np.median(np.abs(hat))) * 1.4826 or float(hat.max()) / 100 or 1.0
    knee = max(3 * noise, _KNEE * float(np.quantile(hat.max(axis=0), 0.9)))
    raised: NDArray[np.float64] = np.arcsinh(hat / knee).clip(0)
    return raised * _row_weights(raised)[:, None]


def _row_weights(raised: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much each row says of lanes: rows that cross many bands all, others a third."""
    crossed = raised.mean(axis=1)
    near = max(3, raised.shape[0] // 20)
    crossed = ndimage.uniform_filter1d(ndimage.maximum_filter1d(crossed, near), near, mode="nearest")
    crossed -= np.quantile(crossed, 0.1)
    share = crossed / max(float(crossed.max()), 1e-12)
    return np.asarray(_STRAY + (1 - _STRAY) * (share / _CROSSED).clip(0, 1), np.float64)


def _profile(raised: NDArray[np.float64], shear: float) -> NDArray[np.float64]:
    """Return the clearest rows' mean for each lane position, along lines that lean by `shear` px a row."""
    leant = _straightened(raised, shear)
    rows = max(3, round(_TOP_ROWS * leant.shape[0]))
    return np.asarray(np.partition(leant, -rows, axis=0)[-rows:].mean(axis=0), np.float64)


def _straightened(raised: NDArray[np.float64], shear: float) -> NDArray[np.float64]:
    if shear == 0:
        return raised
    rows, columns = raised.shape
    matrix = np.array([[1, shear, -shear * (rows - 1) / 2], [0, 1, 0]], np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(raised, matrix, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE))


def _best_shear(raised: NDArray[np.float64], rules: LaneRules) -> float:
    """Return the lean, in px to the right a row down, at which the sum along lanes varies most."""
    step = 2 if max(raised.shape) > 800 else 1
    small = raised[::step, ::step]
    angles = np.arange(-rules.max_tilt_deg, rules.max_tilt_deg + 0.01, _TILT_STEP_DEG)
    shears = np.tan(np.radians(angles))
    clear = np.array([np.var(_straightened(small, float(shear)).mean(axis=0)) for shear in shears])
    upright = float(clear[np.argmin(np.abs(shears))])
    best = int(np.argmax(clear))
    return float(shears[best]) if clear[best] > _TILT_GAIN * upright else 0.0


def _seen_lanes(profile: NDArray[np.float64], rules: LaneRules) -> NDArray[np.float64]:
    """Return the centres of the lanes that can be seen in a profile."""
    pitch = _pitch(profile)
    smooth = ndimage.gaussian_filter1d(profile, max(1.0, 0.04 * pitch), mode="nearest")
    floor = float(np.quantile(smooth, 0.1))
    usual = float(np.quantile(smooth, 0.9)) - floor
    edged = np.concatenate([[smooth.min()], smooth, [smooth.min()]])
    peaks = find_peaks(
        edged,
        height=floor + rules.min_contrast * usual,
        prominence=max(_RIPPLE * usual, _noise_of(profile)),
        distance=max(1.0, 0.55 * pitch),
        reach=max(1, round(1.5 * pitch)),
    )
    seen = np.array([_middle(smooth, int(peak), pitch) for peak in peaks - 1])
    seen = _parted(smooth, seen, pitch, floor + 0.5 * usual)
    return _without_strays(smooth, seen, pitch, floor + 0.5 * usual)


def _parted(profile: NDArray[np.float64], seen: NDArray[np.float64], pitch: float, half: float) -> NDArray[np.float64]:
    """Part what is several lanes wide without a gap, bands that touch, at the lowest places near even borders."""
    marks = np.diff(np.concatenate([[0], (profile > half).astype(np.int8), [0]]))
    for start, stop in zip(np.flatnonzero(marks == 1).tolist(), np.flatnonzero(marks == -1).tolist(), strict=True):
        count = round((stop - start) / pitch)
        inside = (seen >= start) & (seen < stop)
        if count < 2 or (inside.sum() == count and np.ptp(np.diff(seen[inside])) < 0.5 * pitch):
            continue
        borders = _borders(profile, start, stop, count)
        seen = np.sort(np.concatenate([seen[~inside], (borders[1:] + borders[:-1]) / 2]))
    return seen


def _borders(profile: NDArray[np.float64], start: int, stop: int, count: int) -> NDArray[np.float64]:
    """Return the borders of `count` lanes from `start` to `stop`: even, but drawn to the lowest place near each."""
    even = np.linspace(start, stop, count + 1)
    reach = max(1, round(_BORDER_REACH * (stop - start) / count))
    inner = [
        at - reach + int(np.argmin(profile[at - reach : at + reach + 1])) for at in np.rint(even[1:-1]).astype(int)
    ]
    return np.array([start, *inner, stop], np.float64)


def _without_strays(
    profile: NDArray[np.float64], seen: NDArray[np.float64], pitch: float, half: float
) -> NDArray[np.float64]:
    """Leave out what is faint at either end of the row and stands elsewhere than the next lane would."""
    while seen.size > 3:
        ends = [
            number
            for number, step in ((0, seen[1] - seen[0]), (seen.size - 1, seen[-1] - seen[-2]))
            if profile[round(seen[number])] < half and abs(step / pitch - 1) > _OFF_STEP
        ]
        if not ends:
            break
        seen = np.delete(seen, ends)
    return seen


def _noise_of(profile: NDArray[np.float64]) -> float:
    return 3 * 1.4826 * float(np.median(np.abs(np.diff(profile))))


def _pitch(profile: NDArray[np.float64]) -> float:
    """Return the lane spacing: the shortest lag at which the lanes' flanks are nearly as alike as at the best lag.

    Flanks, limited in height, weigh a faint lane like a strong one, and a narrow gap like a wide one.
    """
    height = profile - np.quantile(profile, 0.1)
    flanks = ndimage.gaussian_filter1d(profile, _SMOOTH_PX, order=1, mode="nearest")
    flanks = flanks * (height / max(float(np.quantile(height, 0.9)), 1e-12)).clip(0, 1)
    flanks = np.tanh(flanks / max(0.5 * float(np.quantile(np.abs(flanks), 0.9)), 1e-12))
    alike = _alike(flanks)
    alike = alike / (flanks.size - np.arange(flanks.size)).clip(flanks.size // 4)
    alike = ndimage.gaussian_filter1d(alike, 2.0, mode="nearest")
    peaks = find_peaks(alike[: max(3, flanks.size * 2 // 3)], height=0.1 * max(float(alike[0]), 1e-12))
    peaks = peaks[peaks >= _FEWEST_PX]
    if not peaks.size:
        return max(_FEWEST_PX, _bump_width(profile) * 1.3)
    return float(peaks[alike[peaks] >= 0.5 * alike[peaks].max()][0])


def _alike(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of products of values and those at each lag, from a lag of 0 on."""
    size = fft.next_fast_len(2 * values.size - 1, True)
    both = fft.irfft(fft.rfft(values, size) * fft.rfft(values[::-1], size), size)
    return np.asarray(both[values.size - 1 : 2 * values.size - 1], np.float64)


def _bump_width(profile: NDArray[np.float64]) -> float:
    """Return the full width at half maximum of the greatest bump."""
    top = int(np.argmax(profile))
    half = (float(profile[top]) + float(np.median(profile))) / 2
    left, right = _half_points(profile, top, half)
    return right - left


def _half_points(profile: NDArray[np.float64], top: int, half: float) -> tuple[float, float]:
    """Return where a profile falls through `half` on either side of `top`, between pixels."""
    if profile[top] <= half:
        return float(top), float(top)
    left, right = top, top
    while left > 0 and profile[left - 1] > half:
        left -= 1
    while right < profile.size - 1 and profile[right + 1] > half:
        right += 1
    start, stop = float(left), float(right)
    if left > 0:
        start -= (profile[left] - half) / (profile[left] - profile[left - 1])
    if right < profile.size - 1:
        stop += (profile[right] - half) / (profile[right] - profile[right + 1])
    return start, stop


def _middle(profile: NDArray[np.float64], peak: int, pitch: float) -> float:
    """Return the middle between the two half-height points of a lane: steadier than its highest pixel."""
    reach = max(2, round(0.7 * pitch))
    start, stop = max(0, peak - reach), min(profile.size, peak + reach + 1)
    floor = max(profile[start : peak + 1].min(), profile[peak:stop].min())
    left, right = _half_points(profile, peak, (float(profile[peak]) + float(floor)) / 2)
    if right - left > 1.4 * pitch:
        return float(peak)
    return (left + right) / 2


def _without_gaps(centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add the empty lanes inside the row: where the distance is close to a whole number of spacings."""
    if centres.size < 4:
        return centres
    gaps = np.diff(centres)
    spacing = float(np.median(gaps))
    filled = [float(centres[0])]
    for start, gap in zip(centres[:-1].tolist(), gaps.tolist(), strict=True):
        places = round(gap / spacing)
        even = places > 1 and abs(gap / spacing - places) < _GAP_OFF
        places = places if even else 1
        filled.extend(start + gap * (k + 1) / places for k in range(places))
    return np.array(filled)


def _place(profile: NDArray[np.float64], n: int, seen: NDArray[np.float64], rules: LaneRules) -> NDArray[np.float64]:
    """Place exactly `n` lanes: those seen where the number fits, else the clearest and most even choice."""
    filled = _without_gaps(seen)
    for centres in (filled, seen):
        if centres.size == n:
            return centres
    if n == 1:
        clear = ndimage.gaussian_filter1d(profile, max(1.0, 0.3 * _bump_width(profile)), mode="nearest")
        return np.array([_middle(clear, int(np.argmax(clear)), _bump_width(profile) * 1.3)])
    widest = profile.size / n
    guesses = np.unique(np.concatenate([np.linspace(0.5, 1.0, 12) * widest, [min(_pitch(profile), widest)]]))
    usual = _usual_height(profile, seen)
    placed = [_even_choice(profile / usual, n, float(pitch), rules) for pitch in guesses]
    return max(placed, key=lambda one: one[0])[1]


def _usual_height(profile: NDArray[np.float64], seen: NDArray[np.float64]) -> float:
    """Return how high a usual lane stands over the lowest parts of the profile."""
    top = profile[np.rint(seen).astype(int).clip(0, profile.size - 1)] if seen.size else profile
    height = float(np.quantile(top, 0.75)) - float(np.quantile(profile, 0.1))
    return height if height > 0 else 1.0


def _even_choice(
    profile: NDArray[np.float64], n: int, pitch: float, rules: LaneRules
) -> tuple[float, NDArray[np.float64]]:
    """Choose `n` centres that follow one another at about `pitch`; return their worth and the centres."""
    spacing = Spacing.about(pitch, least=3, shares=(0.65, 1.35), price=rules.evenness)
    worth, centres = worthiest_chain(_clearness(profile, pitch), spacing, length=n)
    return worth, np.array(centres, np.float64)


def _clearness(profile: NDArray[np.float64], pitch: float) -> NDArray[np.float64]:
    """Return how much the profile within a lane's core exceeds that at its borders; 1 is a usual lane."""
    core, border = max(1, round(0.5 * pitch) | 1), max(1, round(0.5 * pitch))
    inner = ndimage.uniform_filter1d(profile, core, mode="nearest")
    sides = (ndimage.shift(profile, border, order=0, mode="nearest") + np.roll(profile, -border)) / 2
    clear = inner - ndimage.uniform_filter1d(sides, 3, mode="nearest")
    half = round(0.3 * pitch)
    limited = clear.clip(-1, 1)
    limited[:half], limited[limited.size - half :] = -np.inf, -np.inf
    return np.asarray(limited, np.float64)


def _band_width(profile: NDArray[np.float64], centres: NDArray[np.float64]) -> float:
    """Return the usual full width at half maximum of the lanes in the profile."""
    pitch = float(np.median(np.diff(centres))) if centres.size > 1 else _bump_width(profile) * 1.3
    widths = []
    for centre in centres:
        start, stop = max(0, round(centre - pitch / 2)), min(profile.size, round(centre + pitch / 2) + 1)
        part = profile[start:stop]
        if part.size > 2:
            left, right = _half_points(part, int(np.argmax(part)), (float(part.max()) + float(part.min())) / 2)
            widths.append(right - left + 1)
    return float(np.median(widths)) if widths else pitch


def _lanes(centres: NDArray[np.float64], width: float, shear: float, shape: tuple[int, ...]) -> tuple[Lane, ...]:
    """Return straight lanes; each is as wide as its bands need and as its neighbours leave room for."""
    rows = np.linspace(0, shape[0] - 1, _PATH_ROWS)
    edges = np.concatenate([[-0.5], (centres[1:] + centres[:-1]) / 2, [shape[1] - 0.5]])
    rooms = np.minimum(centres - edges[:-1], edges[1:] - centres)
    lanes = []
    for number, (centre, room) in enumerate(zip(centres.tolist(), rooms.tolist(), strict=True)):
        xs = centre + shear * (rows - (shape[0] - 1) / 2)
        lanes.append(
            Lane(
                index=number + 1,
                centre_px=centre,
                width_px=max(3.0, min(_FULL_WIDTHS * width, 2 * room)),
                path_px=tuple(zip(rows.tolist(), xs.tolist(), strict=True)),
            )
        )
    return tuple(lanes)


def _bend(lanes: tuple[Lane, ...], raised: NDArray[np.float64], shear: float) -> tuple[Lane, ...]:
    """Lay each lane along the centres of what stands out in it: a weighted line, held to the common lean."""
    leant = _straightened(raised, shear)
    cores = [_core(lane, leant) for lane in lanes]
    usual = float(np.median([core.sum(axis=1).max() for _, core in cores]))
    return tuple(_bent(lane, start, core, usual) for lane, (start, core) in zip(lanes, cores, strict=True))


def _core(lane: Lane, leant: NDArray[np.float64]) -> tuple[int, NDArray[np.float64]]:
    """Return a lane's first column, and its columns without what is common to each row."""
    half = lane.width_px / 2
    start, stop = math.ceil(max(0, lane.centre_px - half)), math.floor(min(leant.shape[1] - 1, lane.centre_px + half))
    part = leant[:, start : stop + 1]
    return start, part - part.min(axis=1, keepdims=True)


def _bent(lane: Lane, start: int, core: NDArray[np.float64], usual: float) -> Lane:
    mass = core.sum(axis=1)
    strong = mass > 0.4 * mass.max()
    if not strong.any() or mass.max() <= 0:
        return lane
    off = (core @ np.arange(start, start + core.shape[1]))[strong] / mass[strong] - lane.centre_px
    rows = (np.flatnonzero(strong) - (core.shape[0] - 1) / 2) / core.shape[0]
    hold = _HOLD * max(1.0, usual / float(mass.max())) ** 2
    slope, level = _held_line(rows, off, mass[strong], hold)
    level *= min(1.0, float(mass.max()) / (_SURE * usual)) if usual > 0 else 0.0
    limit = lane.width_px / 4
    slope, level = float(np.clip(slope, -2 * limit, 2 * limit)), float(np.clip(level, -limit, limit))
    at = np.array([row for row, _ in lane.path_px])
    added = level + slope * (at - (core.shape[0] - 1) / 2) / core.shape[0]
    xs = np.array([x for _, x in lane.path_px]) + added
    return replace(lane, centre_px=lane.centre_px + level, path_px=tuple(zip(at.tolist(), xs.tolist(), strict=True)))


def _held_line(
    at: NDArray[np.float64], off: NDArray[np.float64], weight: NDArray[np.float64], hold: float
) -> tuple[float, float]:
    """Return slope and level of a weighted line; the less spread along the lane, the nearer the slope to 0."""
    weight = weight / weight.sum()
    middle, mean = float(weight @ at), float(weight @ off)
    spread = float(weight @ (at - middle) ** 2)
    slope = float(weight @ ((at - middle) * (off - mean))) / (spread + hold)
    return slope, mean - slope * middle
