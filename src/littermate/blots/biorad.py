"""Biorad: the .1sc files of Bio-Rad's Quantity One and ChemiDoc imagers, read by the package `biorad1sc_reader`.

The package is an optional extra (``littermate[biorad]``). It walks a chain of fields whose lengths it believes, so the
chain is walked here first: a length of nothing would keep it walking for ever. The format holds no checksum; what shows
damage is that the blocks follow one another to the end of the file and that the picture's block has a number for each
pixel, no more and no less.
"""

from __future__ import annotations

import contextlib
import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from littermate.errors import ImageError

__all__ = ["BIORAD", "read_biorad"]

BIORAD = b"\xaf\xafStable File"
_BLOCKS = (142, 143, 132, 133, 141, 140, 126, 127, 128, 129, 130)
_FIRST_FIELD = 160
_FIELD_HEADER = 8
_POINTER_FIELD = 20


def read_biorad(path: Path) -> NDArray[Any]:
    """Return the stored values of a .1sc file, (rows, columns) uint16, as the imager's own TIFF has them.

    Raises
    ------
    ImageError
        If the optional package is not there, or the file is cut off or damaged.
    """
    reader_of, faults = _package(path)
    content = path.read_bytes()
    _require_sound(content, path)
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        try:
            columns, rows, values = reader_of(io.BytesIO(content)).get_img_data()
        except faults as fault:
            raise _damaged(path, str(fault)) from fault
    if not isinstance(columns, int) or not isinstance(rows, int) or columns * rows != len(values):
        raise _damaged(path, f"{columns} x {rows} px announced, {len(values)} there")
    return np.asarray(values, np.uint16).reshape(rows, columns)


def _package(path: Path) -> tuple[Any, tuple[type[Exception], ...]]:
    """Return what reads a file, and the errors of its own."""
    try:
        from biorad1sc_reader import BioRadInvalidFileError, BioRadParsingError, Reader
    except ImportError as fault:
        raise ImageError(
            expected="the package that reads Bio-Rad .1sc files",
            found="it is not installed",
            do='pip install "littermate[biorad]", or export the image from the imager\'s software as a 16-bit TIFF',
            where=str(path),
        ) from fault
    return Reader, (BioRadInvalidFileError, BioRadParsingError)


def _damaged(path: Path, why: str) -> ImageError:
    return ImageError(
        expected="a whole Bio-Rad .1sc file",
        found=f"one that breaks off or is damaged ({why})",
        do="copy the file again, or export the image from the imager's software as a 16-bit TIFF",
        where=str(path),
    )


def _require_sound(content: bytes, path: Path) -> None:
    """Walk the file's blocks and their fields."""
    if not content[32:].startswith(b"Intel Format") or len(content) < _FIRST_FIELD:
        raise _damaged(path, "its header is not one that is known")
    blocks = _blocks(content, path)
    place = blocks[0][0]
    for start, size in blocks:
        if start != place:
            raise _damaged(path, "its blocks do not follow one another")
        place += size
    if place != len(content):
        raise _damaged(path, f"{place} bytes announced, {len(content)} there")
    for start, size in blocks[:-1]:
        _walk(content, start + _FIELD_HEADER, start + size, path)


def _blocks(content: bytes, path: Path) -> list[tuple[int, int]]:
    """Return start and size of the eleven blocks; the last one holds the picture."""
    (end,) = struct.unpack_from("<I", content, 148)
    found: dict[int, tuple[int, int]] = {}
    place = _FIRST_FIELD
    while place + _POINTER_FIELD <= min(end, len(content)):
        kind, length = struct.unpack_from("<HH", content, place)
        if kind == 0:
            break
        if length != 1 and length < _FIELD_HEADER:
            raise _damaged(path, "a field without a length")
        if kind in _BLOCKS:
            found[kind] = struct.unpack_from("<II", content, place + _FIELD_HEADER)
        place += _POINTER_FIELD if length == 1 else length
    if len(found) != len(_BLOCKS):
        raise _damaged(path, f"{len(_BLOCKS)} blocks expected, {len(found)} there")
    return [found[kind] for kind in _BLOCKS]


def _walk(content: bytes, place: int, end: int, path: Path) -> None:
    while place + _FIELD_HEADER <= end:
        kind, length = struct.unpack_from("<HH", content, place)
        if kind == 0:
            return
        if length < _FIELD_HEADER or place + length > end:
            raise _damaged(path, "a field without a right length")
        place += length
