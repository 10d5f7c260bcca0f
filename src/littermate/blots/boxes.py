"""Boxes: bands measured where a person says they are, by the rules by which the program measures its own.

A person's box takes the place of the automatic one and of nothing else: the baseline, its strips (as high as the row's
common width asks for), the other bands that are kept out of them, saturation and noise are those of
`littermate.blots.volumes`. A lane without a place stays as it was found, to the bit.

What could not be counted is refused; what a reader must know stands in the band's flags.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from littermate.blots.background import MIN_STRIP_PX
from littermate.blots.bands import Profile, RowOfBands, find_row, other_bands, profile_of, span_around, span_in
from littermate.blots.lanes import lane_x, shifted
from littermate.blots.rules import BandRules
from littermate.blots.volumes import Group, Sheet, Span, group_of, measure_span, sheet_of
from littermate.errors import Complaint, DataError, ImageError
from littermate.model.blot import Blot, Lane
from littermate.model.blot_correction import PLACED, BandPlace

__all__ = ["GUESSED", "box_outside", "measure_boxes"]

GUESSED = "placed between the boxes of a person"

_DRAW_ANEW = "draw the box around the lane's band"
_SAME = 0.5
_EDGE = 0.1


def measure_boxes(
    blot: Blot, lanes: Sequence[Lane], places: Sequence[BandPlace], *, rules: BandRules | None = None
) -> tuple[Lane, ...]:
    """Measure one band in every lane: in the person's box where there is one, else where `measure_row` finds it.

    Parameters
    ----------
    blot, lanes, rules
        As for `measure_row`.
    places
        The person's boxes, at most one a lane.

    Returns
    -------
    tuple of Lane
        The same lanes with exactly one band each. A placed band is flagged ``"placed by a person"``, and its lane runs
        through the middle of the box and is as wide as it. A box equal to the automatic one gives the automatic
        band to the bit. Further flags of a placed band: ``"overlaps the box of lane 4"``: pixels counted twice;
        ``"baseline from above only"`` (or below): no room on the other side; ``"signal at the edge of the box"``:
        it may cut through a band.

    Raises
    ------
    DataError
        If a place is for no lane, or two for one; if a box reaches out of the image, shares more than half of a box
        with another lane's, or breaks the order of the lanes; if neither above nor below it is room for a baseline.
    ImageError
        If no row of bands stands out in any lane, and no person says where one is.
    UsageError
        If there is no lane, and no person says where one is.

    Notes
    -----
    Where the program sees no row of bands, the person's boxes are the row: lanes without one get a box of the usual
    size between them, flagged ``"placed between the boxes of a person"``. Where it sees no lanes (`lanes` is empty),
    the boxes are the lanes.

    Examples
    --------
    >>> from littermate.blots.image import blot_of
    >>> from littermate.blots.lanes import find_lanes
    >>> from littermate.simulate.blot import BandRow, BlotScene, paint_blot
    >>> row = BandRow(row_px=130, volumes=(1.0, 0.5, 0.8, 1.2))
    >>> blot = blot_of(paint_blot([row], scene=BlotScene(width=300), seed=1)[0])
    >>> lanes = find_lanes(blot, n=4)
    >>> (left, top, width, height) = measure_boxes(blot, lanes, [])[1].bands[0].box_px
    >>> corrected = measure_boxes(blot, lanes, [BandPlace(lane=2, box_px=(left, top - 3, width, height + 6))])
    >>> [lane.bands[0].flags for lane in corrected]
    [(), ('placed by a person',), (), ()]
    """
    rules = rules or BandRules()
    row = _row_of_bands(blot, lanes, places, rules)
    found = row.measured(blot, rules)
    if not places:
        return found
    _require_places(blot, found, places)
    by_lane = {place.lane: place for place in places}
    sheet = sheet_of(blot, row.lanes, rules)
    measured = [
        lane if lane.index not in by_lane else _corrected(sheet, lane, by_lane[lane.index], row.fwhm) for lane in found
    ]
    _require_apart(measured, set(by_lane), blot.path)
    return tuple(_with_overlaps(lane, measured) if lane.index in by_lane else lane for lane in measured)


def _row_of_bands(blot: Blot, lanes: Sequence[Lane], places: Sequence[BandPlace], rules: BandRules) -> RowOfBands:
    """Return the row of bands that is seen, or else the one through a person's boxes."""
    if not lanes and places:
        lanes = tuple(_lane_around(place) for place in sorted(places, key=lambda place: place.lane))
    try:
        return find_row(blot, lanes, rules=rules)
    except ImageError:
        if not places:
            raise
    _require_places(blot, lanes, places)
    return _row_between(blot, lanes, places, rules)


def _lane_around(place: BandPlace) -> Lane:
    """Return an upright lane as wide as a box."""
    left, top, width, height = place.box_px
    centre = left + (width - 1) / 2
    path = ((float(top), centre), (float(top + height - 1), centre))
    return Lane(index=place.lane, centre_px=centre, width_px=float(width), path_px=path)


def _row_between(blot: Blot, lanes: Sequence[Lane], places: Sequence[BandPlace], rules: BandRules) -> RowOfBands:
    """Return the row that runs through the middles of the boxes, as high as they usually are."""
    known = sorted(places, key=lambda place: place.lane)
    middles = [place.box_px[1] + (place.box_px[3] - 1) / 2 for place in known]
    rows = np.interp([lane.index for lane in lanes], [place.lane for place in known], middles)
    fwhm = max(1.0, float(np.median([place.box_px[3] for place in known])) / (2 * rules.reach))
    return RowOfBands(
        lanes=tuple(lanes),
        profiles=tuple(profile_of(blot.pixels, lane, rules) for lane in lanes),
        spans=tuple(span_around(row, fwhm, blot.pixels.shape[0], rules) for row in rows.tolist()),
        flags=(GUESSED,),
    )


def _require_places(blot: Blot, lanes: Sequence[Lane], places: Sequence[BandPlace]) -> None:
    complaints = tuple(_complaints(blot, {lane.index for lane in lanes}, places))
    if complaints:
        raise DataError.of(complaints)


def _complaints(blot: Blot, lanes: set[int], places: Sequence[BandPlace]) -> Iterator[Complaint]:
    times = Counter(place.lane for place in places)
    for lane in sorted(times):
        where = _where(blot.path, lane)
        if lane not in lanes:
            yield Complaint(
                expected=f"a lane from 1 to {max(lanes)}", found=f"lane {lane}", do="count lanes from 1", where=where
            )
        if times[lane] > 1:
            yield Complaint(
                expected="one box a lane", found=f"{times[lane]} boxes", do="keep the band that counts", where=where
            )
    for place in places:
        if outside := box_outside(blot, place.box_px, do=_DRAW_ANEW, where=_where(blot.path, place.lane)):
            yield outside


def box_outside(blot: Blot, box_px: tuple[int, int, int, int], *, do: str, where: str) -> Complaint | None:
    """Complain of a box that reaches out of the image; `None` where it does not."""
    rows, columns = blot.pixels.shape
    left, top, width, height = box_px
    if left >= 0 and top >= 0 and left + width <= columns and top + height <= rows:
        return None
    return Complaint(
        expected=f"a box inside the image of {columns} x {rows} px",
        found=f"columns {left} to {left + width - 1}, rows {top} to {top + height - 1}",
        do=do,
        where=where,
    )


def _where(path: str, lane: int) -> str:
    return f"{path}, lane {lane}" if path else f"lane {lane}"


def _corrected(sheet: Sheet, lane: Lane, place: BandPlace, fwhm: float) -> Lane:
    """Return a lane as a person placed it; a box where the program had it changes nothing but the flags."""
    (automatic,) = lane.bands
    if place.box_px == automatic.box_px:
        kept = [flag for flag in automatic.flags if flag != GUESSED]
        return replace(lane, bands=(replace(automatic, flags=(PLACED, *kept)),))
    moved = _moved(lane, place)
    line = profile_of(sheet.blot.pixels, moved, sheet.rules)
    span = span_in(place.box_px, line.raised, fwhm)
    group = group_of(span, other_bands(line, span, sheet.rules), sheet.blot.pixels.shape[0], sheet.rules)
    _require_strip(group, _where(sheet.blot.path, lane.index))
    band = measure_span(sheet, moved, group, span)
    edge = ("signal at the edge of the box",) if _is_cut(sheet, moved, group, span, line) else ()
    return replace(moved, bands=(replace(band, flags=(PLACED, *band.flags, *edge)),))


def _moved(lane: Lane, place: BandPlace) -> Lane:
    """Move a lane sideways, as it leans, until it runs through the middle of a box."""
    left, top, width, height = place.box_px
    row = np.array([top + (height - 1) / 2])
    by = left + (width - 1) / 2 - float(lane_x(lane, row)[0])
    return shifted(lane, by, float(width))


def _require_strip(group: Group, where: str) -> None:
    if not group.has_strip_above and not group.has_strip_below:
        raise DataError(
            expected=f"{MIN_STRIP_PX} rows of background or more above or below the box, which give the baseline",
            found="other bands or the image's edges on both sides",
            do="draw the box less high",
            where=where,
        )


def _is_cut(sheet: Sheet, lane: Lane, group: Group, span: Span, line: Profile) -> bool:
    """Whether a tenth of a band's height stands, out of the noise, at an edge of its box: it may cut through a band."""
    rules = sheet.rules
    along = line.raised[span.top : span.bottom]
    high = max(rules.min_snr * line.noise, _EDGE * float(along.max()))
    if max(float(along[0]), float(along[-1])) > high:
        return True
    left, right = span.columns or (0, 0)
    usual = measure_span(sheet, lane, group, span).volume / (right - left)
    edges = [replace(span, columns=(at, at + 1)) for at in (left, right - 1)]
    sides = [measure_span(sheet, lane, replace(group, spans=(edge,)), edge) for edge in edges]
    return any(side.volume > max(rules.min_snr * (side.noise or 0.0), _EDGE * usual) for side in sides)


def _require_apart(lanes: Sequence[Lane], placed: set[int], path: str) -> None:
    """Refuse boxes out of order, and boxes of two lanes that are around the same pixels."""
    complaints = [
        Complaint(
            expected=f"the box of lane {left.index} left of that of lane {right.index}, and mostly apart from it",
            found=f"{left.bands[0].box_px} and {right.bands[0].box_px}",
            do="draw the boxes of both lanes",
            where=_where(path, left.index if left.index in placed else right.index),
        )
        for left, right in combinations(lanes, 2)
        if placed & {left.index, right.index} and (_middle(left) >= _middle(right) or _share(left, right) > _SAME)
    ]
    if complaints:
        raise DataError.of(complaints)


def _middle(lane: Lane) -> float:
    left, _, width, _ = lane.bands[0].box_px
    return left + width / 2


def _share(one: Lane, other: Lane) -> float:
    """Return the pixels that two lanes' boxes have in common, as a share of the smaller box."""
    boxes = [lane.bands[0].box_px for lane in (one, other)]
    wide, high = (max(0, min(box[at] + box[at + 2] for box in boxes) - max(box[at] for box in boxes)) for at in (0, 1))
    return wide * high / min(width * height for _, _, width, height in boxes)


def _with_overlaps(lane: Lane, lanes: Sequence[Lane]) -> Lane:
    (band,) = lane.bands
    said = [f"overlaps the box of lane {one.index}" for one in lanes if one is not lane and _share(lane, one) > 0]
    return replace(lane, bands=(replace(band, flags=(*band.flags, *said)),))
