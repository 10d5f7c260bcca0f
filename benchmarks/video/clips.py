"""Clips: the recordings that are measured, made once and kept in a folder.

Scenes are littermate's own (truth is known), with the sensor noise of a real camera, which is what makes decoding cost
what it costs. Qualities are such that about one grey level of it (standard deviation in time) is left after encoding,
as in a real recording (0.9 in one of 640 x 480, h264, 0.23 Mbit/s, 0.6 ms a frame to decode; here 1.0 to 2.0).

Long recordings are one encoded clip repeated: packets are copied with shifted times, nothing is encoded twice. A
repeated clip starts anew every time (the animal jumps), which no measurement here minds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from littermate.files import written_whole
from littermate.model.track import Track
from littermate.simulate.field_scene import FieldScene, draw_field_frames, true_track, wander
from littermate.simulate.swim_scene import SwimScene, draw_bouts, write_swim

FPS = 30
SIZE_CM = 48.0
Picture = NDArray[np.uint8]

_USUAL = {"preset": "medium", "crf": "23", "g": "250"}
CODECS: dict[str, tuple[str, str, dict[str, str]]] = {  # name -> encoder, ending, options
    "h264 gop 30": ("libx264", ".mp4", _USUAL | {"g": "30"}),
    "h264 gop 250": ("libx264", ".mp4", _USUAL),
    "HEVC": ("libx265", ".mp4", {"preset": "superfast", "crf": "20", "x265-params": "log-level=none"}),
    "MPEG-4": ("mpeg4", ".avi", {"qmin": "3", "qmax": "3", "g": "30"}),
    "MJPEG": ("mjpeg", ".avi", {"qmin": "4", "qmax": "4"}),
}


def swim_clip(cache: Path, *, width: int, height: int, duration_s: float) -> Path:
    """Return a forced swim recording (h264), a third of it immobile."""
    path = cache / f"swim-{width}x{height}-{duration_s:g}s.mp4"
    if not path.exists():
        fine = _beaker(cache, width=width, height=height, duration_s=duration_s, number=1)
        encode(path, _lumas(fine), encoder="libx264", options=_USUAL)
        fine.unlink()
    return path


def _beaker(cache: Path, *, width: int, height: int, duration_s: float, number: int) -> Path:
    """Write a forced swim recording of high quality, to be encoded again as cameras do."""
    path = cache / f"fine-{number}.mp4"
    window = (0.0, duration_s)
    bouts = draw_bouts(immobile_fraction=0.2 + 0.15 * number, duration_s=duration_s, window_s=window, seed=30 + number)
    scene = SwimScene(width=width, height=height, fps=float(FPS), crf=12)
    write_swim(path, bouts, scene=scene, duration_s=duration_s, seed=40 + number)
    return path


def field_clip(cache: Path, *, width: int, height: int, duration_s: float, codec: str = "h264 gop 250") -> Path:
    """Return an open field recording."""
    encoder, ending, options = CODECS[codec]
    path = cache / f"field-{width}x{height}-{duration_s:g}s-{codec.replace(' ', '-')}{ending}"
    if not path.exists():
        scene = field_scene(width, height)
        pictures = draw_field_frames(_walk(duration_s), scene=scene, seed=22)
        encode(path, pictures, encoder=encoder, options=options)
    return path


def field_scene(width: int, height: int) -> FieldScene:
    return FieldScene(width=width, height=height, fps=float(FPS), size_cm=SIZE_CM)


def field_truth(width: int, height: int, duration_s: float) -> Track:
    """Return where the mouse of `field_clip` is."""
    return true_track(_walk(duration_s), field_scene(width, height))


def _walk(duration_s: float) -> Any:
    return wander(duration_s=duration_s, size_cm=SIZE_CM, seed=21)


def four_beakers(cache: Path, *, duration_s: float) -> tuple[Path, list[tuple[int, int, int, int]]]:
    """Return a 1920 x 1080 recording of four beakers, and their boxes (x, y, width, height)."""
    path = cache / f"beakers-{duration_s:g}s.mp4"
    boxes = [(x, y, 960, 540) for y in (0, 540) for x in (0, 960)]
    if not path.exists():
        parts = [_beaker(cache, width=960, height=540, duration_s=duration_s, number=number) for number in range(4)]
        encode(path, _tiled(parts), encoder="libx264", options=_USUAL)
        for part in parts:
            part.unlink()
    return path, boxes


def _tiled(parts: list[Path]) -> Iterator[Picture]:
    for a, b, c, d in zip(*map(_lumas, parts), strict=True):
        yield np.vstack([np.hstack([a, b]), np.hstack([c, d])])


def _lumas(path: Path) -> Iterator[Picture]:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="gray")


def encode(path: Path, pictures: Iterable[Picture], *, encoder: str, options: dict[str, str]) -> None:
    """Encode grey pictures at 30 frames a second."""
    with written_whole(path) as part, av.open(str(part), "w") as container:
        stream: Any = None
        for number, luma in enumerate(pictures):
            if stream is None:
                stream = container.add_stream(encoder, rate=FPS, options=options)
                stream.height, stream.width = luma.shape
                stream.pix_fmt = "yuvj420p" if encoder == "mjpeg" else "yuv420p"
            frame = av.VideoFrame.from_ndarray(_planes(luma), format=stream.pix_fmt)
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _planes(luma: Picture) -> Picture:
    height, width = luma.shape
    planes = np.full((height * 3 // 2, width), 128, np.uint8)
    planes[:height] = luma
    return planes


def repeated(clip: Path, *, times: int, duration_s: float) -> Path:
    """Return a recording of `times` x the clip, by copying its packets."""
    path = clip.with_name(f"{clip.stem}-x{times}{clip.suffix}")
    if not path.exists():
        with written_whole(path) as part, av.open(str(part), "w") as target:
            stream: Any = None
            for number in range(times):
                with av.open(str(clip)) as source:
                    template = source.streams.video[0]
                    stream = stream or target.add_stream_from_template(template)
                    _copy(source, template, target, stream, number * duration_s)
    return path


def _copy(source: Any, template: Any, target: Any, stream: Any, shift_s: float) -> None:
    for packet in source.demux(template):
        if packet.size:
            shift = round(Fraction(shift_s) / packet.time_base)
            packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
            packet.stream = stream
            target.mux(packet)


def facts(path: Path) -> tuple[int, float]:
    """Return the number of pictures in a file and its size in Mbit/s."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        packets = [packet for packet in container.demux(stream) if packet.size]
        return len(packets), path.stat().st_size * 8e-6 * FPS / len(packets)
