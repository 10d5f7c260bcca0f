"""Encode: pictures with times into a video file, by PyAV."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from littermate.files import written_whole

__all__ = ["write_video"]

_TIME_BASE = Fraction(1, 90_000)
# With x264's macroblock tree or more than one thread, the same pictures do not give the same bytes.
_OPTIONS = {"preset": "superfast", "x264-params": "threads=1:mbtree=0"}


def write_video(
    path: str | Path,
    pictures: Iterable[NDArray[np.uint8]],
    *,
    fps: float,
    codec: str = "libx264",
    crf: int = 23,
) -> None:
    """Write grey pictures of equal, even size as a video of constant frame rate; the same pictures, the same bytes.

    Parameters
    ----------
    path
        The file; its ending chooses the container.
    pictures : iterable of (height, width) uint8
    fps
        Frames a second.
    codec, crf
        Encoder and its quality.
    """
    rate = Fraction(fps).limit_denominator(1001)
    with written_whole(path) as part, av.open(str(part), "w") as container:
        stream: av.VideoStream | None = None
        for number, luma in enumerate(pictures):
            if stream is None:
                stream = container.add_stream(codec, rate=rate, options=_OPTIONS | {"crf": str(crf)})
                stream.height, stream.width = luma.shape
                stream.pix_fmt = "yuv420p"
                stream.codec_context.time_base = _TIME_BASE
                stream.thread_type = "NONE"
            picture = _grey_frame(luma)
            picture.pts, picture.time_base = round(number / rate / _TIME_BASE), _TIME_BASE
            container.mux(stream.encode(picture))
        if stream is not None:
            container.mux(stream.encode())


def _grey_frame(luma: NDArray[np.uint8]) -> av.VideoFrame:
    height, width = luma.shape
    planes = np.full((height * 3 // 2, width), 128, np.uint8)
    planes[:height] = luma
    return av.VideoFrame.from_ndarray(planes, format="yuv420p")
