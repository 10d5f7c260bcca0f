"""Scene: what a person needs to place a trial in its recording: the scene without the animal, and what is proposed.

A scene is read from a few dozen frames (`littermate.video.glances`), not from all. Its picture is for a person to draw
on; what is scored is worked out anew by the scoring pass. Times are seconds on the recording's clock. Lengths are px of
the whole picture, the middle of the upper left pixel at (0, 0), right and down positive.

A *signature* is the scene's picture made small. `scene_shift` compares two of them by their edges, so that light and
exposure do not matter and a remainder of an animal counts little: a floor or box drawn on one recording can then be
taken over to the others filmed from the same place. Its method is that of the checks of a moved camera
(`littermate.video.steady`).

=========== ========================================================================================================
similar     the same scene, in its place: within 2 px, in pictures over 667 px within 0.3 % of the longer side
moved       the same scene, elsewhere in the picture: add `Shift.right_px` and `Shift.down_px`, and let a person look
`None`      another scene, another size, a turn or a zoom, or too few edges to tell
=========== ========================================================================================================

The score that is asked for (0.85 in its place, 0.92 elsewhere) was set on simulated scenes and one real recording: the
same scene with another animal scores 0.92 or more, turns of 1 degree and zooms of 2 % less than 0.85. Smaller ones can
pass for similar; corners are then off by up to 2 px in 640.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.assays.assay import Assay, MotionAssay, Setting, TrackAssay
from littermate.assays.registry import find_assay
from littermate.errors import DataError, UsageError, VideoError
from littermate.model.placement import Box, Corners
from littermate.single.noticed import OnFrame
from littermate.single.trial import require_kind
from littermate.video.background import Background, make_background
from littermate.video.beakers import beakers_among
from littermate.video.body import learn_body
from littermate.video.calibrate import find_floor
from littermate.video.frames import Frame, FrameReader, studio_range
from littermate.video.glances import glance, straight_s
from littermate.video.judge import CameraMove, judge
from littermate.video.kept import KeptPictures, Part
from littermate.video.locate import LocateRules, one_thread
from littermate.video.looks import Looker
from littermate.video.silhouette import SilhouetteRules, bodies_in
from littermate.video.steady import aligned, find_reference

__all__ = ["Scene", "Shift", "Signature", "read_scene", "scene_png", "scene_shift"]

Picture = NDArray[np.uint8]

_FLOOR, _BOXES, _DRAWN = "floor", "boxes", "drawn"
_OWN = {"open field": _FLOOR, "forced swim": _BOXES}
_STRAIGHT_PICTURES = 16
_FEWEST = 4
_MOST_SEARCHED = 24
_LEAST_AREA = 0.0008
_THUMB_PX = 160
_MAGIC = b"LMS1"
_HEAD = struct.Struct("<4sHHHH")
_LEAST_EDGES = 60
_SIMILAR_SCORE, _MOVED_SCORE = 0.85, 0.92
_AGREEING = 0.6
_SIMILAR_PX, _SIMILAR_PART = 2.0, 0.003
_BLACK, _WHITE = 16, 235


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signature:
    """A scene made small, to compare recordings by.

    Parameters
    ----------
    thumb : (height, width) uint8
        The scene, shrunk by the whole factor that brings its longer side to 160 px or less.
    size
        (height, width) of the recording's pictures.

    Examples
    --------
    >>> one = Signature.of(np.full((480, 640), 90, np.uint8))
    >>> one.thumb.shape, one.shrunk_by, len(one.to_bytes())
    ((120, 160), 4, 19212)
    >>> Signature.from_bytes(one.to_bytes()).size
    (480, 640)
    """

    thumb: Picture
    size: tuple[int, int]

    @classmethod
    def of(cls, picture: Picture) -> Self:
        """Return the signature of a scene's (height, width) picture."""
        by = _shrunk_by(picture.shape)
        height, width = (side // by for side in picture.shape)
        thumb = cv2.resize(picture[: height * by, : width * by], (width, height), interpolation=cv2.INTER_AREA)
        return cls(thumb=np.asarray(thumb, dtype=np.uint8), size=(picture.shape[0], picture.shape[1]))

    @property
    def shrunk_by(self) -> int:
        """Pixels of the recording along one pixel of the thumb."""
        return _shrunk_by(self.size)

    def to_bytes(self) -> bytes:
        """Return it for storing: 12 bytes of sizes, then the thumb's grey levels; 25 kB at most."""
        return _HEAD.pack(_MAGIC, *self.size, *self.thumb.shape) + self.thumb.tobytes()

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """Return what `to_bytes` stored.

        Raises
        ------
        DataError
            If these are not the bytes of a signature.
        """
        magic, *sides = _HEAD.unpack(stored[: _HEAD.size]) if len(stored) >= _HEAD.size else (b"",)
        if magic != _MAGIC or len(stored) != _HEAD.size + sides[2] * sides[3]:
            raise DataError(
                expected="the bytes of a scene's signature",
                found=f"{len(stored)} other bytes",
                do="read the scene of the recording again",
            )
        height, width, tall, wide = sides
        thumb = np.frombuffer(stored, np.uint8, offset=_HEAD.size).reshape(tall, wide)
        return cls(thumb=thumb, size=(height, width))


def _shrunk_by(size: tuple[int, ...]) -> int:
    return max(1, -(-max(size) // _THUMB_PX))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Where the same scene lies in another recording.

    Parameters
    ----------
    right_px, down_px
        What to add to places in the one to have them in the other.
    score
        Correlation of their edges once the shift is taken back: 1 for the very same scene.
    verdict
        ``"similar"`` or ``"moved"``: see the module.
    """

    right_px: float
    down_px: float
    score: float
    verdict: str

    @property
    def similar(self) -> bool:
        """Whether a placement can be taken over as it is."""
        return self.verdict == "similar"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """One recording's scene.

    Parameters
    ----------
    picture : (height, width) uint8
        The scene without its animal, in the recording's full size, 0 (black) to 255. An animal that never left its
        place is still in it.
    proposed_t0_s, t0_reason
        When the trial seems to begin, `None` where that cannot be told, and why.
    corners_px
        The proposed floor: upper left, upper right, lower right, lower left; `None` where none was found or the assay
        has no square floor.
    boxes_px
        Proposed boxes ``(x, y, width, height)``, one an animal, left to right; empty where the assay has a floor.
    reason
        What was found, or why nothing was, in words.
    camera_moves
        When the scene lay elsewhere than in `picture`.
    signature
        To compare scenes by.
    """

    picture: Picture
    proposed_t0_s: float | None
    t0_reason: str
    corners_px: Corners | None
    boxes_px: tuple[Box, ...]
    reason: str
    camera_moves: tuple[CameraMove, ...]
    signature: Signature


def read_scene(
    path: str | Path, *, kind: str, t0_s: float = 0.0, duration_s: float | None = None, on_frame: OnFrame = None
) -> Scene:
    """Read the scene of a recording, and propose where its trial begins and where its arena is.

    Parameters
    ----------
    path
        The recording.
    kind
        The assay's name; see `littermate.single.trial.assay_kinds`.
    t0_s, duration_s
        The trial's start, where it is known (else the proposed one is used), and its length (to the end where `None`).
    on_frame
        Called with every decoded frame.

    Raises
    ------
    VideoError
        If the recording cannot be read, or none of its frames can be trusted.
    UsageError
        If there is no such assay, or the recording ends before t0.

    Examples
    --------
    >>> read_scene("no-such-file.mp4", kind="open field")
    Traceback (most recent call last):
    ...
    littermate.errors.VideoError: no-such-file.mp4
      expected: a file
      found:    no such file
      do:       check the name and the folder
    """
    find = _FINDERS[_wanted(kind)]
    with one_thread():
        seen = _look(path, t0_s, duration_s, on_frame)
        verdict = judge(seen.looker.looks(), str(path))
        found = find(_of_the_trial(seen.frames, t0_s or verdict.t0.t_s or 0.0, verdict.camera_moves))
    picture = _stretched(found.background)
    return Scene(
        picture=picture,
        proposed_t0_s=verdict.t0.t_s,
        t0_reason=verdict.t0.reason,
        corners_px=found.corners,
        boxes_px=found.boxes,
        reason=found.reason,
        camera_moves=verdict.camera_moves,
        signature=Signature.of(picture),
    )


def _wanted(kind: str) -> str:
    """Return what an assay is placed by: a square floor, boxes, or points that have to be drawn."""
    if require_kind(kind) in _OWN:
        return _OWN[kind]
    assay = find_assay(kind)
    return _BOXES if isinstance(assay, MotionAssay) else _floor_or_drawn(assay)


def _floor_or_drawn(assay: Assay) -> str:
    """Ask a track assay for its place where nobody said anything: some then have a square floor found for them."""
    assert isinstance(assay, TrackAssay)
    try:
        assay.place(Setting(window_s=assay.window_s), assay.rules)
    except UsageError:
        return _DRAWN
    return _FLOOR


@dataclass(slots=True)
class _Seen:
    """What was seen of a recording: looks to judge it by, and some frames in full size."""

    looker: Looker = field(default_factory=Looker)
    frames: list[Frame] = field(default_factory=list)


def _look(path: str | Path, t0_s: float, duration_s: float | None, on_frame: OnFrame) -> _Seen:
    reader, seen = FrameReader(path, quick=True), _Seen()
    length_s = reader.length_s
    if not 0 <= t0_s < length_s:
        raise UsageError(
            expected=f"t0 within the recording's {length_s:.2f} s",
            found=f"{t0_s:g} s",
            do="give the time at which the animal is in place",
            where=str(path),
        )
    stop_s = length_s if duration_s is None else min(length_s, t0_s + duration_s)
    every_s = straight_s(reader, t0_s=t0_s, stop_s=stop_s) / _STRAIGHT_PICTURES
    for frame in glance(reader, t0_s=t0_s, stop_s=stop_s):
        seen.looker.look(frame)
        if frame.trusted and (not seen.frames or frame.t_s >= seen.frames[-1].t_s + every_s):
            seen.frames.append(_kept(frame))
        if on_frame is not None:
            on_frame(frame)
    if not seen.frames:
        raise VideoError(
            expected="pictures that can be trusted",
            found="damaged ones only",
            do="copy the recording again from the camera",
            where=str(path),
        )
    return seen


def _kept(frame: Frame) -> Frame:
    """Return a frame that outlasts the next one, in grey levels of 16 to 235."""
    return Frame(t_s=frame.t_s, luma=studio_range(frame.luma, frame.full_range).copy(), trusted=True)


def _of_the_trial(frames: Sequence[Frame], t0_s: float, moves: Sequence[CameraMove]) -> Sequence[Frame]:
    """Return the frames from t0 on in which the scene lies where it mostly lies; all, where that leaves too few."""
    chosen = [
        frame
        for frame in frames
        if frame.t_s >= t0_s and not any(move.start_s <= frame.t_s < move.stop_s for move in moves)
    ]
    return chosen if len(chosen) >= _FEWEST else frames


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Found:
    """A background in grey levels of 16 to 235, and what was found on it."""

    background: Picture
    reason: str
    corners: Corners | None = None
    boxes: tuple[Box, ...] = ()


def _find_floor(frames: Sequence[Frame]) -> _Found:
    background = _background(frames, whole=True).picture
    visited = _visited(frames)
    corners = find_floor(background, visited_px=visited)
    if corners is not None:
        reason = "a floor was found"
    elif visited is None:
        reason = "no four-sided floor stands out, and no animal was seen moving: draw it"
    else:
        reason = "no four-sided floor around the animal's places stands out: draw it"
    return _Found(background=background, corners=corners, reason=reason)


def _leave_to_draw(frames: Sequence[Frame]) -> _Found:
    return _Found(
        background=_background(frames, whole=True).picture, reason="this apparatus is not looked for: draw it"
    )


def _find_boxes(frames: Sequence[Frame]) -> _Found:
    some = [frames[k] for k in np.unique(np.linspace(0, len(frames) - 1, _MOST_SEARCHED).round().astype(int))]
    background, _ = bodies_in([frame.luma for frame in some], SilhouetteRules(min_area=_LEAST_AREA))
    boxes = beakers_among(some)
    number = len(boxes)
    reason = f"{number} animal{'s' * (number > 1)} found, each in its own box" if number > 1 else "one animal was found"
    return _Found(
        background=np.asarray(np.clip(np.rint(background), 0, 255), dtype=np.uint8),
        boxes=boxes,
        reason=reason if number else "no animal that moves in its own part of the picture was found: draw its box",
    )


_FINDERS = {_FLOOR: _find_floor, _BOXES: _find_boxes, _DRAWN: _leave_to_draw}


def _background(frames: Sequence[Frame], *, whole: bool) -> Background:
    """Return the background of a few frames, in full size or small."""
    height, width = frames[0].luma.shape
    part = Part(left=0, top=0, width=width, height=height, halvings=0) if whole else Part.whole((height, width))
    with KeptPictures(part) as kept:
        for frame in frames:
            kept.keep(frame.luma, full_range=False)
        return make_background(kept, np.ones(len(frames), bool))


def _visited(frames: Sequence[Frame]) -> NDArray[np.float64] | None:
    """Return where the animal was seen, (n, 2) px; `None` where it was not."""
    rules = LocateRules()
    body = learn_body(
        _background(frames, whole=False),
        share=rules.contrast_share,
        min_contrast=rules.min_contrast,
        opening=rules.opening,
        min_seen=rules.min_seen,
    )
    return None if body is None else Part.whole(frames[0].luma.shape[:2]).to_whole(body.places)


def _stretched(picture: Picture) -> Picture:
    """Return a picture of grey levels 16 (black) to 235 (white) with 0 to 255 in their place."""
    levels = (np.arange(256) - _BLACK) * 255 / (_WHITE - _BLACK)
    return np.asarray(cv2.LUT(picture, np.clip(np.rint(levels), 0, 255).astype(np.uint8)), dtype=np.uint8)


def scene_png(scene: Scene) -> bytes:
    """Return the scene's picture as the bytes of a PNG file: pixels, and nothing else (no name, no time)."""
    made, stored = cv2.imencode(".png", scene.picture)
    assert made
    return stored.tobytes()


def scene_shift(one: Signature, other: Signature) -> Shift | None:
    """Return where the scene of `one` lies in `other`, or `None` where that is not the same scene.

    Parameters
    ----------
    one
        The recording on which a placement was drawn.
    other
        The one that it may be taken over to.

    Examples
    --------
    >>> picture = np.random.default_rng(1).integers(0, 255, (12, 16), np.uint8)
    >>> picture = cv2.resize(picture, (640, 480), interpolation=cv2.INTER_CUBIC)
    >>> shift = scene_shift(Signature.of(picture), Signature.of(np.roll(picture, 12, axis=1)))
    >>> round(shift.right_px), round(shift.down_px), shift.verdict
    (12, 0, 'moved')
    >>> scene_shift(Signature.of(picture), Signature.of(picture[::-1])) is None
    True
    """
    if one.size != other.size:
        return None
    reference = find_reference(one.thumb[None])
    if reference.edges_px < _LEAST_EDGES:
        return None
    found = aligned(other.thumb, reference, doubtful=1.0)
    right, down = (along * one.shrunk_by for along in found.shift_px)
    near = np.hypot(right, down) <= max(_SIMILAR_PX, _SIMILAR_PART * max(one.size))
    if found.alike < (_SIMILAR_SCORE if near else _MOVED_SCORE) or not (near or found.agreeing >= _AGREEING):
        return None
    return Shift(right_px=right, down_px=down, score=found.alike, verdict="similar" if near else "moved")
