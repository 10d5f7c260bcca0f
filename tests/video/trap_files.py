"""Trap files: small recordings of every troublesome kind, made on the spot.

The scene is a dark square that moves over a grey ramp, 160 x 120 pixels, 25 frames a second, with a bright patch in
the top left corner (so that a turned picture can be told from an upright one).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

__all__ = [
    "FPS",
    "HEIGHT",
    "WIDTH",
    "Clip",
    "break_bytes",
    "cut",
    "encode",
    "join_copies",
    "remux",
    "scene",
    "with_cover",
    "with_palette",
    "with_rotation",
    "with_sound",
    "woven",
]

FPS, HEIGHT, WIDTH = 25, 120, 160
DARK, BRIGHT = 40, 220


def scene(count: int = 50, *, height: int = HEIGHT, width: int = WIDTH) -> Iterable[NDArray[np.uint8]]:
    """Yield the pictures of the scene, in full-range grey."""
    ramp = np.broadcast_to(np.linspace(100, 180, width).astype(np.uint8), (height, width))
    grain = np.random.default_rng(1).integers(0, 16, (height, width), np.uint8)
    for k in range(count):
        picture = ramp + np.roll(grain, k, axis=1)
        x = 20 + 2 * k % (width - 50)
        picture[height // 2 - 10 : height // 2 + 10, x : x + 20] = DARK
        picture[: height // 4, : width // 8] = BRIGHT
        yield picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """How to encode."""

    codec: str = "libx264"
    pix_fmt: str = "yuv420p"
    fps: Fraction | int = FPS
    options: dict[str, str] = field(default_factory=dict)
    container_options: dict[str, str] = field(default_factory=dict)
    form: str | None = None
    ticks: Sequence[int] | None = None
    color_range: int | None = None


def encode(path: Path, clip: Clip | None = None, pictures: Iterable[NDArray[np.uint8]] | None = None) -> Path:
    """Write pictures (the scene, unless given) as a video; `ticks` are their times in milliseconds."""
    clip = clip or Clip()
    base = Fraction(1, 1000) if clip.ticks is not None else 1 / Fraction(clip.fps)
    with av.open(str(path), "w", format=clip.form, options=clip.container_options) as container:
        stream = None
        for k, grey in enumerate(scene() if pictures is None else pictures):
            if stream is None:
                stream = container.add_stream(clip.codec, rate=Fraction(clip.fps), options=clip.options)
                stream.height, stream.width = grey.shape
                stream.pix_fmt = clip.pix_fmt
                stream.codec_context.time_base = base
                stream.thread_type = "NONE"
                if clip.color_range is not None:
                    stream.codec_context.color_range = clip.color_range
            picture = _picture(grey, clip)
            picture.pts, picture.time_base = k if clip.ticks is None else clip.ticks[k], base
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path


def _picture(grey: NDArray[np.uint8], clip: Clip) -> av.VideoFrame:
    full = clip.color_range == 2 or clip.pix_fmt.startswith(("yuvj", "gray", "rgb", "bgr", "pal"))
    rgb = av.VideoFrame.from_ndarray(np.repeat(grey[:, :, None], 3, axis=2), format="rgb24")
    if clip.pix_fmt.startswith("rgb24"):
        return rgb
    return rgb.reformat(format=clip.pix_fmt, dst_color_range=2 if full else 1)


def remux(source: Path, target: Path, *, shift: int = 0, leave_out: Sequence[int] = ()) -> Path:
    """Copy packets into another container, `shift` ticks later, without some of them."""
    with av.open(str(source)) as inp, av.open(str(target), "w") as out:
        stream = out.add_stream_from_template(inp.streams.video[0])
        for k, packet in enumerate(inp.demux(video=0)):
            if packet.dts is not None and k not in leave_out:
                packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                packet.stream = stream
                out.mux(packet)
    return target


def join_copies(target: Path, *sources: Path) -> Path:
    """Write files one after the other, as recorders and people do with transport streams."""
    target.write_bytes(b"".join(source.read_bytes() for source in sources))
    return target


def cut(path: Path, part: float = 0.6) -> Path:
    """Keep the first part of a file's bytes."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    return path


def break_bytes(path: Path, places: Sequence[float], *, length: int = 30, seed: int | None = 1) -> Path:
    """Overwrite stretches of a file with noise (zeros without a seed), at parts of its length."""
    data = bytearray(path.read_bytes())
    for place in places:
        start = int(len(data) * place)
        noise = bytes(length) if seed is None else np.random.default_rng(seed).bytes(length)
        data[start : start + length] = noise[: len(data) - start]
    path.write_bytes(data)
    return path


def woven(count: int = 50) -> Iterable[NDArray[np.uint8]]:
    """Yield pictures of two fields each, filmed one after the other."""
    pictures = list(scene(2 * count))
    for even, odd in zip(pictures[::2], pictures[1::2], strict=True):
        both = even.copy()
        both[1::2] = odd[1::2]
        yield both


def with_rotation(source: Path, target: Path, turn: int) -> Path:
    """Copy an MP4 and write a turn into its track header (degrees clockwise, as phones write it)."""
    data = bytearray(source.read_bytes())
    matrix = data.index(b"tkhd") + 44
    one, minus = 0x10000, 0x100000000 - 0x10000
    a, b, c, d = {90: (0, one, minus, 0), 180: (minus, 0, 0, minus), 270: (0, minus, one, 0)}[turn]
    for place, value in zip((0, 4, 12, 16), (a, b, c, d), strict=True):
        data[matrix + place : matrix + place + 4] = value.to_bytes(4, "big")
    target.write_bytes(data)
    return target


def with_cover(path: Path) -> Path:
    """Write the scene with a cover picture as the first video stream."""
    with av.open(str(path), "w") as container:
        cover = container.add_stream("mjpeg")
        cover.width, cover.height, cover.pix_fmt = 100, 100, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        video = container.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        still = av.VideoFrame.from_ndarray(np.zeros((100, 100), np.uint8), format="gray").reformat(format="yuvj420p")
        still.pts = 0
        container.mux([*cover.encode(still), *cover.encode()])
        for k, grey in enumerate(scene()):
            picture = _picture(grey, Clip())
            picture.pts = k
            container.mux(video.encode(picture))
        container.mux(video.encode())
    return path


def with_palette(path: Path, count: int = 5) -> Path:
    """Write the scene in palette colours; the palette runs from white to black."""
    palette = np.repeat(np.arange(255, -1, -1, dtype=np.uint8)[:, None], 4, axis=1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("rawvideo", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "pal8"
        for k, grey in enumerate(scene(count)):
            picture = av.VideoFrame(WIDTH, HEIGHT, "pal8")
            picture.planes[0].update(grey.tobytes())
            picture.planes[1].update(palette.tobytes())
            picture.pts = k
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path


def with_sound(path: Path, *, seconds: int) -> Path:
    """Write the scene with that much sound."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        sound = container.add_stream("aac", rate=44_100)
        for k, grey in enumerate(scene()):
            picture = _picture(grey, Clip())
            picture.pts = k
            container.mux(video.encode(picture))
        container.mux(video.encode())
        for k in range(seconds * 44_100 // 1024):
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            silence.sample_rate, silence.pts = 44_100, 1024 * k
            container.mux(sound.encode(silence))
        container.mux(sound.encode())
    return path
