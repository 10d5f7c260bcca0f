"""Blot recipe: every choice that was made between an image and its volumes.

A recipe says which image, how it was read, what the program found in it, by which rules bands are summed, and what
persons corrected, in that order. With the same image it gives the same volumes to the bit.

`BlotRecipe.lanes` is what the program found and is never changed. What persons said stands in `corrections`, a list
that only grows: each record does one thing to the lanes as the records before it have left them. Lanes count from 1,
from left to right, the bands of a lane from 1, from top to bottom; both are counted anew after each record, as a reader
sees them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from littermate.errors import DataError
from littermate.model.blot import Lane

__all__ = ["BandChoice", "BlotCorrection", "BlotRecipe", "LaneChoice"]

Box = tuple[int, int, int, int]
Rows = tuple[int, int]
Parameter = float | str | bool | tuple[object, ...] | None

_NEEDS: dict[str, frozenset[str]] = {
    "add lane": frozenset({"x_px"}),
    "move lane": frozenset({"lane", "x_px"}),
    "remove lane": frozenset({"lane"}),
    "add band": frozenset({"lane", "box_px"}),
    "move band": frozenset({"lane", "band", "box_px"}),
    "remove band": frozenset({"lane", "band"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BandChoice:
    """Where a band is summed.

    Parameters
    ----------
    row_px
        Row of its peak.
    box_px
        ``(left, top, width, height)`` in whole px.
    fwhm_px
        Full width at half maximum along the lane.
    strips_px
        Half-open rows of the strips above and below that give the baseline. Neighbours with the same strips share them.
    flags
        What the box's place says: ``"placed by a person"``. What the pixels say is measured anew.
    """

    row_px: float
    box_px: Box
    fwhm_px: float
    strips_px: tuple[Rows, Rows]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneChoice:
    """Where a lane runs, a `Lane` without bands, and where its bands are summed, from top to bottom."""

    lane: Lane
    bands: tuple[BandChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlotCorrection:
    """One thing a person says about the lanes or bands of an image.

    Parameters
    ----------
    do
        ``"add lane"`` (x_px; width_px), ``"move lane"`` (lane, x_px; width_px), ``"remove lane"`` (lane),
        ``"add band"`` (lane, box_px), ``"move band"`` (lane, band, box_px), ``"remove band"`` (lane, band).
    lane, band
        Counted as the records before have left them.
    box_px
        ``(left, top, width, height)`` of a band, in whole px of the uncropped image.
    x_px, width_px
        A lane's new centre at the image's middle row, and its new width.
    by
        Who says so; empty where nobody was named.

    Raises
    ------
    DataError
        If a record lacks what it needs, or has what it has no use for.

    Examples
    --------
    >>> BlotCorrection(do="remove band", lane=3)
    Traceback (most recent call last):
    ...
    littermate.errors.DataError: correction 'remove band'
      expected: band, lane and nothing else
      found:    lane
      do:       say all that this correction needs
    """

    do: str
    lane: int | None = None
    band: int | None = None
    box_px: Box | None = None
    x_px: float | None = None
    width_px: float | None = None
    by: str = ""

    def __post_init__(self) -> None:
        where = f"correction {self.do!r}"
        if self.do not in _NEEDS:
            raise DataError(
                expected=", ".join(_NEEDS), found=repr(self.do), do="choose one of these", where="a correction"
            )
        said = {name for name in ("lane", "band", "box_px", "x_px", "width_px") if getattr(self, name) is not None}
        optional = {"width_px"} if "x_px" in _NEEDS[self.do] else set()
        if said - optional != _NEEDS[self.do]:
            raise DataError(
                expected=f"{', '.join(sorted(_NEEDS[self.do]))} and nothing else",
                found=", ".join(sorted(said)) or "nothing",
                do="say all that this correction needs",
                where=where,
            )
        if not self._sound():
            raise DataError(
                expected="lanes and bands from 1 on, a box of whole px, 1 or more wide and high, a width of 1 or more",
                found=f"lane {self.lane}, band {self.band}, box {self.box_px}, x {self.x_px}, width {self.width_px}",
                do="write px of the uncropped image",
                where=where,
            )

    def _sound(self) -> bool:
        counts = all(size is None or (type(size) is int and size >= 1) for size in (self.lane, self.band))
        box = self.box_px is None or (
            len(self.box_px) == 4 and all(type(size) is int for size in self.box_px) and min(self.box_px[2:]) >= 1
        )
        x = self.x_px is None or math.isfinite(self.x_px)
        width = self.width_px is None or (math.isfinite(self.width_px) and self.width_px >= 1)
        return counts and box and x and width


@dataclass(frozen=True, slots=True, kw_only=True)
class BlotRecipe:
    """Every choice between one image and its volumes.

    Parameters
    ----------
    program
        Version of the program that made it.
    sha256, shape, polarity
        The image: the hash of its bytes, its rows and columns, and ``"bright"`` or ``"dark"`` = signal.
    n_lanes
        The number of lanes that was asked for, `None` where they were counted.
    rules
        Name and value of all parameters, sorted; ``"bands.reach"``.
    rules_hash
        That of the rule set: parameters and words.
    ladder
        As given, ``"1:250,150,100"``; `None` without one.
    lanes
        What the program found, from left to right.
    corrections
        What persons said, in order.
    """

    program: str
    sha256: str
    shape: tuple[int, int]
    polarity: str
    n_lanes: int | None
    rules: tuple[tuple[str, Parameter], ...]
    rules_hash: str
    ladder: str | None
    lanes: tuple[LaneChoice, ...]
    corrections: tuple[BlotCorrection, ...] = ()
