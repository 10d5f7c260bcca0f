"""Recording: one video file, as decoding it from end to end showed it to be.

Times are the recording's own timestamps in seconds, counted from its first shown frame; `first_timestamp_s` is what
the file itself gave that frame.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Recording"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One video file and what was found in it.

    Parameters
    ----------
    path, sha256
        Where it is and the hash of its bytes.
    codec, width, height
        As decoded; width and height in pixels after rotation.
    frames_decoded, frames_header
        Frames that came out, and frames the header promises (`None` where it does not say).
    duration_s
        From the first frame to the end of the last one (its start plus the median interval).
    fps_median
        One over the median interval.
    variable_frame_rate
        Whether intervals differ by more than a tenth of the median for more than 1 % of frames.
    corrupt_frames
        Frames that the decoder marked as corrupt, or that came with an error in its log.
    gaps
        Half-open ``(start_s, stop_s)`` without a trustworthy frame: longer than three median intervals, or corrupt.
    first_timestamp_s
        The file's own time of the first frame.
    """

    path: str
    sha256: str
    codec: str
    width: int
    height: int
    frames_decoded: int
    frames_header: int | None
    duration_s: float
    fps_median: float
    variable_frame_rate: bool
    corrupt_frames: int
    gaps: tuple[tuple[float, float], ...] = ()
    first_timestamp_s: float = 0.0
