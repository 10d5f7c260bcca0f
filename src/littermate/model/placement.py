"""Placement: when a trial starts in its recording, and where its arena is. A later one stands in place of an earlier.

Lengths are px of the whole picture, times seconds of the recording's own clock.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.errors import DataError

__all__ = ["Box", "Corners", "Placement"]

Box = tuple[int, int, int, int]
Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Start and arena of one trial.

    Parameters
    ----------
    trial
        The trial's id.
    t0_s
        Start of the trial in the recording.
    arena_px
        Where the animal can be, ``(x, y, width, height)``; `None` for anywhere, or an automatic proposal.
    corners_px
        Corners of the floor, upper left, upper right, lower right, lower left; `None` to have them found.
    """

    trial: str
    t0_s: float = 0.0
    arena_px: Box | None = None
    corners_px: Corners | None = None

    def __post_init__(self) -> None:
        if not self.t0_s >= 0:
            raise DataError(expected="a start at 0 s or later", found=f"{self.t0_s} s", do="correct t0")
        if self.arena_px is not None and min(self.arena_px[2:]) <= 0:
            raise DataError(
                expected="an arena with a width and a height above 0 px", found=f"{self.arena_px}", do="correct it"
            )
