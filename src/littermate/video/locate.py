"""Locate: the animal in a recording of an open field, frame by frame.

The animal is what departs from the background (`background`) to its side, dark or bright, by more than half of its own
contrast: half way between floor and coat is where its outline is; shadows and reflections are weaker. A dark animal is
compared with the floor as a share of the light there, so that it looks the same in bright and in dim places. The tail
is taken off by an opening; the position is the centroid of what remains, in px of the whole frame, sub-pixel. How
large, how broad and how strong an animal is, is learnt from the pictures of the background.

A frame in which no plausible animal is seen is missing, never guessed; short gaps are bridged by a straight line and
marked.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.errors import UsageError
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.model.track import FOUND, INTERPOLATED, MISSING, Track
from littermate.video.background import Background, light_offset, sample_background
from littermate.video.calibrate import Corners, find_floor, whole_picture
from littermate.video.frames import FrameReader

__all__ = ["LocateRules", "TrackedAnimal", "bridge_gaps", "track_animal"]

Picture = NDArray[np.uint8]
Floats = NDArray[np.float64]

_WORK_PX = 720


@dataclass(frozen=True, slots=True, kw_only=True)
class LocateRules:
    """How the animal is found.

    Parameters
    ----------
    max_gap_s
        The longest gap (time without a position, one frame's own time taken off) that is bridged by a straight line.
    contrast_share
        A pixel is the animal's if it departs from the background by this share of the animal's own contrast ...
    min_contrast
        ... and by at least this many grey levels.
    min_area, max_area
        Plausible areas of the body, as shares of its median.
    opening
        Radius of the opening that takes off the tail, as a share of the body's half width.
    margin
        How far beside the floor a pixel still counts, in body half widths (an animal leans on the wall).
    min_seen
        An animal must be seen in this share of the background's pictures; else there is none.
    """

    max_gap_s: float = 0.5
    contrast_share: float = 0.5
    min_contrast: float = 14.0
    min_area: float = 0.3
    max_area: float = 2.5
    opening: float = 0.35
    margin: float = 1.0
    min_seen: float = 0.05

    def __post_init__(self) -> None:
        ok = self.max_gap_s >= 0 and 0 < self.contrast_share < 1 and self.min_contrast > 0 and self.opening >= 0
        if not (ok and 0 < self.min_area < 1 < self.max_area and self.margin >= 0 and 0 <= self.min_seen <= 1):
            raise UsageError(
                expected="shares between 0 and 1, min_area below 1 below max_area, nothing negative",
                found=f"{dataclasses.asdict(self)}",
                do="correct the rule",
            )

    def words(self) -> tuple[str, ...]:
        """Return the rules as sentences."""
        return (
            f"The animal departs from the background by more than {self.contrast_share:g} of its own contrast and"
            f" {self.min_contrast:g} grey levels; its position is the centroid of its outline without the tail.",
            f"A body of {self.min_area:g} to {self.max_area:g} times the median area, on the floor or up to"
            f" {self.margin:g} body half widths beside it, is plausible; else the animal is missing.",
            f"Gaps up to {self.max_gap_s:g} s are bridged by a straight line and marked; longer ones are missing.",
        )

    def rule_set(self) -> RuleSet:
        """Return the rules in words and with their hash."""
        return RuleSet.of("locate", self, self.words())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrackedAnimal:
    """One animal of one recording.

    Parameters
    ----------
    track
        Its path on the trial clock (0 is `t0_s` of the recording), in px of the whole frame.
    recording
        What was found in the file.
    corners_px
        The floor: upper left, upper right, lower right, lower left.
    corners_found
        ``"given"``, ``"found"``, or ``"whole picture"`` where no floor was recognised: lengths and zones are then
        those of the picture, and every result must say so.
    animal_found
        False for a recording without an animal; the track is then missing throughout.
    background : (height, width) uint8
        The scene without its animal.
    """

    track: Track
    recording: Recording
    corners_px: Corners
    corners_found: str
    animal_found: bool
    background: Picture


def track_animal(
    path: str | Path,
    *,
    corners_px: Corners | None = None,
    t0_s: float = 0.0,
    duration_s: float | None = None,
    rules: LocateRules | None = None,
    on_time: Callable[[float], None] | None = None,
) -> TrackedAnimal:
    """Find one animal in every frame of a trial.

    The recording is decoded twice, once for the background and once for the animal; memory does not grow with its
    length.

    Parameters
    ----------
    path
        The recording.
    corners_px
        Floor corners, upper left, upper right, lower right, lower left; looked for in the background where `None`.
    t0_s, duration_s
        The trial's start in the recording and its length (to the end where `None`).
    rules
        `LocateRules()` where `None`.
    on_time
        Called with the recording's time that has been reached, half of it by either pass.

    Raises
    ------
    VideoError
        If the recording cannot be read to its end.
    UsageError
        If t0 is before the recording or the duration is not above zero.
    """
    rules = rules or LocateRules()
    if t0_s < 0 or (duration_s is not None and duration_s <= 0):
        raise UsageError(
            expected="a start at 0 s or later and a duration above 0 s",
            found=f"{t0_s:g} s, {duration_s} s",
            do="correct the trial's times",
        )
    tell = (lambda _: None) if on_time is None else on_time
    scene = sample_background(path, t0_s=t0_s, duration_s=duration_s, on_time=lambda t: tell(t / 2))
    looks = _learn(scene, rules)
    corners, how = _floor(scene, looks, corners_px)
    finder = None if looks is None else _Finder(scene, looks, corners if how != "whole picture" else None, rules)
    half = scene.recording.duration_s / 2
    stop_s = np.inf if duration_s is None else t0_s + duration_s
    track = _follow(path, finder, (t0_s, stop_s), rules, lambda t: tell(half + t / 2))
    return TrackedAnimal(
        track=track,
        recording=scene.recording,
        corners_px=corners,
        corners_found=how,
        animal_found=bool(np.any(track.state != MISSING)),
        background=scene.picture,
    )


def _follow(
    path: str | Path,
    finder: _Finder | None,
    window_s: tuple[float, float],
    rules: LocateRules,
    tell: Callable[[float], None],
) -> Track:
    """Read the recording and find the animal in each frame of the trial."""
    times, places = [], []
    for frame in FrameReader(path):
        if frame.t_s >= window_s[1]:
            break
        if frame.t_s >= window_s[0]:
            t_s = frame.t_s - window_s[0]
            times.append(t_s)
            seen = finder is not None and frame.trusted
            places.append(finder.find(frame.luma, t_s) if seen else None)  # type: ignore[union-attr]
        tell(frame.t_s)
    xy = np.array([(np.nan, np.nan) if place is None else place for place in places]).reshape(-1, 2)
    return bridge_gaps(np.array(times), xy, max_gap_s=rules.max_gap_s)


def bridge_gaps(t_s: Floats, xy_px: Floats, *, max_gap_s: float) -> Track:
    """Make a track of positions (NaN where none was found): short gaps between two positions are bridged and marked.

    Examples
    --------
    >>> xy = np.array([[0.0, 0.0], [np.nan, np.nan], [2.0, 4.0]])
    >>> track = bridge_gaps(np.array([0.0, 0.1, 0.2]), xy, max_gap_s=0.5)
    >>> track.xy_px[1].tolist(), track.state.tolist()
    ([1.0, 2.0], [0, 1, 0])
    """
    found = np.isfinite(xy_px).all(axis=1)
    state = np.where(found, FOUND, MISSING).astype(np.uint8)
    filled = xy_px.copy()
    where = np.flatnonzero(found)
    frame_s = float(np.median(np.diff(t_s))) if len(t_s) > 1 else 0.0
    for before, after in itertools.pairwise(where.tolist()):
        if after - before > 1 and t_s[after] - t_s[before] - frame_s <= max_gap_s + 1e-9:
            gap = slice(before + 1, after)
            for axis in (0, 1):
                filled[gap, axis] = np.interp(t_s[gap], t_s[[before, after]], xy_px[[before, after], axis])
            state[gap] = INTERPOLATED
    return Track(t_s=t_s, xy_px=filled, state=state)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Looks:
    """What the animal looks like: contrast that counts, area and half width (px), and where it was seen, (n, 2) px."""

    threshold: float
    area: float
    half_width: float
    places: Floats


def _departure(picture: Picture, background: Picture, polarity: str) -> Picture:
    """Return by how much a picture departs from the background to the animal's side, in grey levels.

    For a dark animal 255 x (background - picture) / background: as a share of the light.
    """
    if polarity == "bright":
        return np.asarray(cv2.subtract(picture, background), dtype=np.uint8)
    return np.asarray(cv2.bitwise_not(cv2.divide(picture, cv2.max(background, 1), scale=255)), dtype=np.uint8)


def _learn(scene: Background, rules: LocateRules) -> _Looks | None:
    """Learn the animal's looks from the background's pictures; `None` where there is no animal."""
    least = max(rules.min_contrast, 6 * scene.noise)
    blobs = []
    for sample in scene.samples:
        departure = _trusted_departure(sample, scene.picture, scene.polarity, least)
        blob = _strongest(departure, least)
        if blob is not None:
            blobs.append(blob)
    if len(blobs) < max(2, rules.min_seen * len(scene.samples)):
        return None
    contrast = float(np.median([blob[0] for blob in blobs]))
    return _measured(scene, max(least, rules.contrast_share * contrast), least, rules)


def _trusted_departure(picture: Picture, background: Picture, polarity: str, least: float) -> Picture:
    """Return the departure where it is also large enough in grey levels, else 0."""
    departure = _departure(picture, background, polarity)
    if polarity == "dark":
        enough = cv2.threshold(cv2.subtract(background, picture), least, 255, cv2.THRESH_BINARY)[1]
        departure = cv2.bitwise_and(departure, enough)
    return departure


def _strongest(departure: Picture, least: float) -> tuple[float, float] | None:
    """Return contrast (upper quartile) and area of the blob that departs most in sum, `None` where there is none."""
    mask = cv2.medianBlur(cv2.threshold(departure, least, 255, cv2.THRESH_BINARY)[1], 5)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    best, most = None, 0.0
    for label in range(1, count):
        x, y, width, height, area = stats[label].tolist()
        if area < _least_area(departure):
            continue
        own = departure[y : y + height, x : x + width][labels[y : y + height, x : x + width] == label]
        total = float(own.sum(dtype=np.int64))
        if total > most:
            best, most = (float(np.quantile(own, 0.75)), float(area)), total
    return best


def _least_area(picture: Picture) -> float:
    """Return the smallest area that can be an animal: 1/4000 of the picture (20 px at 320 x 240)."""
    return picture.size / 4000


def _measured(scene: Background, threshold: float, least: float, rules: LocateRules) -> _Looks | None:
    """Measure the body in the background's pictures: first its half width, then its area without the tail."""
    bodies = []
    for sample in scene.samples:
        departure = _trusted_departure(sample, scene.picture, scene.polarity, least)
        body = _largest(cv2.medianBlur(cv2.threshold(departure, threshold, 255, cv2.THRESH_BINARY)[1], 3))
        if body is not None and cv2.countNonZero(body[0]) >= _least_area(departure):
            bodies.append(body)
    if len(bodies) < max(2, rules.min_seen * len(scene.samples)):
        return None
    half_width = float(np.median([cv2.distanceTransform(_framed(mask), cv2.DIST_L2, 5).max() for mask, _ in bodies]))
    opened = [(_opened(mask, rules.opening * half_width), corner) for mask, corner in bodies]
    sizes = [cv2.countNonZero(mask) for mask, _ in opened]
    places = np.array([_centroid(mask, corner) for mask, corner in opened if cv2.countNonZero(mask)])
    return _Looks(threshold=threshold, area=float(np.median(sizes)), half_width=half_width, places=places)


def _framed(mask: Picture) -> Picture:
    return np.pad(mask, 1)


def _largest(mask: Picture) -> tuple[Picture, tuple[int, int]] | None:
    """Cut out the largest blob: its own mask, holes filled, and where its corner is."""
    if not cv2.countNonZero(mask):
        return None
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    return _cut(labels, stats, 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()))


def _cut(labels: NDArray[np.int32], stats: NDArray[np.int32], label: int) -> tuple[Picture, tuple[int, int]]:
    x, y, width, height, _ = stats[label].tolist()
    blob = np.asarray(labels[y : y + height, x : x + width] == label, dtype=np.uint8)
    outlines, _ = cv2.findContours(blob, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(blob, outlines, -1, 1, cv2.FILLED)
    return blob, (x, y)


def _opened(mask: Picture, radius: float) -> Picture:
    """Open a mask by a disc; nothing beside the mask counts as animal."""
    reach = round(radius)
    if reach < 1:
        return mask
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    wide = np.pad(mask, reach)
    opened = cv2.morphologyEx(wide, cv2.MORPH_OPEN, disc)[reach:-reach, reach:-reach]
    return np.asarray(opened, dtype=np.uint8)


def _centroid(mask: Picture, corner: tuple[int, int]) -> tuple[float, float]:
    moments = cv2.moments(mask, binaryImage=True)
    return corner[0] + moments["m10"] / moments["m00"], corner[1] + moments["m01"] / moments["m00"]


def _floor(scene: Background, looks: _Looks | None, given: Corners | None) -> tuple[Corners, str]:
    if given is not None:
        return given, "given"
    found = find_floor(scene.picture, visited_px=None if looks is None else looks.places)
    if found is not None:
        return found, "found"
    return whole_picture(scene.recording.width, scene.recording.height), "whole picture"


class _Finder:
    """Finds the animal in one picture after the other.

    Only the floor, and a margin about it, is looked at; large pictures are shrunk by a whole factor.
    """

    def __init__(self, scene: Background, looks: _Looks, corners: Corners | None, rules: LocateRules) -> None:
        self.polarity, self.rules = scene.polarity, rules
        self.background = scene.picture
        floor = _floor_mask(scene.picture.shape, corners, rules.margin * looks.half_width)
        left, top, width, height = cv2.boundingRect(floor)
        self.shrink = max(1, round(max(width, height) / _WORK_PX))
        width, height = (side // self.shrink * self.shrink for side in (width, height))
        self.part, self.corner = np.s_[top : top + height, left : left + width], (left, top)
        self.floor, self.scene = self._smaller(floor[self.part]), self._smaller(scene.picture[self.part])
        self.area, self.radius = looks.area / self.shrink**2, rules.opening * looks.half_width / self.shrink
        self.reach = 8 * looks.half_width / self.shrink
        self.threshold = looks.threshold
        self.least = max(rules.min_contrast, 6 * scene.noise)
        self.last: tuple[float, float, float] | None = None

    def _smaller(self, picture: Picture) -> Picture:
        if self.shrink == 1:
            return np.ascontiguousarray(picture)
        size = (picture.shape[1] // self.shrink, picture.shape[0] // self.shrink)
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)

    def find(self, luma: Picture, t_s: float) -> tuple[float, float] | None:
        """Return the body's centroid in px of the whole frame, or `None`."""
        bodies = self._bodies(self._animal_mask(luma))
        if not bodies:
            return None
        _, x, y = self._choose(bodies, t_s)
        self.last = (t_s, x, y)
        return (x + 0.5) * self.shrink - 0.5 + self.corner[0], (y + 0.5) * self.shrink - 0.5 + self.corner[1]

    def _animal_mask(self, luma: Picture) -> Picture:
        picture = self._smaller(luma[self.part])
        offset = light_offset(luma, self.background)
        if abs(offset) > 1:
            picture = cv2.add(picture, (-float(offset), 0.0, 0.0, 0.0))
        departure = _trusted_departure(picture, self.scene, self.polarity, self.least)
        mask = cv2.threshold(departure, self.threshold, 255, cv2.THRESH_BINARY)[1]
        return np.asarray(cv2.bitwise_and(cv2.medianBlur(mask, 3), self.floor), dtype=np.uint8)

    def _bodies(self, mask: Picture) -> list[tuple[float, float, float]]:
        """Return (area, x, y) of each plausible body without its tail."""
        if not cv2.countNonZero(mask):
            return []
        left, top, width, height = cv2.boundingRect(mask)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(mask[top : top + height, left : left + width])
        least, most = self.rules.min_area * self.area, self.rules.max_area * self.area
        found: list[tuple[float, float, float]] = []
        for label in range(1, count):
            if stats[label, cv2.CC_STAT_AREA] < least:
                continue
            blob, corner = _cut(labels, stats, label)
            body = _largest(_opened(blob, self.radius))
            if body is not None:
                area = cv2.countNonZero(body[0])
                if least <= area <= most:
                    x, y = _centroid(body[0], body[1])
                    found.append((area, x + corner[0] + left, y + corner[1] + top))
        return found

    def _choose(self, bodies: list[tuple[float, float, float]], t_s: float) -> tuple[float, float, float]:
        """Choose the largest body; one that is near the last position counts before one that is far from it."""
        largest = max(bodies)
        if self.last is None or t_s - self.last[0] > 0.5:
            return largest
        _, x, y = self.last
        near = [body for body in bodies if np.hypot(body[1] - x, body[2] - y) < self.reach]
        near = [body for body in near if body[0] > 0.5 * largest[0]]
        return max(near, default=largest)


def _floor_mask(shape: tuple[int, ...], corners: Corners | None, margin_px: float) -> Picture:
    """Return 255 on the floor and up to `margin_px` beside it; everywhere where the floor is not known."""
    if corners is None:
        return np.full(shape, 255, np.uint8)
    mask = np.zeros(shape, np.uint8)
    outline = [np.rint(np.array(corners) * 16).astype(np.int32)]
    cv2.fillPoly(mask, outline, 255, cv2.LINE_8, 4)
    cv2.polylines(mask, outline, True, 255, max(1, round(2 * margin_px)), cv2.LINE_8, 4)
    return mask
