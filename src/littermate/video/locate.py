"""Locate: the animal in a recording of an open field, frame by frame.

The recording is decoded once. Each picture is made small and kept (`kept`); then the background is made from pictures
spread over the trial (`background`), the animal's looks are learnt from them (`body`), and every picture is searched
for what departs from the background (`blobs`), block by block. The position is the centroid of the outline without the
tail, pixels at the edge counting by how much of them is animal, in px of the whole frame.

The background goes with the recording: its light follows the scene's, flicker is taken out frame by frame, and what
appears and stays (droppings, moved sawdust) enters it with a time constant of 20 s, but nothing where the animal is.
The whole floor is searched in every frame, so that nothing is followed for longer than it looks like the animal best.

A frame in which no plausible animal is seen is missing, never guessed; short gaps are bridged by a straight line and
marked. A move faster than `LocateRules.max_speed` is a jump: a short stay between two jumps that lead away and back is
another thing taken for the animal and becomes missing; all other jumps are reported. The limit is a stated rule: 20
body lengths a second are some 180 cm/s for a mouse of 9 cm, above what mice do in an open field and half of the
highest speed known of the species (13 km/h; Garland 1983, J Zool 199:157).
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.errors import UsageError
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.model.track import FOUND, INTERPOLATED, MISSING, Track
from littermate.video.background import Background, light_planes, make_background, relit
from littermate.video.blobs import Blobs, find_blobs, largest_of_each
from littermate.video.body import Body, learn_body
from littermate.video.calibrate import Corners, find_floor, whole_picture
from littermate.video.frames import Frame, FrameReader, studio_range
from littermate.video.kept import BLOCK, KeptPictures, Part

__all__ = ["LocateRules", "TrackedAnimal", "bridge_gaps", "find_jumps", "one_thread", "track_animal", "track_animals"]

Picture = NDArray[np.uint8]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_AROUND = 0.12
_LARGE_BYTES, _FEWEST_LARGE, _MOST_LARGE = 32_000_000, 8, 24
_SETTLES_S = 20.0
_LIGHT_S = 5.0
_FLICKER_STEP = 8
_NEAR = 0.7
_NEAR_S = 0.5


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
        Radius of the opening that takes off the tail, as a share of the body's half breadth.
    margin
        How far beside the floor a pixel still counts, in body half breadths (an animal leans on the wall).
    min_seen
        An animal must be seen in this share of the background's pictures; else there is none.
    max_speed
        In body lengths a second; a faster move is a jump. Half a body length is allowed for between any two frames.
    """

    max_gap_s: float = 0.5
    contrast_share: float = 0.4
    min_contrast: float = 10.0
    min_area: float = 0.3
    max_area: float = 2.5
    opening: float = 0.35
    margin: float = 1.0
    min_seen: float = 0.05
    max_speed: float = 20.0

    def __post_init__(self) -> None:
        ok = self.max_gap_s >= 0 and 0 < self.contrast_share < 1 and self.min_contrast > 0 and self.opening >= 0
        ok = ok and self.margin >= 0 and self.max_speed > 0
        if not (ok and 0 < self.min_area < 1 < self.max_area and 0 <= self.min_seen <= 1):
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
            f" {self.margin:g} body half breadths beside it, is plausible; else the animal is missing.",
            f"Gaps up to {self.max_gap_s:g} s are bridged by a straight line and marked; longer ones are missing.",
            f"A move of more than {self.max_speed:g} body lengths a second (and half a length) is a jump: a stay of up"
            f" to {self.max_gap_s:g} s between a jump away and one back is left out, other jumps are reported.",
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
        False where no animal was seen in any picture: then every frame is missing.
    moved
        False where the pictures hardly differ: nothing then tells a still animal from the floor, and no animal found
        does not mean that there is none.
    jumps_s
        Trial times at which the track jumps faster than a mouse can run.
    body_length_px, body_width_px
        Of the outline without the tail (axes of its ellipse); `None` without an animal.
    background : (height, width) uint8
        The scene without its animal.
    """

    track: Track
    recording: Recording
    corners_px: Corners
    corners_found: str
    animal_found: bool
    moved: bool
    jumps_s: tuple[float, ...]
    body_length_px: float | None
    body_width_px: float | None
    background: Picture


def track_animal(
    path: str | Path,
    *,
    corners_px: Corners | None = None,
    t0_s: float = 0.0,
    duration_s: float | None = None,
    rules: LocateRules | None = None,
    on_frame: Callable[[Frame], None] | None = None,
) -> TrackedAnimal:
    """Find one animal in every frame of a trial: `track_animals` with one floor."""
    animals = track_animals(path, [corners_px], t0_s=t0_s, duration_s=duration_s, rules=rules, on_frame=on_frame)
    return animals[0]


def track_animals(
    path: str | Path,
    floors: Sequence[Corners | None],
    *,
    t0_s: float = 0.0,
    duration_s: float | None = None,
    rules: LocateRules | None = None,
    on_frame: Callable[[Frame], None] | None = None,
) -> tuple[TrackedAnimal, ...]:
    """Find one animal on each of several floors in every frame of a trial, in one decode pass.

    Frames outside the trial are not decoded; memory does not grow with the trial's length (small pictures beyond 64 MB
    go to a temporary file).

    Parameters
    ----------
    path
        The recording.
    floors
        Corners of each floor: upper left, upper right, lower right, lower left; looked for in the background where
        `None`.
    t0_s, duration_s
        The trial's start in the recording and its length (to the end where `None`).
    rules
        `LocateRules()` where `None`.
    on_frame
        Called with every decoded frame of the trial.

    Raises
    ------
    VideoError
        If the recording cannot be read to the trial's end.
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
    reader = FrameReader(path, start_s=t0_s, stop_s=None if duration_s is None else t0_s + duration_s, quick=True)
    with one_thread(), ExitStack() as kept_files:
        trial = _read(reader, floors, on_frame, kept_files)
        return tuple(_tracked(trial, kept, floor, rules) for kept, floor in zip(trial.kept, floors, strict=True))


@contextmanager
def one_thread() -> Iterator[None]:
    """Let OpenCV use one thread: for small pictures its others cost far more than they bring."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


@dataclass(slots=True, eq=False)
class _Trial:
    """What one decode pass leaves: times, small pictures of each part, and some large ones with their numbers."""

    t_s: Floats
    trusted: Bools
    kept: list[KeptPictures]
    large: list[tuple[int, Picture]]
    recording: Recording


def _read(
    reader: FrameReader,
    floors: Sequence[Corners | None],
    on_frame: Callable[[Frame], None] | None,
    kept_files: ExitStack,
) -> _Trial:
    size = reader.size
    kept = [kept_files.enter_context(KeptPictures(_part(floor, size))) for floor in floors]
    spread = _Spread(most=max(_FEWEST_LARGE, min(_MOST_LARGE, _LARGE_BYTES // (size[0] * size[1]))))
    times: list[float] = []
    trusted: list[bool] = []
    for frame in reader:
        for part in kept:
            part.keep(frame.luma, full_range=frame.full_range)
        if frame.trusted:
            spread.offer(len(times), frame)
        times.append(frame.t_s)
        trusted.append(frame.trusted)
        if on_frame is not None:
            on_frame(frame)
    return _Trial(
        t_s=np.array(times, dtype=np.float64) - reader.start_s,
        trusted=np.array(trusted, dtype=bool),
        kept=kept,
        large=spread.pictures(),
        recording=reader.recording,
    )


def _part(floor: Corners | None, size: tuple[int, int]) -> Part:
    """Return the part of the picture to keep: the floor and what is around it, or all."""
    if floor is None:
        return Part.whole(size)
    low, high = np.min(floor, axis=0), np.max(floor, axis=0)
    around = _AROUND * (high - low)
    left, top = np.maximum(np.floor(low - around), 0).astype(int).tolist()
    right, bottom = np.minimum(np.ceil(high + around) + 1, size[::-1]).astype(int).tolist()
    if right - left < 8 or bottom - top < 8:
        raise UsageError(
            expected=f"floor corners within {size[1]} x {size[0]} px",
            found=f"{floor}",
            do="correct the corners",
        )
    return Part.of(left, top, right - left, bottom - top)


@dataclass(slots=True)
class _Spread:
    """Keeps large pictures spread evenly over a stream of unknown length: when full, every second one is let go."""

    most: int
    kept: list[tuple[int, Picture, bool]] = field(default_factory=list)
    every: int = 1
    seen: int = 0

    def offer(self, number: int, frame: Frame) -> None:
        if self.seen % self.every == 0:
            self.kept.append((number, frame.luma.copy(), frame.full_range))
            if len(self.kept) >= 2 * (self.most // 2):
                self.kept = self.kept[::2]
                self.every *= 2
        self.seen += 1

    def pictures(self) -> list[tuple[int, Picture]]:
        return [(number, studio_range(luma, full_range)) for number, luma, full_range in self.kept]


def _tracked(trial: _Trial, kept: KeptPictures, given: Corners | None, rules: LocateRules) -> TrackedAnimal:
    """Track the animal of one floor."""
    scene = make_background(kept, trial.trusted)
    body = learn_body(
        scene,
        share=rules.contrast_share,
        min_contrast=rules.min_contrast,
        opening=rules.opening,
        min_seen=rules.min_seen,
    )
    background = _large_background(trial, kept, scene, body)
    corners, how = _floor(background, body, kept.part, given)
    xy_px = np.full((len(trial.t_s), 2), np.nan)
    jumps: tuple[float, ...] = ()
    if body is not None:
        floor = None if how == "whole picture" else corners
        xy_px = _followed(trial, kept, _Finder(scene, body, kept.part, floor, rules))
        length_px = body.length * kept.part.scale
        xy_px, jumps = _without_excursions(trial.t_s, xy_px, length_px, rules)
    return TrackedAnimal(
        track=bridge_gaps(trial.t_s, xy_px, max_gap_s=rules.max_gap_s),
        recording=trial.recording,
        corners_px=corners,
        corners_found=how,
        animal_found=bool(np.isfinite(xy_px).any()),
        moved=scene.moves,
        jumps_s=jumps,
        body_length_px=None if body is None else body.length * kept.part.scale,
        body_width_px=None if body is None else body.breadth * kept.part.scale,
        background=background,
    )


def _large_background(trial: _Trial, kept: KeptPictures, scene: Background, body: Body | None) -> Picture:
    """Return the background in the recording's own size: the mean of its large pictures where the animal is not."""
    size = trial.recording.height, trial.recording.width
    part = kept.part
    box = np.s_[part.top : part.top + part.height, part.left : part.left + part.width]
    sums, counts = np.zeros(size, np.float32), np.zeros(size, np.float32)
    planes = light_planes(kept.pictures(np.array([k for k, _ in trial.large], dtype=np.int64)), scene.picture)
    for (number, large), plane in zip(trial.large, planes, strict=True):
        use = np.full(size, 1, np.uint8)
        if body is not None:
            blobs = find_blobs(kept.picture(number)[None], body.limits(relit(scene.picture, plane)))
            around = cv2.dilate(blobs.mask[0], np.ones((5, 5), np.uint8))
            free = cv2.threshold(around, 0, 1, cv2.THRESH_BINARY_INV)[1]
            use[box] = cv2.resize(free, (part.width, part.height), interpolation=cv2.INTER_NEAREST)
        cv2.accumulate(_unlit(large, plane), sums, mask=use)
        cv2.accumulate(use, counts)
    small = cv2.resize(scene.picture, (part.width, part.height), interpolation=cv2.INTER_LINEAR)
    unseen = counts[box] == 0
    sums[box][unseen], counts[box][unseen] = small[unseen], 1
    return np.asarray(np.rint(sums / np.maximum(counts, 1)), dtype=np.uint8)


def _unlit(picture: Picture, plane: Floats) -> Picture:
    """Return a picture as it looks in the background's light."""
    gain = max(0.2, float(plane[0]))
    return relit(picture, np.array([1 / gain, -plane[1] / gain**2, -plane[2] / gain**2]))


def _floor(background: Picture, body: Body | None, part: Part, given: Corners | None) -> tuple[Corners, str]:
    if given is not None:
        return given, "given"
    found = find_floor(background, visited_px=None if body is None else part.to_whole(body.places))
    if found is not None:
        return found, "found"
    return whole_picture(background.shape[1], background.shape[0]), "whole picture"


def _followed(trial: _Trial, kept: KeptPictures, finder: _Finder) -> Floats:
    """Return the animal's place in each frame, (n, 2) px of the whole frame, NaN where it was not found."""
    places = [
        finder.places(
            kept.block(number),
            trial.t_s[number * BLOCK : (number + 1) * BLOCK],
            trial.trusted[number * BLOCK : (number + 1) * BLOCK],
        )
        for number in range(kept.blocks)
    ]
    return kept.part.to_whole(np.concatenate(places)) if places else np.empty((0, 2))


class _Finder:
    """Finds the animal in one block of pictures after the other; only the floor and a margin about it are searched."""

    def __init__(self, scene: Background, body: Body, part: Part, corners: Corners | None, rules: LocateRules) -> None:
        floor = _floor_mask(part, corners, rules.margin * body.breadth / 2)
        left, top, width, height = cv2.boundingRect(floor)
        self.box, self.corner = np.s_[:, top : top + height, left : left + width], np.array([left, top])
        self.floor = floor[self.box[1:]] > 0
        self.base = scene.picture[self.box[1:]].astype(np.float32)
        self.body, self.rules = body, rules
        self.around = np.ones((2 * round(body.breadth / 2) + 1,) * 2, np.uint8)
        self.last: tuple[float, float, float] | None = None
        self.looked_s, self.light_due_s = 0.0, 0.0
        self.plane = np.array([1.0, 0.0, 0.0])

    def places(self, pictures: Picture, t_s: Floats, trusted: Bools) -> Floats:
        """Return the animal's place in each picture, (n, 2) px of the small picture, NaN where it was not found."""
        pictures = pictures[self.box]
        if not len(t_s):
            return np.empty((0, 2))
        self._see_light(pictures[trusted], float(t_s[0]))
        plane = self.plane
        lit = relit(np.rint(self.base).astype(np.uint8), plane)
        pictures = _without_flicker(pictures, lit)
        blobs = find_blobs(pictures, self.body.limits(lit, self.floor))
        xy = self._chosen(blobs, t_s, trusted)
        self._renew(pictures, blobs.mask, xy, t_s, plane)
        return np.asarray(xy + self.corner, dtype=np.float64)

    def _see_light(self, pictures: Picture, t_s: float) -> None:
        """Measure the light where this is due."""
        if not len(pictures) or t_s < self.light_due_s:
            return
        self.light_due_s = t_s + _LIGHT_S
        some = pictures[[len(pictures) // 4, 3 * len(pictures) // 4]]
        planes = light_planes(some, np.rint(self.base).astype(np.uint8))
        self.plane = planes.mean(axis=0)

    def _chosen(self, blobs: Blobs, t_s: Floats, trusted: Bools) -> Floats:
        """Choose a blob in each picture: the largest plausible one, or one near the last place if it is as large."""
        size = blobs.area / self.body.area
        blobs = blobs.rows((size >= self.rules.min_area) & (size <= self.rules.max_area) & trusted[blobs.number])
        chosen = np.full((len(t_s), 2), np.nan)
        largest = largest_of_each(blobs)
        chosen[blobs.number[largest]] = blobs.xy[largest]
        several = np.flatnonzero(np.bincount(blobs.number, minlength=1) > 1)
        for number in several.tolist():
            chosen[number] = self._nearest_of(blobs.rows(blobs.number == number), chosen, number, t_s)
        self._remember(chosen, t_s)
        return chosen

    def _nearest_of(self, blobs: Blobs, chosen: Floats, number: int, t_s: Floats) -> Floats:
        before = np.flatnonzero(np.isfinite(chosen[:number, 0]))
        last = (t_s[before[-1]], *chosen[before[-1]]) if len(before) else self.last
        large = blobs.area >= _NEAR * blobs.area.max()
        if last is None or t_s[number] - last[0] > _NEAR_S:
            return np.asarray(blobs.xy[blobs.area.argmax()], dtype=np.float64)
        away = np.where(large, np.hypot(*(blobs.xy - last[1:]).T), np.inf)
        nearest = int(away.argmin())
        near = away[nearest] < self.body.length
        return np.asarray(blobs.xy[nearest if near else blobs.area.argmax()], dtype=np.float64)

    def _remember(self, chosen: Floats, t_s: Floats) -> None:
        found = np.flatnonzero(np.isfinite(chosen[:, 0]))
        if len(found):
            self.last = (float(t_s[found[-1]]), *chosen[found[-1]].tolist())

    def _renew(self, pictures: Picture, mask: Picture, xy: Floats, t_s: Floats, plane: Floats) -> None:
        """Let what stays enter the background, from one picture a block, where the animal is not."""
        found = np.flatnonzero(np.isfinite(xy[:, 0]))
        if not len(found):
            return
        number = int(found[len(found) // 2])
        labels = cv2.connectedComponents(mask[number])[1]
        x, y = np.clip(np.rint(xy[number]).astype(int), 0, np.array(labels.shape[::-1]) - 1)
        own = np.where(labels == labels[y, x], mask[number], 0) if labels[y, x] else mask[number]
        free = cv2.threshold(cv2.dilate(own, self.around), 0, 1, cv2.THRESH_BINARY_INV)[1]
        weight = 1 - np.exp(-(t_s[number] - self.looked_s) / _SETTLES_S)
        self.looked_s = float(t_s[number])
        cv2.accumulateWeighted(_unlit(pictures[number], plane), self.base, float(weight), mask=free)


def _without_flicker(pictures: Picture, lit: Picture) -> Picture:
    """Take out by how much each picture as a whole is brighter than the background."""
    sparse = np.s_[..., _FLICKER_STEP // 2 :: _FLICKER_STEP, _FLICKER_STEP // 2 :: _FLICKER_STEP]
    level = lit[sparse].astype(np.int16)
    away = np.median((pictures[sparse] - level).reshape(len(pictures), -1), axis=1)
    pictures = np.ascontiguousarray(pictures)
    light = max(16.0, float(np.median(level)) - 16)
    for number in np.flatnonzero(np.abs(away) > 1).tolist():
        gain = 1 / max(0.2, 1 + away[number] / light)
        pictures[number] = cv2.convertScaleAbs(pictures[number], alpha=gain, beta=16 * (1 - gain))
    return pictures


def _floor_mask(part: Part, corners: Corners | None, margin: float) -> Picture:
    """Return 255 on the floor and up to `margin` small px beside it; everywhere where the floor is not known."""
    if corners is None:
        return np.full(part.small_size, 255, np.uint8)
    mask = np.zeros(part.small_size, np.uint8)
    outline = [np.rint(part.to_small(np.array(corners)) * 16).astype(np.int32)]
    cv2.fillPoly(mask, outline, 255, cv2.LINE_8, 4)
    cv2.polylines(mask, outline, True, 255, max(1, round(2 * margin)), cv2.LINE_8, 4)
    return mask


def find_jumps(t_s: Floats, xy_px: Floats, *, speed_px_s: float, slack_px: float) -> NDArray[np.int64]:
    """Return which positions (NaN is none) lie further from the one before than the time between them allows.

    Examples
    --------
    >>> xy = np.array([[0.0, 0.0], [1.0, 0.0], [np.nan, np.nan], [90.0, 0.0], [91.0, 0.0]])
    >>> find_jumps(np.arange(5) / 10, xy, speed_px_s=100.0, slack_px=5.0).tolist()
    [3]
    """
    found = np.flatnonzero(np.isfinite(xy_px[:, 0]))
    far = np.hypot(*np.diff(xy_px[found], axis=0).T)
    return np.asarray(found[1:][far > speed_px_s * np.diff(t_s[found]) + slack_px], dtype=np.int64)


def _without_excursions(
    t_s: Floats, xy_px: Floats, length_px: float, rules: LocateRules
) -> tuple[Floats, tuple[float, ...]]:
    """Take out short stays between a jump away and a jump back; return the places and the times of the other jumps."""
    limit = {"speed_px_s": rules.max_speed * length_px, "slack_px": 0.5 * length_px}
    xy_px = xy_px.copy()
    jumps = find_jumps(t_s, xy_px, **limit)
    for away, back in itertools.pairwise(jumps.tolist()):
        if t_s[back] - t_s[away] > rules.max_gap_s + 1e-9:
            continue
        without = xy_px.copy()
        without[away:back] = np.nan
        if not np.isin(find_jumps(t_s, without, **limit), [away, back]).any():
            xy_px = without
    return xy_px, tuple(t_s[find_jumps(t_s, xy_px, **limit)].tolist())


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
