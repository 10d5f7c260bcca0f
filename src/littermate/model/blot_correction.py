"""Blot correction: where a person says the band of a lane is.

The correction of one image is a tuple of `BandPlace`, one a lane; lanes that are not in it stay as the program found
them, and the empty tuple is no correction. It belongs to the image and not to its role as target or loading control.

There is no other record. A lane has no place of its own beside its box: in an image of a pair one band a lane counts,
so the box says where the lane is too (its centre line is moved through the middle of the box). Nor is there a volume:
a person says where, and the rules say how much.

Boxes are ``(left, top, width, height)`` in whole px of the uncropped image, as in `Band.box_px`; lanes count from 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.errors import DataError

__all__ = ["PLACED", "BandPlace"]

PLACED = "placed by a person"


@dataclass(frozen=True, slots=True, kw_only=True)
class BandPlace:
    """The box of the band that counts on one lane, as a person placed it.

    Parameters
    ----------
    lane
        Its index, from 1.
    box_px
        ``(left, top, width, height)``: the pixels from `left` up to, not including, `left + width`.

    Raises
    ------
    DataError
        If these are no whole numbers, or the lane, width or height is below 1. Whether the box lies in the image is
        for whoever has the image to say.

    Examples
    --------
    >>> BandPlace(lane=3, box_px=(120, 60, 40, 0))
    Traceback (most recent call last):
    ...
    littermate.errors.DataError: lane 3
      expected: a lane from 1 on and a box (left, top, width, height) of whole px, 1 or more wide and high
      found:    (120, 60, 40, 0)
      do:       draw the box around the band
    """

    lane: int
    box_px: tuple[int, int, int, int]

    def __post_init__(self) -> None:
        whole = len(self.box_px) == 4 and all(type(size) is int for size in (self.lane, *self.box_px))
        if not whole or self.lane < 1 or min(self.box_px[2:]) < 1:
            raise DataError(
                expected="a lane from 1 on and a box (left, top, width, height) of whole px, 1 or more wide and high",
                found=f"{self.box_px}",
                do="draw the box around the band",
                where=f"lane {self.lane}",
            )
