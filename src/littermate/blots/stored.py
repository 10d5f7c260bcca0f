"""Stored: what is in an image's file, as it was stored, or a refusal that names what the file is.

What a file begins with is believed, not its name. Of a TIFF the stored numbers are taken and never what its tags ask a
viewer to do with them, with one exception: a Molecular Dynamics .gel stores square roots, which are squared back. A
file is read whole or refused: no strip or tile is missing, too short, or filled in. What the decoders print, log or
warn of stays here.
"""

from __future__ import annotations

import logging
import math
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray

from littermate.blots.biorad import BIORAD, read_biorad
from littermate.errors import ImageError

__all__ = ["Stored", "load_seen", "load_stored"]

_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_OTHERS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"BM", "a BMP picture"),
    (0, b"GIF8", "a GIF picture"),
    (0, b"%PDF", "a PDF document"),
    (0, b"%!PS", "a PostScript document"),
    (0, b"8BPS", "a Photoshop document"),
    (0, b"\xd0\xcf\x11\xe0", "a Word, PowerPoint or Excel document of the old kind"),
    (128, b"DICM", "a DICOM file"),
    (4, b"ftyp", "a HEIC or AVIF picture"),
    (8, b"WEBP", "a WebP picture"),
    (0, b"\0\0\0\x0cjP", "a JPEG 2000 picture"),
    (0, b"\0\0\0\x0cJXL", "a JPEG XL picture"),
    (0, b"\xff\x0a", "a JPEG XL picture"),
    (0, b"\x89HDF", "an HDF5 file"),
    (0, b"BAS_IMAGE_FILE", "the .inf half of a Fuji image"),
)
_BY_SUFFIX = {
    ".scn": "a Bio-Rad Image Lab file (.scn)",
    ".mscn": "a Bio-Rad Image Lab file of several channels (.mscn)",
    ".img": "a file without a header, perhaps the .img half of a Fuji image",
    ".1sc": "a file named .1sc that is not what Bio-Rad's software writes",
}
_OFFICE = {b"word/": "a Word document", b"ppt/": "a PowerPoint document", b"xl/": "an Excel document"}
_LOSSLESS = {1, 5, 8, 32946, 32773, 34925, 34926, 50000}
_LOSSY = {6: "JPEG", 7: "JPEG", 33003: "JPEG 2000", 33005: "JPEG 2000", 34712: "JPEG 2000", 34887: "LERC",
          34892: "JPEG", 34933: "PNG", 34934: "JPEG XR", 22610: "JPEG XR", 50001: "WebP", 50002: "JPEG XL"}  # fmt: skip
_COLOURS = {5: "CMYK", 6: "YCbCr", 8: "CIE L*a*b*", 9: "CIE L*a*b*", 10: "CIE L*a*b*"}
_RGB, _PALETTE = 2, 3
_FAULTS = (
    tifffile.TiffFileError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RuntimeError,
    ArithmeticError,
    OSError,
    EOFError,
    MemoryError,
    ImportError,
    AssertionError,
    StopIteration,
    NameError,
    struct.error,
    zlib.error,
)
_MAX_PX = 150_000_000
_MAX_PAGES = 64
_LOGS = (logging.getLogger("tifffile"), logging.getLogger("imagecodecs"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stored:
    """The values of an image's file, (rows, columns) or (rows, columns, 3 or 4), and what there is to say of it."""

    values: NDArray[Any]
    warnings: tuple[str, ...] = ()


def load_stored(path: Path) -> Stored:
    """Read the values that an imager stored.

    Raises
    ------
    ImageError
        If the file is none of TIFF, Bio-Rad .1sc and PNG, was stored with loss, or cannot be read whole.
    """
    return _load(path, seen=False)


def load_seen(path: Path) -> Stored:
    """Read a picture to look at: what `load_stored` reads, and a JPEG, also inside a TIFF.

    Raises
    ------
    ImageError
        If it is none of these, or cannot be read whole.
    """
    return _load(path, seen=True)


def _load(path: Path, *, seen: bool) -> Stored:
    with path.open("rb") as file:
        head = file.read(512)
    try:
        with _quiet():
            if head.startswith(_TIFF):
                return _load_tiff(path, seen=seen)
            if head.startswith(BIORAD):
                return Stored(values=read_biorad(path))
            if head.startswith(_PNG):
                return _load_png(path)
            if head.startswith(_JPEG) and seen:
                return _load_jpeg(path)
    except _FAULTS as fault:
        raise _unreadable(path, fault) from fault
    if head.startswith(_JPEG):
        raise _lossy("JPEG", path)
    raise _refused(path, _kind(path, head))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what decoders log and warn of out of the program's own output."""

    def drop(_: logging.LogRecord) -> bool:
        return False

    for log in _LOGS:
        log.addFilter(drop)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for log in _LOGS:
            log.removeFilter(drop)


def _kind(path: Path, head: bytes) -> str:
    for start, mark, name in _OTHERS:
        if head[start:].startswith(mark):
            return name
    if b"Image Lab" in head:
        return "a Bio-Rad Image Lab file (.scn)"
    if head.startswith(b"PK\x03\x04"):
        content = path.read_bytes()
        return next((name for part, name in _OFFICE.items() if part in content), "a ZIP archive")
    if path.suffix.lower() in _BY_SUFFIX:
        return _BY_SUFFIX[path.suffix.lower()]
    return "something else" if any(byte < 9 for byte in head) else "text"


def _refused(path: Path, found: str) -> ImageError:
    return ImageError(
        expected="a TIFF image, a Bio-Rad .1sc, or a PNG",
        found=found,
        do="export the raw image from the imager's software as a 16-bit TIFF",
        where=str(path),
    )


def _lossy(kind: str, path: Path) -> ImageError:
    return ImageError(
        expected="an image stored without loss",
        found=f"{kind}, which alters the grey values to save space",
        do="export the raw image from the imager's software as a 16-bit TIFF",
        where=str(path),
    )


def _unreadable(path: Path, why: object) -> ImageError:
    words = " ".join(str(why).split())[:200]
    return ImageError(
        expected="an image that can be read to its end",
        found=f"one that breaks off or is damaged ({words or type(why).__name__})",
        do="copy the file again, or export it anew",
        where=str(path),
    )


def _require_size(width: int, height: int, path: Path) -> None:
    """Refuse a picture that is announced larger than any imager's, before room is made for it."""
    if width * height > _MAX_PX:
        raise ImageError(
            expected=f"an image of {_MAX_PX // 1_000_000} million px at most",
            found=f"{width} x {height} px announced",
            do="copy the file again; if it is so large, export the part with the membrane",
            where=str(path),
        )


def _load_tiff(path: Path, *, seen: bool) -> Stored:
    with tifffile.TiffFile(path) as tiff:
        pages = [page for page in islice(tiff.pages, _MAX_PAGES) if isinstance(page, tifffile.TiffPage)]
        if not pages:
            raise _unreadable(path, "its list of pictures is not there")
        page = max(pages, key=lambda one: one.imagewidth * one.imagelength)
        _require_size(page.imagewidth, page.imagelength, path)
        _require_depth(page, path)
        _require_compression(page, path, seen=seen)
        _require_whole(page, path)
        values = _channels_last(page, np.asarray(page.asarray()), path)
        values, said = _linear(tiff, page, values)
        if int(page.tags.valueof(274, 1)) != 1:
            said.append("the file asks for the picture to be turned or mirrored; it is taken as stored")
        alike = max(sum(one.shape == page.shape for one in pages), int((tiff.imagej_metadata or {}).get("images", 1)))
    if alike > 1:
        said.append(f"{alike} pictures in the file; the first is measured")
    return Stored(values=values, warnings=tuple(said))


def _require_depth(page: tifffile.TiffPage, path: Path) -> None:
    if page.bitspersample < 8:
        raise _refused(path, f"a TIFF of {page.bitspersample} bit: {2**page.bitspersample} grey values")


def _require_compression(page: tifffile.TiffPage, path: Path, *, seen: bool) -> None:
    kind = int(page.compression)
    if kind in _LOSSLESS or (seen and kind in _LOSSY):
        return
    if kind in _LOSSY:
        raise _lossy(f"{_LOSSY[kind]} inside a TIFF", path)
    raise _refused(path, f"a TIFF compressed in a way that is not known here ({kind})")


def _require_whole(page: tifffile.TiffPage, path: Path) -> None:
    """Refuse a picture of which a strip or a tile is not in the file: a decoder would fill it in."""
    starts, sizes = page.dataoffsets, page.databytecounts
    wanted = math.prod(page.chunked)
    if len(starts) != wanted or len(sizes) < wanted:
        raise _unreadable(path, f"{wanted} strips or tiles announced, {min(len(starts), len(sizes))} there")
    if min(starts, default=0) <= 0 or min(sizes, default=0) <= 0:
        raise _unreadable(path, "a strip or a tile is empty")
    there = path.stat().st_size
    end = max(start + size for start, size in zip(starts, sizes, strict=False))
    if end > there:
        raise _unreadable(path, f"{end} bytes announced, {there} there")


def _channels_last(page: tifffile.TiffPage, values: NDArray[Any], path: Path) -> NDArray[Any]:
    """Return (rows, columns), or (rows, columns, 3) of colours."""
    light = int(page.photometric)
    if light in _COLOURS and int(page.compression) not in _LOSSY:
        raise _refused(path, f"a TIFF in colours of the kind {_COLOURS[light]}")
    if light == _PALETTE:
        return (np.moveaxis(np.asarray(page.colormap)[:, values], 0, -1) >> 8).astype(np.uint8)
    if page.axes.startswith("S") and values.ndim == 3:
        values = np.moveaxis(values, 0, -1)
    if values.ndim == 3 and light != _RGB and int(page.compression) not in _LOSSY:
        if len(page.extrasamples) != values.shape[2] - 1 or 0 in map(int, page.extrasamples):
            raise _refused(path, f"a TIFF of {values.shape[2]} channels in one picture")
        return values[..., 0]
    return values


def _linear(tiff: tifffile.TiffFile, page: tifffile.TiffPage, values: NDArray[Any]) -> tuple[NDArray[Any], list[str]]:
    """Square back what a Molecular Dynamics .gel stores as square roots."""
    tag = int(page.tags.valueof(33445, 0))
    if tag not in (2, 128):
        return values, []
    over, under = page.tags.valueof(33446, (1, 1))
    scale = over / under
    if tag == 128:
        return values, []
    said = f"Molecular Dynamics .gel: stored as square roots; measured is their square x {scale:g}"
    return values.astype(np.float64) ** 2 * scale, [said]


def _load_png(path: Path) -> Stored:
    content = path.read_bytes()
    width, height, depth = struct.unpack(">IIB", content[16:25])
    _require_size(width, height, path)
    if depth < 8:
        raise _refused(path, f"a PNG of {depth} bit: {2**depth} grey values")
    _require_chunks(content, path)
    values = np.asarray(imagecodecs.png_decode(content))
    if values.shape[:2] != (height, width):
        raise _unreadable(path, f"{width} x {height} px announced, {values.shape[1]} x {values.shape[0]} there")
    if values.ndim == 3 and values.shape[2] == 2:
        values = values[..., 0]
    return Stored(
        values=values, warnings=("PNG: not what an imager stores; check that the grey values are the raw ones",)
    )


def _require_chunks(content: bytes, path: Path) -> None:
    """Refuse a PNG that does not end, or of which a part differs from its checksum: a decoder would pass over it."""
    place, kind = len(_PNG), b""
    while kind != b"IEND":
        (size,) = struct.unpack_from(">I", content, place)
        kind = content[place + 4 : place + 8]
        (check,) = struct.unpack_from(">I", content, place + 8 + size)
        if zlib.crc32(content[place + 4 : place + 8 + size]) != check:
            raise _unreadable(path, "a part differs from its checksum")
        place += 12 + size


def _load_jpeg(path: Path) -> Stored:
    content = path.read_bytes()
    _require_size(*_jpeg_size(content), path)
    return Stored(values=np.asarray(imagecodecs.jpeg8_decode(content)), warnings=("JPEG: to look at only",))


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Return width and height from the frame header, which comes before all picture data."""
    at = 2
    while at + 9 <= len(content):
        mark, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + max(size, 2)
    raise ValueError("no frame header")
