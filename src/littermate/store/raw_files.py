"""Raw files: recordings, blot images and plate-reader files that came in, known by the SHA-256 of their bytes.

Paths are relative to the study folder, with forward slashes.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.finding import Finding
from littermate.model.placement import Box
from littermate.model.recording import Recording

__all__ = ["BlotImage", "PlacedBox", "PlateFile", "RecordingFile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlotImage:
    """One image of one target on one membrane; `lanes` are pairs (lane from 1, what is on it)."""

    path: str
    sha256: str
    target: str
    region: str
    membrane: str
    lanes: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedBox:
    """What a person said last of the band of one lane: its box, or nothing where it is to be as it was found.

    `sha256` and `target` are those of the image; `by` is who said it, as the journal has it.
    """

    sha256: str
    target: str
    lane: int
    box_px: Box | None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateFile:
    """One plate-reader file; `kind` is ``"bca"`` or ``"elisa"``."""

    path: str
    sha256: str
    kind: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFile:
    """One recording as it came in: what is in it, and what the checks said of it. `recording.path` is as above."""

    recording: Recording
    findings: tuple[Finding, ...] = ()
