"""Outline: a line on the picture of a recording: a wall of the floor, a line of its grid, a zone, a box.

Lengths are px of the whole picture, the middle of the upper left pixel at (0, 0), right and down positive.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.placement import Box, Placement

__all__ = ["AnalysedPlace", "Outline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A line to draw; `name` is written at its middle, empty for none.

    Examples
    --------
    >>> Outline.of_box((10, 20, 4, 2)).points_px
    ((9.5, 19.5), (13.5, 19.5), (13.5, 21.5), (9.5, 21.5))
    """

    points_px: tuple[tuple[float, float], ...]
    name: str = ""
    closed: bool = True
    faint: bool = False

    @classmethod
    def of_box(cls, box: Box) -> Outline:
        """Return the line around the pixels of a box: half a pixel outside the middles of its outer ones."""
        x, y, width, height = box
        left, top, right, bottom = x - 0.5, y - 0.5, x + width - 0.5, y + height - 0.5
        return cls(points_px=((left, top), (right, top), (right, bottom), (left, bottom)))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysedPlace:
    """Where a trial was when it was analysed: what a person had said, and every line as the analysis had it.

    `outlines` is empty where the whole picture was looked at.
    """

    placement: Placement
    outlines: tuple[Outline, ...] = ()
