"""Blot sources: a lane of a membrane in words: its images, the boxes of its bands, and the parts of its ratio.

Volumes are measured again from the images by the recipes they were measured with, which takes a moment and shows that
the number on record is what the image gives. An image that is not there any more, or has changed, is said to be so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from littermate.blots.loading import LaneRatio, ratio
from littermate.blots.recipe import rules_of
from littermate.blots.recipe_file import read_recipe
from littermate.errors import DataError
from littermate.files import sha256_of
from littermate.model.blot import Lane
from littermate.model.measurement import Measurement
from littermate.report.numbers import significant
from littermate.report.trail import TrailSource, TrailTable
from littermate.single.blot import measure_recipe
from littermate.store.manifests import CONTROL
from littermate.store.raw_files import BlotImage
from littermate.study.blot_pairs import Pair, pairs_among
from littermate.study.picturing import blot_stem, keep_uncropped, recipe_path
from littermate.study.record import StudyRecord

__all__ = ["LaneKey", "again", "blot_sources"]

LaneKey = tuple[str, str, str]
"""Region, measure and code of a value that a lane is part of."""

Recorded = Mapping[tuple[str, str], Measurement]
_HEAD = ("image", "row (px)", "box: left, top, width, height (px)", "volume", "baseline", "flags")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Membrane:
    """A pair with both images' lanes by number, and its ratios; empty where they cannot be measured again."""

    pair: Pair
    measure: str
    lanes: tuple[Mapping[int, Lane], Mapping[int, Lane]]
    ratios: Mapping[int, LaneRatio]
    trouble: str


def again(recorded: float | None, now: float | None) -> str:
    """Say whether a value that was worked out anew is the one on record.

    Examples
    --------
    >>> again(0.5, 0.5), again(0.5, None)
    ('the same value', 'no value, not the 0.5 on record')
    """
    both = None not in (recorded, now)
    if recorded is now or (both and math.isclose(recorded or 0.0, now or 0.0, rel_tol=1e-9, abs_tol=1e-12)):
        return "the same value"
    return f"{significant(now, 8) if now is not None else 'no value'}, not the {significant(recorded, 8)} on record"


def blot_sources(study: StudyRecord, recorded: Recorded) -> Iterator[tuple[LaneKey, TrailSource]]:
    """Describe every animal's lane of every planned pair.

    Parameters
    ----------
    recorded
        The measurements by outcome and code.
    """
    codes = {tag.code for tag in study.tags}
    measures = [(plan.target, plan.relative_to) for plan in study.protocol.blots]
    outcomes = {(one.region, one.measure): one.name for one in study.protocol.outcomes if one.assay == "blot"}
    for pair in pairs_among(study.database.blot_images(), measures):
        membrane = _measured(study, pair)
        lanes = [(lane, code) for lane, code in pair[0].lanes if code in codes]
        counted = [code for _, code in lanes]
        pictures = _pictures(study, pair)
        for lane, code in lanes:
            outcome = outcomes.get((pair[0].region, membrane.measure), "")
            alone = recorded.get((outcome, code)) if counted.count(code) == 1 else None
            yield (pair[0].region, membrane.measure, code), _source(membrane, lane, code, alone, pictures)


def _pictures(study: StudyRecord, pair: Pair) -> tuple[str, ...]:
    uncropped = [path.stem for path in (keep_uncropped(study, image) for image in pair) if path is not None]
    return blot_stem(pair[0].sha256), *uncropped


def _measured(study: StudyRecord, pair: Pair) -> _Membrane:
    """Measure a pair again by its recipes."""
    measure, controls = f"{pair[0].target}/{pair[1].target}", [lane for lane, code in pair[0].lanes if code == CONTROL]
    try:
        lanes = tuple({lane.index: lane for lane in _lanes(study, image)} for image in pair)
        rules = rules_of(read_recipe(recipe_path(study, pair[0].sha256)))
        found = ratio(*map(_in_order, lanes), reference_lanes=controls, rules=rules.loading)
    except DataError as fault:
        words = f"not measured again: {'; '.join(f'{one.expected}, found {one.found}' for one in fault.complaints)}"
        return _Membrane(pair=pair, measure=measure, lanes=({}, {}), ratios={}, trouble=words)
    target, control = lanes
    ratios = {one.lane: one for one in found}
    return _Membrane(pair=pair, measure=measure, lanes=(target, control), ratios=ratios, trouble="")


def _in_order(lanes: Mapping[int, Lane]) -> list[Lane]:
    return [lanes[index] for index in sorted(lanes)]


def _lanes(study: StudyRecord, image: BlotImage) -> tuple[Lane, ...]:
    path = study.folder.root / image.path
    if sha256_of(path) != image.sha256:
        raise DataError(
            expected=f"{image.path} as it was measured", found="a file with another hash", do="put the old file back"
        )
    return measure_recipe(path, read_recipe(recipe_path(study, image.sha256))).lanes


def _source(
    membrane: _Membrane, lane: int, code: str, recorded: Measurement | None, pictures: tuple[str, ...]
) -> TrailSource:
    target, control = membrane.pair
    last = max(number for number, _ in target.lanes)
    return TrailSource(
        id=f"lane {lane} of {target.sha256[:12]} {membrane.measure}",
        kind="lanes",
        title=f"{membrane.measure}, {target.region}, membrane {target.membrane}, lane {lane}",
        facts=(
            ("animal's code", code),
            ("membrane", f"{target.membrane}, {target.region}; lane {lane} of {last}"),
            (f"image of {target.target}", target.path),
            ("its SHA-256", target.sha256),
            (f"loading control, {control.target}", control.path),
            ("its SHA-256", control.sha256),
            *_ratio_facts(membrane, lane, recorded),
        ),
        tables=_band_tables(membrane, lane),
        pictures=pictures,
    )


def _ratio_facts(membrane: _Membrane, lane: int, recorded: Measurement | None) -> Iterator[tuple[str, str]]:
    """Say of which parts the ratio is made."""
    one = membrane.ratios.get(lane)
    if one is None:
        yield "volumes", membrane.trouble or "the lane was not found"
        return
    if one.unscaled is not None:
        parts = f"{significant(one.target, 6)} / {significant(one.control, 6)}"
        yield f"{membrane.measure} on the lane", f"{parts} = {significant(one.unscaled, 6)}"
    if one.unscaled and one.value and one.unscaled != one.value:
        others = ", ".join(str(number) for number, code in membrane.pair[0].lanes if code == CONTROL)
        scale = f"inter-blot control (lanes {others}): {significant(one.unscaled / one.value, 6)}"
        yield "scaled by", f"{scale}; {significant(one.unscaled, 6)} / that = {significant(one.value, 6)}"
    if one.reason:
        yield "no value", one.reason
    if recorded is not None:
        yield "measured again for this report", again(recorded.value, one.value)


def _band_tables(membrane: _Membrane, lane: int) -> tuple[TrailTable, ...]:
    rows = []
    for image, lanes in zip(membrane.pair, membrane.lanes, strict=True):
        for band in lanes[lane].bands if lane in lanes else ():
            flags = ", ".join((*(("saturated",) if band.saturated else ()), *band.flags))
            box, place = ", ".join(map(str, band.box_px)), f"{band.row_px:.1f}"
            rows.append((image.target, place, box, significant(band.volume, 6), significant(band.background, 6), flags))
    return (TrailTable(caption="Bands", head=_HEAD, rows=tuple(rows)),) if rows else ()
