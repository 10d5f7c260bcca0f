"""Luma: the grey levels of a decoded picture, as a view of the decoder's own memory wherever it has 8-bit luma.

Grey levels come in two ranges: *studio* (16..235, most files) and *full* (0..255: JPEG, screen recorders, some
cameras, grey and RGB pictures). `Luma.full_range` says which; `studio_range` brings a picture to the first, the normal
form here, so that one threshold means one thing. Pictures are turned as a player turns them. Of an interlaced picture
only the even lines are used, each twice: two fields filmed at two moments would comb at every moving edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import av
import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Luma", "studio_range"]

Picture = NDArray[np.uint8]
Layout = Literal["plane", "deep", "packed", "converted"]

_TO_STUDIO = np.rint(16 + np.arange(256) * (219 / 255)).astype(np.uint8)
_STUDIO, _FULL = 1, 2
_PACKED = {"yuyv422": 0, "yvyu422": 0, "uyvy422": 1}
_FULL_BY_NAME = ("yuvj", "gray", "ya")


def studio_range(picture: Picture, full_range: bool) -> Picture:
    """Bring grey levels of 0..255 to 16..235, the normal form of grey levels here.

    Parameters
    ----------
    picture : array of uint8
        Grey levels; shrink them first, this looks every one up in a table.
    full_range
        As `Frame.full_range` says; where it is false the picture itself comes back.

    Examples
    --------
    >>> studio_range(np.array([0, 128, 255], np.uint8), full_range=True)
    array([ 16, 126, 235], dtype=uint8)
    """
    return _TO_STUDIO[picture] if full_range else picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Luma:
    """How to get the grey levels of a stream's pictures; made once, from the first of them.

    Parameters
    ----------
    format
        FFmpeg's name of the pixel format.
    width, height
        Of a picture as decoded, in pixels (before it is turned).
    layout
        ``plane``: plane 0 is 8-bit luma. ``deep``: plane 0 is luma of more bits. ``packed``: every second byte is
        luma. ``converted``: there is no luma plane.
    offset
        Of the first luma byte (packed), or the bits to shift away (deep).
    turns
        Quarter turns anticlockwise that a player applies.
    full_range
        Whether grey levels are 0..255.
    """

    format: str
    width: int
    height: int
    layout: Layout
    offset: int
    turns: int
    full_range: bool

    @classmethod
    def of(cls, picture: av.VideoFrame) -> Luma:
        """Look at the first picture of a stream."""
        layout, offset = _layout(picture.format)
        return cls(
            format=picture.format.name,
            width=picture.width,
            height=picture.height,
            layout=layout,
            offset=offset,
            turns=round(picture.rotation / 90) % 4,
            full_range=layout == "converted" or _is_full(picture),
        )

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) after turning."""
        return (self.width, self.height) if self.turns % 2 else (self.height, self.width)

    def fits(self, picture: av.VideoFrame) -> bool:
        """Tell whether a later picture has the size and format of the first."""
        return bool(
            picture.width == self.width and picture.height == self.height and picture.format.name == self.format
        )

    def take(self, picture: av.VideoFrame) -> Picture:
        """Return the (height, width) grey levels of one picture."""
        if self.layout == "converted":
            picture = picture.reformat(format="gray", dst_color_range=_FULL)
        plane = picture.planes[0]
        luma = np.frombuffer(plane, dtype=np.uint8).reshape(-1, plane.line_size)[: self.height]
        if self.layout == "deep":
            deep = luma.view("<u2")[:, : self.width]
            luma = np.asarray(cv2.convertScaleAbs(deep, alpha=1 / (1 << self.offset)), np.uint8)
        elif self.layout == "packed":
            luma = np.ascontiguousarray(luma[:, self.offset : 2 * self.width : 2])
        else:
            luma = luma[:, : self.width]
        if picture.interlaced_frame:
            luma = np.repeat(luma[::2], 2, axis=0)[: self.height]
        return np.ascontiguousarray(np.rot90(luma, self.turns)) if self.turns else luma


def _layout(form: av.VideoFormat) -> tuple[Layout, int]:
    """Say where the luma of a pixel format is."""
    if form.name in _PACKED:
        return "packed", _PACKED[form.name]
    first = form.components[0]
    if form.is_rgb or form.has_palette or form.is_bit_stream or first.plane != 0 or not first.is_luma:
        return "converted", 0
    if first.bits == 8 and (form.is_planar or form.name == "gray"):
        return "plane", 0
    if first.bits > 8 and not form.is_big_endian and (form.is_planar or form.name.startswith("gray")):
        return "deep", 8 if form.name.startswith(("p0", "p2", "p4")) else first.bits - 8
    return "converted", 0


def _is_full(picture: av.VideoFrame) -> bool:
    stated = int(picture.color_range)
    if stated in (_STUDIO, _FULL):
        return stated == _FULL
    return str(picture.format.name).startswith(_FULL_BY_NAME)
