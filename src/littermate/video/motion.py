"""Motion: the changed area of the animal over its area, per fixed time step, in one pass over a recording.

For each step of `step_s` seconds (whatever the frame rate; see `sampling`) two contrast pictures are compared (see
`silhouette`: 0 water, 1 animal), in five moves:

1. *Rigid drift*: the later picture is shifted and turned back onto the earlier one by least squares over the animal,
   by no more than a floating animal could have drifted. What a rigid body's passive movement explains is no activity.
2. *Change*: a pixel has changed where the contrast differs by more than `change_level` and more than `noise_sd` times
   the water's variation at that place, so that ripples and the restless waterline stay below.
3. *Of the animal*: only pixels of the animal's silhouette before or after count. Mirror images are fainter than the
   animal, and ripples beside it are not it.
4. *Noise floor*: the part of the water around the animal that changed in the same step is what the water does by
   itself; that part of the animal's surroundings is taken off.
5. The rest, divided by the animal's area, is the activity.

A step is valid where both pictures can be trusted and show the animal. No animal in the recording: nothing is valid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.errors import UsageError
from littermate.model.motion import Motion
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.video.sampling import Grid, SampledVideo, sample_video
from littermate.video.silhouette import Scenery, SilhouetteRules, body_mask, find_scenery

__all__ = ["MotionRules", "read_motion"]

_SCENERY_FRAMES = 48
_FITS = 3
_FITTED_PX = 0.05
_KERNEL = np.ones((3, 3), np.uint8)

Floats = NDArray[np.float32]
Mask = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionRules:
    """How motion is measured.

    Parameters
    ----------
    step_s
        The time step, seconds. Short against a swimming stroke (mice paddle at 4 to 8 a second), so that a step never
        spans a whole one.
    long_side_px
        The picture is shrunk by a whole factor until its longer side is at most this.
    max_interval_s
        Frames further apart than this leave a gap: missing time.
    body_level, min_contrast, min_contrast_sd, min_area, max_area, min_edge, max_halo, min_found
        When something counts as the animal: see `SilhouetteRules`.
    change_level
        Change of contrast from which a pixel has changed, as a part of the animal's contrast.
    noise_sd
        The same as a multiple of the water's variation at that place.
    drift_lengths_per_s
        Fastest drift that is taken for passive, in body lengths (root of the silhouette's area) a second.
    turn_deg_per_s
        Fastest turn that is taken for passive.
    area_range
        A silhouette smaller or larger than its median by more than this factor is not the animal (a hand, a dive):
        missing time.
    """

    step_s: float = 0.1
    long_side_px: int = 320
    max_interval_s: float = 0.25
    body_level: float = 0.45
    min_contrast: float = 20.0
    min_contrast_sd: float = 5.0
    min_area: float = 0.002
    max_area: float = 0.4
    min_edge: float = 0.6
    max_halo: float = 0.5
    min_found: float = 0.5
    change_level: float = 0.3
    noise_sd: float = 4.0
    drift_lengths_per_s: float = 1.0
    turn_deg_per_s: float = 30.0
    area_range: float = 3.5

    def __post_init__(self) -> None:
        if not (0.02 <= self.step_s <= 2 and self.long_side_px >= 32 and self.max_interval_s > 0):
            raise UsageError(
                expected="a step of 0.02 to 2 s, a picture of 32 px or more and an interval above 0 s",
                found=f"{self.step_s} s, {self.long_side_px} px, {self.max_interval_s} s",
                do="correct the motion rules",
            )

    def words(self) -> tuple[str, ...]:
        """Return the rules in words, with their numbers."""
        return (
            f"activity: changed area of the animal / its area over a step of {self.step_s:g} s, by timestamps",
            f"changed: contrast differs by more than {self.change_level:g} of the animal's, and more than "
            f"{self.noise_sd:g} SD of the water at that place",
            f"rigid drift up to {self.drift_lengths_per_s:g} body lengths/s and {self.turn_deg_per_s:g} degrees/s is "
            "removed; the part of the surrounding water that changed is taken off",
            f"missing: frames corrupt or more than {self.max_interval_s:g} s apart, no silhouette, or one "
            f"{self.area_range:g} times smaller or larger than usual",
            f"animal: a compact, sharply outlined silhouette of {100 * self.min_area:g} to "
            f"{100 * self.max_area:g} % of the picture, "
            f"contrast of at least {self.min_contrast:g} grey levels and {self.min_contrast_sd:g} SD of the water, in "
            f"at least {100 * self.min_found:g} % of sampled frames",
        )

    def rule_set(self) -> RuleSet:
        """Return the rules as a rule set with its hash.

        Examples
        --------
        >>> MotionRules().rule_set().hash == MotionRules(step_s=0.2).rule_set().hash
        False
        """
        return RuleSet.of("motion", self, self.words())

    def silhouette(self) -> SilhouetteRules:
        """Return the part of the rules that says when something counts as the animal."""
        return SilhouetteRules(
            body_level=self.body_level,
            min_contrast=self.min_contrast,
            min_contrast_sd=self.min_contrast_sd,
            min_area=self.min_area,
            max_area=self.max_area,
            min_edge=self.min_edge,
            max_halo=self.max_halo,
            min_found=self.min_found,
        )


def read_motion(
    path: str | Path,
    *,
    arena_px: tuple[int, int, int, int] | None = None,
    t0_s: float = 0.0,
    duration_s: float | None = None,
    rules: MotionRules = MotionRules(),
    on_time: Callable[[float], None] | None = None,
) -> tuple[Motion, Recording]:
    """Measure the motion of the animal in a recording, from t0 on.

    Parameters
    ----------
    path
        The recording.
    arena_px
        Where the animal can be, ``(x, y, width, height)``; `None` for anywhere in the picture.
    t0_s
        Start of the trial clock in the recording, seconds.
    duration_s
        Length of the trial, or `None` for up to the recording's end. A trial that the recording cuts short gives
        fewer samples.
    rules
        How it is measured.
    on_time
        Called about once a second of recording with the time reached.

    Returns
    -------
    Motion
        One sample a step on the trial clock.
    Recording
        What was found in the file.

    Raises
    ------
    VideoError
        If the file is no recording, or breaks off.
    UsageError
        If t0 or the arena lies outside the recording.
    """
    if t0_s < 0 or (duration_s is not None and duration_s < rules.step_s):
        raise UsageError(
            expected=f"t0 at 0 s or later and a trial of {rules.step_s:g} s or longer",
            found=f"t0 {t0_s:g} s, duration {duration_s}",
            do="correct them",
            where=str(path),
        )
    grid = Grid(
        step_s=rules.step_s,
        t0_s=t0_s,
        duration_s=duration_s,
        long_side_px=rules.long_side_px,
        max_interval_s=rules.max_interval_s,
        arena_px=arena_px,
    )
    sampled, recording = sample_video(path, grid, on_time=on_time)
    with sampled:
        return _measure(sampled, recording, t0_s, rules), recording


def _measure(sampled: SampledVideo, recording: Recording, t0_s: float, rules: MotionRules) -> Motion:
    count = max(0, len(sampled) - 1)
    scenery = _scenery(sampled, rules)
    if scenery is None:
        activity, valid = np.zeros(count), np.zeros(count, dtype=bool)
    else:
        activity, valid = _Comparison(scenery, rules).run(sampled)
        valid &= _outside_gaps(recording, t0_s, count, rules.step_s)
    return Motion(
        t_s=np.arange(count, dtype=np.float64) * rules.step_s,
        step_s=rules.step_s,
        activity=activity,
        valid=valid,
        animal_found=bool(np.any(valid)),
        animal_area_px=scenery.area_px * sampled.scale**2 if scenery is not None else None,
    )


def _scenery(sampled: SampledVideo, rules: MotionRules) -> Scenery | None:
    usable = np.flatnonzero(sampled.usable)
    if len(usable) < 3:
        return None
    chosen = usable[np.unique(np.linspace(0, len(usable) - 1, _SCENERY_FRAMES).round().astype(int))]
    return find_scenery([sampled.picture(int(k)) for k in chosen], rules.silhouette())


def _outside_gaps(recording: Recording, t0_s: float, count: int, step_s: float) -> NDArray[np.bool_]:
    starts = t0_s + np.arange(count) * step_s
    clear = np.ones(count, dtype=bool)
    for gap_start, gap_stop in recording.gaps:
        clear &= (starts >= gap_stop - 1e-9) | (starts + step_s <= gap_start + 1e-9)
    return clear


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seen:
    """The animal in one picture: contrast, silhouette, its box and its area."""

    contrast: Floats
    mask: Mask
    box: tuple[int, int, int, int]
    area: float


class _Comparison:
    """Compares each picture with the next."""

    def __init__(self, scenery: Scenery, rules: MotionRules) -> None:
        self._scenery, self._rules = scenery, rules
        self._length = float(np.sqrt(scenery.area_px))
        self._level = np.maximum(rules.noise_sd * scenery.noise, np.float32(rules.change_level))
        self._max_shift = rules.drift_lengths_per_s * rules.step_s * self._length
        self._max_turn = float(np.deg2rad(rules.turn_deg_per_s * rules.step_s))

    def run(self, sampled: SampledVideo) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return activity and validity of each step."""
        count = max(0, len(sampled) - 1)
        activity, valid = np.zeros(count), np.zeros(count, dtype=bool)
        before: _Seen | None = None
        for k, usable in enumerate(sampled.usable):
            now = self._see(sampled.picture(k), before) if usable else None
            if before is not None and now is not None:
                activity[k - 1], valid[k - 1] = self._activity(before, now), True
            before = now
        return activity, valid

    def _see(self, picture: NDArray[np.uint8], before: _Seen | None) -> _Seen | None:
        """Find the animal near where it was, or else anywhere."""
        contrast = self._scenery.contrast_picture(picture)
        seen = None
        if before is not None:
            margin = round(self._length)
            x, y, width, height = before.box
            rows = slice(max(0, y - margin), y + height + margin)
            columns = slice(max(0, x - margin), x + width + margin)
            seen = self._seen_in(contrast, rows, columns, before.mask[rows, columns])
        return seen or self._seen_in(contrast, slice(0, None), slice(0, None), None)

    def _seen_in(self, contrast: Floats, rows: slice, columns: slice, near: Mask | None) -> _Seen | None:
        found = body_mask(contrast[rows, columns], self._rules.body_level, near)
        if found is None:
            return None
        part, box = found
        area, usual = float(cv2.countNonZero(part)), self._scenery.area_px
        if not usual / self._rules.area_range <= area <= usual * self._rules.area_range:
            return None
        mask = np.zeros(contrast.shape, np.uint8)
        mask[rows, columns] = part
        x, y, width, height = box.tolist()
        return _Seen(contrast=contrast, mask=mask, box=(x + columns.start, y + rows.start, width, height), area=area)

    def _activity(self, before: _Seen, now: _Seen) -> float:
        """Return the changed area of the animal over its area, for one step."""
        rows, columns = self._around(before, now)
        earlier, later = before.contrast[rows, columns], now.contrast[rows, columns]
        first, second = before.mask[rows, columns], now.mask[rows, columns]
        level = self._level[rows, columns]
        region = cv2.dilate(first | second, _KERNEL)
        back = self._drift(earlier, later, region)
        moved_back = _moved(later, back)
        union = first | _moved(second.astype(np.float32), back).round().astype(np.uint8)
        changed = _changed(earlier, moved_back, level) & (union > 0)
        area = max(0.5 * (before.area + now.area), 0.5 * self._scenery.area_px)
        floor = self._water_part(earlier, later, level, region) * float(cv2.countNonZero(union))
        return max(0.0, float(np.count_nonzero(changed)) - floor) / area

    def _around(self, before: _Seen, now: _Seen) -> tuple[slice, slice]:
        """Return rows and columns of a box around both silhouettes with half a body length of water."""
        margin = max(4, round(0.5 * self._length))
        height, width = before.mask.shape
        x0, y0 = (min(before.box[i], now.box[i]) - margin for i in (0, 1))
        x1, y1 = (max(before.box[i] + before.box[i + 2], now.box[i] + now.box[i + 2]) + margin for i in (0, 1))
        return slice(max(0, y0), min(height, y1)), slice(max(0, x0), min(width, x1))

    def _drift(self, earlier: Floats, later: Floats, region: Mask) -> Floats:
        """Return the (2, 3) rigid movement that carries the animal from `earlier` to `later`, within the limits.

        Gauss-Newton on the grey values (Lucas & Kanade 1981; the inverse-compositional form of Baker & Matthews 2004).
        """
        y, x = (axis.astype(np.float32) for axis in np.nonzero(region))
        middle = np.array([x.mean(), y.mean()])
        gradient_x, gradient_y = (cv2.Sobel(earlier, cv2.CV_32F, dx, 1 - dx, scale=0.125)[region > 0] for dx in (1, 0))
        lever = (x - middle[0]) * gradient_y - (y - middle[1]) * gradient_x
        slopes = np.stack([gradient_x, gradient_y, lever / self._length])
        curvature = slopes @ slopes.T + 1e-3 * np.eye(3)
        move = np.zeros(3)
        for _ in range(_FITS):
            rest = _moved(later, _rigid(move, middle, self._length))[region > 0] - earlier[region > 0]
            change = np.linalg.solve(curvature, slopes @ rest)
            move = self._limited(move - change)
            if float(np.abs(change).max()) < _FITTED_PX:
                break
        return _rigid(move, middle, self._length)

    def _limited(self, move: NDArray[np.float64]) -> NDArray[np.float64]:
        """Keep a movement (x, y, turn x length) within what passive drift can do."""
        shift = float(np.hypot(move[0], move[1]))
        limited = move.copy()
        if shift > self._max_shift:
            limited[:2] *= self._max_shift / shift
        limit = self._max_turn * self._length
        limited[2] = np.clip(move[2], -limit, limit)
        return limited

    def _water_part(self, earlier: Floats, later: Floats, level: Floats, region: Mask) -> float:
        """Return which part of the water around the animal changed by itself."""
        water = region == 0
        free = int(np.count_nonzero(water))
        return float(np.count_nonzero(_changed(earlier, later, level) & water)) / free if free else 0.0


def _changed(earlier: Floats, later: Floats, level: Floats) -> NDArray[np.bool_]:
    return np.asarray(cv2.absdiff(earlier, later) > level)


def _rigid(move: NDArray[np.float64], middle: NDArray[np.float64], length: float) -> Floats:
    """Return the matrix of a shift and a turn about `middle`; the turn is given times `length`."""
    angle = move[2] / length
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.column_stack([turn, middle - turn @ middle + move[:2]]).astype(np.float32)


def _moved(picture: Floats, back: Floats) -> Floats:
    """Return the picture whose pixel p is the given one's pixel ``back(p)``."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (picture.shape[1], picture.shape[0])
    return np.asarray(cv2.warpAffine(picture, back, size, flags=flags, borderMode=cv2.BORDER_REPLICATE))
