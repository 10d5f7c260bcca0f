"""Trial: one animal (by its code), one assay, one time, one recording.

The trial clock starts at `t0_s`, the moment the animal is in place and the hand is away, in seconds of the
recording. Windows count from t0.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.placement import Box, Corners

__all__ = ["Trial"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One trial and the recording it is on.

    Parameters
    ----------
    id
        Opaque and without order; it is what a scorer sees.
    code
        The animal's code.
    assay
        Name of the assay in the protocol: ``"forced swim"``.
    recording
        Path of the file, relative to the study folder, with forward slashes.
    sha256
        Hash of the recording.
    t0_s
        Start of the trial in the recording.
    arena_px
        Where the animal can be, ``(x, y, width, height)`` in px, or `None` for the whole picture or an automatic
        proposal.
    corners_px
        Corners of the floor, upper left, upper right, lower right, lower left, in px, or `None` to have them found.
    """

    id: str
    code: str
    assay: str
    recording: str
    sha256: str
    t0_s: float = 0.0
    arena_px: Box | None = None
    corners_px: Corners | None = None
