"""Corrections: what a person says about lanes and bands, done to what the program found.

A correction changes the lane it names, and no other lane by a bit. The bands of a lane whose bands were corrected get
their strips anew, by the same rules as all; boxes that would overlap are parted at the valley between them. A lane that
was moved takes its bands along; one that was added gets the bands that stand out in it by the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from littermate.blots.bands import find_spans, profile_of, span_in
from littermate.blots.boxes import box_outside
from littermate.blots.lanes import shifted
from littermate.blots.volumes import Sheet, Span, columns_of, groups
from littermate.errors import DataError
from littermate.model.blot import Lane
from littermate.model.blot_correction import PLACED
from littermate.model.blot_recipe import BandChoice, BlotCorrection, LaneChoice

__all__ = ["LANE_PLACED", "corrected", "once", "span_of"]

LANE_PLACED = f"lane {PLACED}"


def once(flags: Iterable[str]) -> tuple[str, ...]:
    """Return flags without repeats."""
    return tuple(dict.fromkeys(flags))


def span_of(band: BandChoice) -> Span:
    """Return a chosen band on its way to be summed."""
    left, top, width, height = band.box_px
    return Span(row=band.row_px, top=top, bottom=top + height, fwhm=band.fwhm_px, columns=(left, left + width))


def corrected(sheet: Sheet, lanes: tuple[LaneChoice, ...], said: BlotCorrection, where: str) -> tuple[LaneChoice, ...]:
    """Return the lanes after one correction, counted anew."""
    if said.do == "add lane":
        return _numbered((*lanes, _new_lane(sheet, lanes, said, where)))
    choice = next((one for one in lanes if one.lane.index == said.lane), None)
    if choice is None:
        raise DataError(
            expected=f"a lane from 1 to {len(lanes)}" if lanes else "a lane: there is none yet",
            found=f"lane {said.lane}",
            do="count lanes from the left, as the corrections before have left them",
            where=where,
        )
    others = tuple(one for one in lanes if one is not choice)
    if said.do == "remove lane":
        return _numbered(others)
    if said.do == "move lane":
        return _numbered((*others, _moved_lane(sheet, choice, said, where)))
    return _numbered((*others, _with_band(sheet, choice, said, where)))


def _numbered(lanes: Iterable[LaneChoice]) -> tuple[LaneChoice, ...]:
    ordered = sorted(lanes, key=lambda choice: choice.lane.centre_px)
    return tuple(replace(one, lane=replace(one.lane, index=number)) for number, one in enumerate(ordered, 1))


def _new_lane(sheet: Sheet, lanes: Sequence[LaneChoice], said: BlotCorrection, where: str) -> LaneChoice:
    """Return a lane that leans like its nearest neighbour, as wide as usual, with the bands that stand out in it."""
    x, rows = _inside(sheet, said, where), sheet.blot.pixels.shape[0]
    if not lanes and said.width_px is None:
        raise DataError(expected="the width of the first lane", found="x_px alone", do="give width_px too", where=where)
    width = said.width_px or float(np.median([one.lane.width_px for one in lanes]))
    if lanes:
        near = min((one.lane for one in lanes), key=lambda lane: abs(lane.centre_px - x))
        lane = shifted(near, x - near.centre_px, width)
    else:
        lane = Lane(index=1, centre_px=x, width_px=width, path_px=((0.0, x), (float(rows - 1), x)))
    spans = find_spans(sheet.blot, lane, sheet.rules, beside=[one.lane for one in lanes])
    return LaneChoice(lane=lane, bands=_choices(sheet, lane, [(span, (LANE_PLACED,)) for span in spans]))


def _inside(sheet: Sheet, said: BlotCorrection, where: str) -> float:
    columns = sheet.blot.pixels.shape[1]
    if said.x_px is None or not 0 <= said.x_px <= columns - 1:
        raise DataError(
            expected=f"a centre from 0 to {columns - 1} px", found=f"{said.x_px}", do="place it anew", where=where
        )
    return float(said.x_px)


def _moved_lane(sheet: Sheet, choice: LaneChoice, said: BlotCorrection, where: str) -> LaneChoice:
    """Return a lane moved sideways as it leans; the rows of its bands stay."""
    x = _inside(sheet, said, where)
    lane = shifted(choice.lane, x - choice.lane.centre_px, said.width_px or choice.lane.width_px)
    bands = []
    for band in choice.bands:
        left, right = columns_of(lane, replace(span_of(band), columns=None), sheet.blot.pixels.shape[1])
        box = (left, band.box_px[1], right - left, band.box_px[3])
        bands.append(replace(band, box_px=box, flags=once((*band.flags, LANE_PLACED))))
    return LaneChoice(lane=lane, bands=tuple(bands))


def _with_band(sheet: Sheet, choice: LaneChoice, said: BlotCorrection, where: str) -> LaneChoice:
    """Return a lane with a band added, moved or removed."""
    kept = [(span_of(band), band.flags) for band in choice.bands]
    if said.band is not None:
        if said.band > len(kept):
            raise DataError(
                expected=f"a band from 1 to {len(kept)} on lane {said.lane}" if kept else f"bands on lane {said.lane}",
                found=f"band {said.band}",
                do="count bands from the top, as the corrections before have left them",
                where=where,
            )
        del kept[said.band - 1]
    if said.box_px is not None:
        kept.append((_placed_span(sheet, choice, said.box_px, where), (PLACED,)))
    return replace(choice, bands=_choices(sheet, choice.lane, _apart(sheet, choice.lane, kept, where)))


def _placed_span(sheet: Sheet, choice: LaneChoice, box: tuple[int, int, int, int], where: str) -> Span:
    if outside := box_outside(sheet.blot, box, do="draw the box anew", where=where):
        raise DataError.of([outside])
    usual = [band.fwhm_px for band in choice.bands]
    fwhm = float(np.median(usual)) if usual else max(1.0, box[3] / (2 * sheet.rules.reach))
    return span_in(box, profile_of(sheet.blot.pixels, choice.lane, sheet.rules).raised, fwhm)


Placed = tuple[Span, tuple[str, ...]]


def _apart(sheet: Sheet, lane: Lane, spans: Sequence[Placed], where: str) -> list[Placed]:
    """Part the boxes that overlap at the valley between their peaks."""
    ordered = sorted(spans, key=lambda one: one[0].row)
    raised = profile_of(sheet.blot.pixels, lane, sheet.rules).raised
    for number in range(len(ordered) - 1):
        (upper, said), (lower, also) = ordered[number], ordered[number + 1]
        if upper.bottom <= lower.top:
            continue
        first, last = round(upper.row), round(lower.row)
        if last - first < 2:
            raise DataError(
                expected="one band on one row of a lane",
                found=f"two on rows {upper.row:.0f} and {lower.row:.0f}",
                do="move the band that is there, or draw the box elsewhere",
                where=where,
            )
        valley = first + 1 + int(np.argmin(raised[first + 1 : last]))
        ordered[number] = replace(upper, bottom=max(valley, upper.top + 1)), said
        ordered[number + 1] = replace(lower, top=min(valley, lower.bottom - 1)), also
    return ordered


def _choices(sheet: Sheet, lane: Lane, spans: Sequence[Placed]) -> tuple[BandChoice, ...]:
    """Give a lane's spans their strips by the rules."""
    flags = {id(span): said for span, said in spans}
    columns = sheet.blot.pixels.shape[1]
    choices = []
    for group in groups([span for span, _ in spans], sheet.blot.pixels.shape[0], sheet.rules):
        for span in group.spans:
            left, right = columns_of(lane, span, columns)
            choices.append(
                BandChoice(
                    row_px=span.row,
                    box_px=(left, span.top, right - left, span.bottom - span.top),
                    fwhm_px=span.fwhm,
                    strips_px=(group.above, group.below),
                    flags=flags[id(span)],
                )
            )
    return tuple(choices)
