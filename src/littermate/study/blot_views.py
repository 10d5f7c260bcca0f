"""Blot views: a blot image for a person to look at and correct: lanes, boxes, flags, and the ratios that follow.

What is shown is what would be measured now: by the method alone (*before*), and with what people placed (*after*).
Measuring a pair takes about a second, so what was measured is remembered for as long as the program runs. No path and
no name of a file is in a view.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from littermate.model.blot import Lane
from littermate.model.blot_correction import PLACED
from littermate.model.placement import Box
from littermate.single.blot import BlotPairResult, BlotPicture, blot_picture
from littermate.store.raw_files import BlotImage, PlacedBox
from littermate.study.blotting import Pair, find_image, image_id, measured_as, pairs_with
from littermate.study.record import StudyRecord

__all__ = [
    "BlotLane",
    "BlotName",
    "BlotView",
    "LaneChange",
    "PairChange",
    "blot_name",
    "blot_names",
    "blot_view",
    "picture_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlotName:
    """A blot image by what is on it: its opaque id, target, region, membrane, and on how many lanes a person placed."""

    id: str
    target: str
    region: str
    membrane: str
    placed: int
    placed_by: tuple[str, ...]
    loading_control: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BlotLane:
    """One lane of an image.

    Parameters
    ----------
    lane
        Its number, from 1.
    holds
        The animal's code, or ``"control"``, ``"ladder"``, ``"empty"``.
    line_px
        Points ``(x, y)`` of the lane's middle, from the top of the image to its foot.
    automatic_px
        The box of the band as the program found it.
    placed_px, placed_by
        The box that a person placed, and who; nothing and empty where nobody did.
    flags
        What must be known of the band as it stands.
    """

    lane: int
    holds: str
    line_px: tuple[tuple[float, float], ...]
    automatic_px: Box
    placed_px: Box | None
    placed_by: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneChange:
    """A lane's ratio as the program finds it (`before`), and with what people placed (`after`), with its flags."""

    lane: int
    holds: str
    before: float | None
    after: float | None
    reason: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairChange:
    """All ratios of one target to one loading control on this membrane."""

    measure: str
    lanes: tuple[LaneChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlotView:
    """An image with its lanes and ratios; `image_px` is its width and height, in which boxes are given."""

    name: BlotName
    image_px: tuple[int, int]
    lanes: tuple[BlotLane, ...]
    ratios: tuple[PairChange, ...]


def blot_names(study: StudyRecord) -> tuple[BlotName, ...]:
    """Return every blot image of the study, by region, membrane and target."""
    names = [_name(study, image) for image in study.database.blot_images()]
    return tuple(sorted(names, key=lambda one: (one.region, one.membrane, one.loading_control, one.target)))


def blot_name(study: StudyRecord, wanted: str) -> BlotName:
    """Return what one image is called; see `Study.blot_name`."""
    return _name(study, find_image(study, wanted))


def _name(study: StudyRecord, image: BlotImage) -> BlotName:
    placed = [one for one in study.database.placed_boxes(image.sha256, image.target) if one.box_px is not None]
    return BlotName(
        id=image_id(study, image),
        target=image.target,
        region=image.region,
        membrane=image.membrane,
        placed=len(placed),
        placed_by=tuple(sorted({one.by for one in placed})),
        loading_control=image.target in {plan.relative_to for plan in study.protocol.blots},
    )


def picture_of(study: StudyRecord, wanted: str) -> BlotPicture:
    """Return an image to look at."""
    image = find_image(study, wanted)
    return _picture(str(study.folder.root / image.path), image.sha256)


@lru_cache(maxsize=16)
def _picture(path: str, _: str) -> BlotPicture:
    return blot_picture(path)


def blot_view(study: StudyRecord, wanted: str) -> BlotView:
    """Return an image with its lanes, boxes and ratios; see `Study.blot_view`."""
    image = find_image(study, wanted)
    pairs = pairs_with(study, image)
    said = {(one.sha256, one.target): study.database.placed_boxes(one.sha256, one.target) for one in _images(pairs)}
    automatic = [measured_as(study, pair, {}) for pair in pairs]
    standing = [measured_as(study, pair, said) for pair in pairs]
    first = pairs[0]
    return BlotView(
        name=_name(study, image),
        image_px=_picture(str(study.folder.root / image.path), image.sha256).image_px,
        lanes=tuple(
            _lanes(
                image,
                _lanes_of(automatic[0], first, image),
                _lanes_of(standing[0], first, image),
                said[image.sha256, image.target],
            )
        ),
        ratios=tuple(map(_change, pairs, automatic, standing)),
    )


def _images(pairs: Iterable[Pair]) -> Iterator[BlotImage]:
    for pair in pairs:
        yield from pair


def _lanes_of(result: BlotPairResult, pair: Pair, image: BlotImage) -> tuple[Lane, ...]:
    return result.target_lanes if pair[0] == image else result.control_lanes


def _lanes(
    image: BlotImage, automatic: Iterable[Lane], standing: Iterable[Lane], said: Iterable[PlacedBox]
) -> Iterator[BlotLane]:
    holds = dict(image.lanes)
    placed = {one.lane: one for one in said if one.box_px is not None}
    for found, now in zip(automatic, standing, strict=True):
        mine = placed.get(found.index)
        (band,) = now.bands
        yield BlotLane(
            lane=found.index,
            holds=holds.get(found.index, ""),
            line_px=tuple((x, row) for row, x in now.path_px),
            automatic_px=found.bands[0].box_px,
            placed_px=None if mine is None else mine.box_px,
            placed_by="" if mine is None else mine.by,
            flags=(*(("saturated",) if band.saturated else ()), *band.flags),
        )


def _change(pair: Pair, before: BlotPairResult, after: BlotPairResult) -> PairChange:
    holds = dict(pair[0].lanes)
    lanes = (
        LaneChange(
            lane=lane,
            holds=holds.get(lane, ""),
            before=before.readings[lane].value,
            after=reading.value,
            reason=reading.reason,
            flags=tuple(flag for flag in reading.flags if flag != PLACED),
        )
        for lane, reading in sorted(after.readings.items())
    )
    return PairChange(measure=f"{pair[0].target}/{pair[1].target}", lanes=tuple(lanes))
