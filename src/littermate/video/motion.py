"""Motion: the changed area of the animal over its area, per fixed time step, in one pass over a recording.

For each step of `step_s` seconds (whatever the frame rate; see `sampling`) two contrast pictures are compared (see
`silhouette`: 0 water, 1 animal), in five moves:

1. *Rigid drift*: the later picture is shifted and turned back onto the earlier one by least squares over the animal,
   by no more than a floating animal could have drifted. What a rigid body's passive movement explains is no activity.
2. *Change*: a pixel has changed where the contrast differs by more than `change_level` and more than `noise_sd` times
   the water's variation at that place from one step to the next, so that ripples and the restless waterline stay below.
   Pictures of small or noisy animals are softened; there 0.85 of `change_level` is asked for.
3. *Of the animal*: only pixels of the animal's silhouette before or after count. Mirror images are fainter than the
   animal, and ripples beside it are not it.
4. *Noise floor*: the part of the water around the animal that changed in the same step is what the water does by
   itself; that part of the animal's surroundings is taken off.
5. The rest, divided by the animal's area, is the activity.

A step is valid where both pictures can be trusted and show the animal. No animal in the recording: nothing is valid.

Beside the activity, each step says how *upright* the animal is: the vertical over the vertical plus horizontal standard
deviation of the silhouette's pixels, the mean of the step's two pictures (`Motion.upright`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.errors import UsageError
from littermate.model.motion import Motion
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.video.frames import Frame
from littermate.video.sampling import Box, Grid, SampledVideo, sample_video, shrunk
from littermate.video.silhouette import LightMeter, Scenery, SilhouetteRules, body_mask, find_scenery, hull, step_noise

__all__ = ["MotionRules", "read_motion", "read_motions"]

_SCENERY_FRAMES = 48
_LEAST_PICTURES = 3
_SEARCH_LENGTHS = 0.75
_WATER_LENGTHS = 0.5
_BODY_MARGIN_PX = 2
_HALVED_LENGTH_PX = 18.0
_FITS = 3
_FITTED_PX = 0.05
_RIDGE = 1e-3
_KERNEL = np.ones((3, 3), np.uint8)

_PIXEL_VARIANCE = 1 / 12
# A move of half a pixel leaves 0.5 of the contrast in a plain picture and, by the kernel's middle 0.522, 0.26 in a
# softened one: this part of the level lets it count in both.
_SOFT_EDGE = 0.85

Floats = NDArray[np.float32]
Mask = NDArray[np.uint8]
Picture = NDArray[np.uint8]
Look = Callable[[Picture], Picture]


COMPUTATION = 2
"""Raised, and so every rule's hash changed, whenever the same recording gives another activity under the same rules."""


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
        The same as a multiple of the water's variation from step to step at that place.
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
    noise_sd: float = 3.0
    drift_lengths_per_s: float = 0.5
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
            f"activity: changed area of the animal / its area over a step of {self.step_s:g} s, by timestamps"
            f" (computation {COMPUTATION})",
            f"changed: contrast differs by more than {self.change_level:g} of the animal's, and more than "
            f"{self.noise_sd:g} SD of the water at that place"
            f" ({_SOFT_EDGE:g} of that contrast where the picture is softened)",
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
    arena_px: Box | None = None,
    t0_s: float = 0.0,
    duration_s: float | None = None,
    rules: MotionRules = MotionRules(),
    on_frame: Callable[[Frame], None] | None = None,
) -> tuple[Motion, Recording]:
    """Measure the motion of the animal in a recording, from t0 on: `read_motions` for one arena.

    Parameters
    ----------
    path, t0_s, duration_s, rules, on_frame
        As in `read_motions`.
    arena_px
        Where the animal can be, ``(x, y, width, height)``; `None` for anywhere in the picture.

    Returns
    -------
    Motion
        One sample a step on the trial clock.
    Recording
        What was found in the file.

    Raises
    ------
    VideoError, UsageError
        As `read_motions`.
    """
    motions, recording = read_motions(
        path, [arena_px], t0_s=t0_s, duration_s=duration_s, rules=rules, on_frame=on_frame
    )
    return motions[0], recording


def read_motions(
    path: str | Path,
    arenas_px: Sequence[Box | None],
    *,
    t0_s: float = 0.0,
    duration_s: float | None = None,
    rules: MotionRules = MotionRules(),
    on_frame: Callable[[Frame], None] | None = None,
) -> tuple[tuple[Motion, ...], Recording]:
    """Measure the motion of the animals in several arenas of one recording, decoding it once.

    Each arena is measured as if it were alone.

    Parameters
    ----------
    path
        The recording.
    arenas_px
        Where each animal can be, ``(x, y, width, height)`` in px; `None` for anywhere in the picture.
    t0_s
        Start of the trial clock in the recording, seconds.
    duration_s
        Length of the trial, or `None` for up to the recording's end. A trial that the recording cuts short gives
        fewer samples. Frames outside the trial are not decoded.
    rules
        How it is measured.
    on_frame
        Called with every decoded frame of the trial.

    Returns
    -------
    tuple of Motion
        One an arena, with one sample a step on the trial clock.
    Recording
        What was found in the file.

    Raises
    ------
    VideoError
        If the file is no recording, or breaks off.
    UsageError
        If t0 or an arena lies outside the recording.
    """
    if not (t0_s >= 0 and (duration_s is None or duration_s >= rules.step_s)):
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
    )
    videos, recording = sample_video(path, grid, arenas_px, on_frame=on_frame)
    with ExitStack() as opened:
        for video in videos:
            opened.enter_context(video)
        return tuple(_measure(video, recording, t0_s, rules) for video in videos), recording


def _measure(sampled: SampledVideo, recording: Recording, t0_s: float, rules: MotionRules) -> Motion:
    count = max(0, len(sampled) - 1)
    found = _find_animal(sampled, rules)
    if found is None:
        activity, upright, area_px = np.zeros(count), np.full(count, np.nan), None
    else:
        activity, upright = _Comparison(found, rules).run(sampled)
        upright[~_outside_gaps(recording, t0_s, count, rules.step_s)] = np.nan
        small = found.scenery
        area_px = small.area_px * (sampled.scale * sampled.size[1] / small.background.shape[1]) ** 2
    valid = np.isfinite(upright)
    return Motion(
        t_s=np.arange(count, dtype=np.float64) * rules.step_s,
        step_s=rules.step_s,
        activity=activity,
        valid=valid,
        animal_found=bool(np.any(valid)),
        animal_area_px=area_px,
        upright=upright,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Animal:
    """What is needed to see the animal, how pictures are to be looked at for it, and the water's noise in a step."""

    scenery: Scenery
    look: Look
    noise: Floats


def _find_animal(sampled: SampledVideo, rules: MotionRules) -> _Animal | None:
    """Find the animal on halved pictures; on smoother ones where these are noisy, on whole ones if it is small."""
    ks = _spread(np.flatnonzero(sampled.usable))
    if len(ks) < _LEAST_PICTURES:
        return None
    pictures = [sampled.picture(k) for k in ks]
    halved = _looked_at(sampled, pictures, ks, _halved, rules)
    if halved is None or halved.scenery.area_px < _HALVED_LENGTH_PX**2:
        return _looked_at(sampled, pictures, ks, _softened, rules)
    if rules.noise_sd * float(np.median(halved.noise)) <= rules.change_level:
        return halved
    return _looked_at(sampled, pictures, ks, _halved_and_softened, rules) or halved


def _spread(usable: NDArray[np.intp]) -> list[int]:
    """Return some tens of numbers out of the given ones, evenly spread."""
    chosen = np.unique(np.linspace(0, max(0, len(usable) - 1), _SCENERY_FRAMES).round().astype(int))
    return usable[chosen].tolist() if len(usable) else []


def _looked_at(
    sampled: SampledVideo, pictures: Sequence[Picture], ks: Sequence[int], look: Look, rules: MotionRules
) -> _Animal | None:
    seen = [look(picture) for picture in pictures]
    scenery = find_scenery(seen, rules.silhouette())
    if scenery is None:
        return None
    followed = [k + 1 < len(sampled) and sampled.usable[k + 1] for k in ks]
    pairs = [(now, look(sampled.picture(k + 1))) for k, now, good in zip(ks, seen, followed, strict=True) if good]
    noise = step_noise(pairs, scenery, rules.body_level) if len(pairs) >= _LEAST_PICTURES else scenery.noise
    return _Animal(scenery=scenery, look=look, noise=noise)


def _halved(picture: Picture) -> Picture:
    """Shrink the picture to its half, which takes the edge off the sensor's noise."""
    height, width = picture.shape
    return shrunk(picture, 2, (height // 2, width // 2)) if min(height, width) > 1 else picture


def _halved_and_softened(picture: Picture) -> Picture:
    return _softened(_halved(picture))


def _softened(picture: Picture) -> Picture:
    """Take the edge off the sensor's noise."""
    return np.asarray(cv2.GaussianBlur(picture, (3, 3), 0.8), dtype=np.uint8)


def _outside_gaps(recording: Recording, t0_s: float, count: int, step_s: float) -> NDArray[np.bool_]:
    starts = t0_s + np.arange(count) * step_s
    clear = np.ones(count, dtype=bool)
    for gap_start, gap_stop in recording.gaps:
        clear &= (starts >= gap_stop - 1e-9) | (starts + step_s <= gap_start + 1e-9)
    return clear


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seen:
    """The animal in one picture: its silhouette, as large as its box, with area, middle and uprightness.

    `contrast` is the contrast picture of `part` of the picture; `shift` the change of light of the whole picture.
    """

    picture: Picture
    shift: float
    part: Box
    contrast: Floats
    mask: Mask
    box: Box
    area: float
    middle: tuple[float, float]
    upright: float


class _Comparison:
    """Compares each picture with the next, in a part of the picture around the animal."""

    def __init__(self, animal: _Animal, rules: MotionRules) -> None:
        self._scenery, self._look, self._rules = animal.scenery, animal.look, rules
        scenery = animal.scenery
        self._light = LightMeter(scenery.background)
        self._length = float(np.sqrt(scenery.area_px))
        least = rules.change_level * (1.0 if animal.look is _halved else _SOFT_EDGE)
        self._level = np.maximum(rules.noise_sd * animal.noise, np.float32(least))
        self._gain = np.float32(scenery.sign / scenery.contrast)
        self._max_shift = rules.drift_lengths_per_s * rules.step_s * self._length
        self._max_turn = math.radians(rules.turn_deg_per_s * rules.step_s)

    def run(self, sampled: SampledVideo) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return activity and uprightness of each step; uprightness is NaN where the step is not valid."""
        count = max(0, len(sampled) - 1)
        activity, upright = np.zeros(count), np.full(count, np.nan)
        before: _Seen | None = None
        for k, usable in enumerate(sampled.usable):
            now = self._see(self._look(sampled.picture(k)), before) if usable else None
            if before is not None and now is not None:
                activity[k - 1] = self._activity(before, now)
                upright[k - 1] = 0.5 * (before.upright + now.upright)
            before = now
        return activity, upright

    def _see(self, picture: Picture, before: _Seen | None) -> _Seen | None:
        """Find the animal near where it was, or else anywhere."""
        shift = self._light.shift(picture)
        if before is not None:
            part = self._around(before.box, _SEARCH_LENGTHS)
            seen = self._seen_in(picture, shift, part, _placed(before.mask, before.box, part))
            if seen is not None and not self._cut(seen):
                return seen
        height, width = picture.shape
        return self._seen_in(picture, shift, (0, 0, width, height), None)

    def _seen_in(self, picture: Picture, shift: float, part: Box, near: Mask | None) -> _Seen | None:
        contrast = self._contrast(picture, shift, part)
        found = body_mask(contrast, self._rules.body_level, near)
        if found is None:
            return None
        mask, (x, y, width, height) = found
        box = (x + part[0], y + part[1], width, height)
        moments = cv2.moments(mask, True)
        area, usual = moments["m00"], self._scenery.area_px
        if not usual / self._rules.area_range <= area <= usual * self._rules.area_range:
            return None
        return _Seen(
            picture=picture,
            shift=shift,
            part=part,
            contrast=contrast,
            mask=mask,
            box=box,
            area=area,
            middle=(box[0] + moments["m10"] / area, box[1] + moments["m01"] / area),
            upright=_upright(moments),
        )

    def _contrast(self, picture: Picture, shift: float, part: Box) -> Floats:
        """Return the contrast picture of a part: 0 water, about 1 animal."""
        here = _slices(part)
        contrast = cv2.subtract(self._scenery.background[here], picture[here], dtype=cv2.CV_32F)
        contrast -= np.float32(shift)
        contrast *= self._gain
        return np.asarray(contrast, dtype=np.float32)

    def _contrast_in(self, seen: _Seen, part: Box) -> Floats:
        """Return the contrast of another part of the picture, from the one at hand where it covers that part."""
        x, y = part[0] - seen.part[0], part[1] - seen.part[1]
        if x >= 0 and y >= 0 and x + part[2] <= seen.part[2] and y + part[3] <= seen.part[3]:
            return seen.contrast[y : y + part[3], x : x + part[2]]
        return self._contrast(seen.picture, seen.shift, part)

    def _cut(self, seen: _Seen) -> bool:
        """Tell whether an edge of the part, other than the picture's own, cuts the silhouette."""
        (left, top, wide, high), (x, y, width, height) = seen.part, seen.box
        sides = (x == left > 0) or (x + width == left + wide < self._level.shape[1])
        return sides or (y == top > 0) or (y + height == top + high < self._level.shape[0])

    def _around(self, box: Box, lengths: float) -> Box:
        """Return the box with a margin in body lengths, kept inside the picture."""
        return _grown(box, max(4, round(lengths * self._length)), self._level.shape)

    def _activity(self, before: _Seen, now: _Seen) -> float:
        """Return the changed area of the animal over its area, for one step."""
        both = hull([before.box, now.box])
        part, body = self._around(both, _WATER_LENGTHS), _grown(both, _BODY_MARGIN_PX, self._level.shape)
        place = _Place.of(body, part, before.middle, now.middle)
        earlier, later = self._contrast_in(before, part), self._contrast_in(now, part)
        first, second = _placed(before.mask, before.box, body), _placed(now.mask, now.box, body)
        region, level = cv2.dilate(first | second, _KERNEL), self._level[_slices(part)]
        inside, outside = _changed_by_itself(earlier, later, level, region, place.inner)
        if inside == 0:
            return 0.0
        rest, move = self._drift(earlier[place.inner], later, region, place)
        union = first | _moved(second, _rigid(move, place.middle, (0, 0)), second.shape, cv2.INTER_NEAREST)
        changed = cv2.countNonZero((np.abs(rest) > level[place.inner]).view(np.uint8) & union)
        area = max(0.5 * (before.area + now.area), 0.5 * self._scenery.area_px)
        return max(0.0, changed - outside * cv2.countNonZero(union)) / area

    def _drift(self, earlier: Floats, later: Floats, region: Mask, place: _Place) -> tuple[Floats, _Move]:
        """Carry the animal from `later` back to `earlier` by a rigid movement within the limits.

        Return what then differs, (later, moved back) - earlier, and the movement.
        Gauss-Newton on the grey values (Lucas & Kanade 1981; the inverse-compositional form of Baker & Matthews 2004).
        """
        slopes = _slopes(earlier, region, place.middle, self._length)
        solve = _inverse([[float(np.vdot(a, b)) for b in slopes] for a in slopes])
        move = _Move(0.0, 0.0, 0.0)
        for _ in range(_FITS):
            rest = _rest(earlier, later, move, place)
            slips = [float(np.vdot(slope, rest)) for slope in slopes]
            x, y, turn = (row[0] * slips[0] + row[1] * slips[1] + row[2] * slips[2] for row in solve)
            better = self._limited(move.x - x, move.y - y, move.turn - turn / self._length)
            step = abs(better.x - move.x), abs(better.y - move.y), self._length * abs(better.turn - move.turn)
            if max(step) < _FITTED_PX:
                return rest, move
            move = better
        return _rest(earlier, later, move, place), move

    def _limited(self, x: float, y: float, turn: float) -> _Move:
        """Return a movement kept within what passive drift can do."""
        shrink = min(1.0, self._max_shift / max(math.hypot(x, y), 1e-9))
        return _Move(x * shrink, y * shrink, min(max(turn, -self._max_turn), self._max_turn))


class _Move(NamedTuple):
    """A rigid movement: a shift in px and a turn in radians."""

    x: float
    y: float
    turn: float


class _Place(NamedTuple):
    """Where the body's part lies in the part with water: as slices and by its corner; and what it turns about.

    `middle` is in the body's part, half-way between the middles of the two silhouettes.
    """

    inner: tuple[slice, slice]
    corner: tuple[int, int]
    middle: tuple[float, float]

    @classmethod
    def of(cls, body: Box, part: Box, before: tuple[float, float], now: tuple[float, float]) -> Self:
        """Return the place from boxes and middles in the picture."""
        x, y = body[0] - part[0], body[1] - part[1]
        middle = 0.5 * (before[0] + now[0]) - body[0], 0.5 * (before[1] + now[1]) - body[1]
        return cls((slice(y, y + body[3]), slice(x, x + body[2])), (x, y), middle)


def _upright(moments: Mapping[str, float]) -> float:
    """Return how upright a silhouette stands: see `Motion.upright`."""
    wide, high = (math.sqrt(moments[name] / moments["m00"] + _PIXEL_VARIANCE) for name in ("mu20", "mu02"))
    return high / (high + wide)


def _slices(box: Box) -> tuple[slice, slice]:
    return slice(box[1], box[1] + box[3]), slice(box[0], box[0] + box[2])


def _grown(box: Box, margin: int, shape: tuple[int, ...]) -> Box:
    """Return the box with a margin, kept inside a picture of this shape."""
    x0, y0 = max(0, box[0] - margin), max(0, box[1] - margin)
    x1, y1 = min(shape[1], box[0] + box[2] + margin), min(shape[0], box[1] + box[3] + margin)
    return x0, y0, x1 - x0, y1 - y0


def _placed(mask: Mask, box: Box, part: Box) -> Mask:
    """Return the part of the picture with a silhouette, as large as its box inside that part, put where it is."""
    placed = np.zeros((part[3], part[2]), np.uint8)
    x, y = box[0] - part[0], box[1] - part[1]
    placed[y : y + box[3], x : x + box[2]] = mask
    return placed


def _slopes(earlier: Floats, region: Mask, middle: tuple[float, float], length: float) -> tuple[Floats, ...]:
    """Return how the picture changes with a shift along x, along y, and with a turn (times `length`) about `middle`."""
    along_x, along_y = (cv2.Sobel(earlier, cv2.CV_32F, dx, 1 - dx, scale=0.125) * region for dx in (1, 0))
    x = (np.arange(earlier.shape[1], dtype=np.float32) - np.float32(middle[0])) / np.float32(length)
    y = (np.arange(earlier.shape[0], dtype=np.float32) - np.float32(middle[1])) / np.float32(length)
    return along_x, along_y, x[None, :] * along_y - y[:, None] * along_x


def _inverse(m: list[list[float]]) -> tuple[tuple[float, float, float], ...]:
    """Return the inverse of a symmetric 3 x 3 matrix with a little added to its diagonal (by its adjugate)."""
    a, b, c = m[0][0] + _RIDGE, m[1][1] + _RIDGE, m[2][2] + _RIDGE
    d, e, f = m[0][1], m[0][2], m[1][2]
    p, q, r = b * c - f * f, e * f - d * c, d * f - e * b
    s = 1.0 / (a * p + d * q + e * r)
    u, v, w = a * c - e * e, d * e - a * f, a * b - d * d
    return (p * s, q * s, r * s), (q * s, u * s, v * s), (r * s, v * s, w * s)


def _changed_by_itself(
    earlier: Floats, later: Floats, level: Floats, region: Mask, inner: tuple[slice, slice]
) -> tuple[int, float]:
    """Return how many pixels changed in the animal's `region` (which lies at `inner`), and which part of the rest."""
    changed = (cv2.absdiff(earlier, later) > level).view(np.uint8)
    free = changed.size - cv2.countNonZero(region)
    inside = cv2.countNonZero(changed[inner] & region)
    return inside, (cv2.countNonZero(changed) - inside) / free if free else 0.0


def _rest(earlier: Floats, later: Floats, move: _Move, place: _Place) -> Floats:
    rest = _moved(later, _rigid(move, place.middle, place.corner), earlier.shape)
    rest -= earlier
    return rest


def _rigid(move: _Move, middle: tuple[float, float], corner: tuple[int, int]) -> NDArray[np.float64]:
    """Return the matrix of a shift and a turn about `middle`, from a part to the picture it was cut from."""
    cosine, sine = math.cos(move.turn), math.sin(move.turn)
    u, v = middle
    x = u - cosine * u + sine * v + move.x + corner[0]
    y = v - sine * u - cosine * v + move.y + corner[1]
    return np.array(((cosine, -sine, x), (sine, cosine, y)))


def _moved(
    picture: NDArray[Any], back: NDArray[np.float64], shape: tuple[int, ...], how: int = cv2.INTER_LINEAR
) -> NDArray[Any]:
    """Return the (height, width) picture whose pixel p is the given one's pixel ``back(p)``."""
    flags = how | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(picture, back, (shape[1], shape[0]), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved)
