"""Files of every kind come back as stored, or are refused in words that name the file and what it is."""

import logging
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile

from littermate.blots.image import read_blot, see_blot
from littermate.errors import ImageError
from littermate.simulate.blot import BandRow, BlotScene, paint_blot

BLOTS = Path(__file__).parents[2].parent / "shared" / "data" / "blots"
real = pytest.mark.skipif(not BLOTS.is_dir(), reason="the real blots (../shared/data/blots) are not on this machine")


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    scene = BlotScene(width=200, height=80, smile_px=2)
    return paint_blot([BandRow(row_px=40, volumes=(1.0, 0.6, 0.3, 1.2))], scene=scene, seed=1)[0]


def _eight(picture: np.ndarray) -> np.ndarray:
    return (picture // 40).clip(0, 255).astype(np.uint8)


TYPES = {
    "uint8": _eight,
    "uint16": lambda picture: picture,
    "12 bit in 16": lambda picture: (picture // 4).astype(np.uint16),
    "uint32": lambda picture: picture.astype(np.uint32) * 60_000,
    "int16": lambda picture: (picture.astype(np.int32) - 20_000).astype(np.int16),
    "int32": lambda picture: picture.astype(np.int32) * -30_000,
    "float16": lambda picture: (picture / 65535).astype(np.float16),
    "float32": lambda picture: (picture / 65535).astype(np.float32),
    "float64": lambda picture: picture / 65535,
}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_every_type_comes_back(tmp_path: Path, picture: np.ndarray, kind: str, byteorder: str) -> None:
    stored = TYPES[kind](picture)
    tifffile.imwrite(tmp_path / "a.tif", stored, byteorder=byteorder)
    blot = read_blot(tmp_path / "a.tif", polarity="bright")
    assert blot.dtype == str(stored.dtype)
    assert np.array_equal(blot.pixels, stored.astype(np.float64))
    assert any("8 bit" in word for word in blot.warnings) == (kind == "uint8")


@pytest.mark.parametrize("compression", ["lzw", "zlib", "packbits", "zstd", "lzma"])
@pytest.mark.parametrize("layout", [{}, {"tile": (32, 48)}, {"rowsperstrip": 7}, {"bigtiff": True}], ids=str)
def test_every_lossless_compression_and_layout(
    tmp_path: Path, picture: np.ndarray, compression: str, layout: dict
) -> None:
    predictor = {} if compression == "packbits" else {"predictor": True}
    for stored in (picture, (picture / 65535).astype(np.float32)):
        tifffile.imwrite(tmp_path / "a.tif", stored, compression=compression, **predictor, **layout)
        assert np.array_equal(read_blot(tmp_path / "a.tif", polarity="bright").pixels, stored)


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("channels", [3, 4])
def test_rgb_is_read_with_a_warning(tmp_path: Path, picture: np.ndarray, planar: str, channels: int) -> None:
    eight = np.dstack([_eight(picture)] * channels)
    stored = eight if planar == "contig" else np.moveaxis(eight, -1, 0)
    tifffile.imwrite(tmp_path / "a.tif", stored, photometric="rgb", planarconfig=planar)
    blot = read_blot(tmp_path / "a.tif")
    assert np.array_equal(blot.pixels, _eight(picture))
    assert any("RGB of equal channels" in word for word in blot.warnings)


def test_a_palette_is_followed(tmp_path: Path, picture: np.ndarray) -> None:
    ramp = np.tile((np.arange(256) * 257).astype(np.uint16)[::-1], (3, 1))
    tifffile.imwrite(tmp_path / "a.tif", _eight(picture), photometric="palette", colormap=ramp)
    blot = read_blot(tmp_path / "a.tif")
    assert blot.polarity == "dark"
    assert np.array_equal(blot.pixels, _eight(picture))


def test_the_first_of_several_pictures_is_measured(tmp_path: Path, picture: np.ndarray) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as tiff:
        for one in (picture[:20, :20], picture, picture // 2):
            tiff.write(one, contiguous=False)
    blot = read_blot(tmp_path / "a.tif")
    assert np.array_equal(blot.pixels, picture)
    assert blot.warnings == ("2 pictures in the file; the first is measured",)


def test_square_roots_of_a_gel_are_squared_back(tmp_path: Path, picture: np.ndarray) -> None:
    roots = np.sqrt(picture.astype(np.float64) / 0.01).astype(np.uint16)
    tags = [(33445, 4, 1, 2, True), (33446, 5, 1, (1, 100), True)]
    tifffile.imwrite(tmp_path / "a.gel", roots, extratags=tags)
    blot = read_blot(tmp_path / "a.gel")
    assert np.array_equal(blot.pixels, roots.astype(float) ** 2 * 0.01)
    assert [word.split(":")[0] for word in blot.warnings] == ["Molecular Dynamics .gel"]


@pytest.mark.parametrize("bits", [8, 16])
def test_png_warns(tmp_path: Path, picture: np.ndarray, bits: int) -> None:
    stored = picture if bits == 16 else _eight(picture)
    (tmp_path / "a.png").write_bytes(imagecodecs.png_encode(stored))
    blot = read_blot(tmp_path / "a.png")
    assert np.array_equal(blot.pixels, stored)
    assert blot.warnings[0].startswith("PNG")


def test_a_jpeg_can_be_looked_at_but_not_measured(tmp_path: Path, picture: np.ndarray) -> None:
    (tmp_path / "renamed.tif").write_bytes(imagecodecs.jpeg8_encode(_eight(picture)))
    tifffile.imwrite(tmp_path / "inside.tif", _eight(picture), compression="jpeg")
    for name in ("renamed.tif", "inside.tif"):
        with pytest.raises(ImageError, match="JPEG"):
            read_blot(tmp_path / name)
        assert np.abs(see_blot(tmp_path / name).pixels - _eight(picture)).mean() < 4


def test_a_jpeg_stored_anew_is_recognised(tmp_path: Path) -> None:
    scene = BlotScene(width=400, height=200)
    eight = _eight(paint_blot([BandRow(row_px=90, volumes=(1.0, 0.5, 0.8))], scene=scene, seed=2)[0])
    once = imagecodecs.jpeg8_decode(imagecodecs.jpeg8_encode(eight, level=75))
    for stored, was in ((eight, False), (once, True), (once[3:, 5:], True), (once.astype(np.uint16) * 257, True)):
        tifffile.imwrite(tmp_path / "a.tif", stored)
        assert any("was a JPEG" in word for word in read_blot(tmp_path / "a.tif").warnings) == was


REFUSED: dict[str, tuple[Callable[[np.ndarray], bytes], str]] = {
    "a.bmp": (lambda _: b"BM" + bytes(60), "BMP"),
    "a.gif": (lambda _: b"GIF89a" + bytes(60), "GIF"),
    "a.pdf": (lambda _: b"%PDF-1.7\n", "PDF"),
    "a.dcm": (lambda _: bytes(128) + b"DICM" + bytes(60), "DICOM"),
    "a.docx": (lambda _: b"PK\x03\x04" + bytes(26) + b"word/document.xml", "Word"),
    "a.pptx": (lambda _: b"PK\x03\x04" + bytes(26) + b"ppt/presentation.xml", "PowerPoint"),
    "a.zip": (lambda _: b"PK\x03\x04" + bytes(60), "ZIP"),
    "a.doc": (lambda _: b"\xd0\xcf\x11\xe0" + bytes(60), "Word"),
    "a.psd": (lambda _: b"8BPS" + bytes(60), "Photoshop"),
    "a.scn": (lambda _: b"\x01\x02" + bytes(60), "Image Lab"),
    "a.inf": (lambda _: b"BAS_IMAGE_FILE\n", "Fuji"),
    "a.img": (lambda picture: picture.tobytes(), "Fuji"),
    "a.1sc": (lambda picture: picture.tobytes(), "Bio-Rad"),
    "a.txt": (lambda _: b"lane,volume\n1,2\n", "text"),
    "a.jp2": (lambda _: b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_file_is_is_said(tmp_path: Path, picture: np.ndarray, name: str) -> None:
    content, word = REFUSED[name]
    (tmp_path / name).write_bytes(content(picture))
    with pytest.raises(ImageError, match=word) as refusal:
        read_blot(tmp_path / name)
    assert name in str(refusal.value) and "16-bit TIFF" in str(refusal.value)


TWO_CHANNELS = {"photometric": "minisblack", "planarconfig": "contig", "extrasamples": ["unspecified"]}


def _tiff_of(tmp_path: Path, stored: np.ndarray, **options: object) -> Path:
    tifffile.imwrite(tmp_path / "a.tif", stored, **options)
    return tmp_path / "a.tif"


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda folder, p: _tiff_of(folder, p > 2000, photometric="minisblack"), "1 bit: 2 grey values"),
        (lambda folder, p: _tiff_of(folder, np.dstack([_eight(p)] * 4), photometric="separated"), "CMYK"),
        (lambda folder, p: _tiff_of(folder, np.dstack([p, p // 2]), **TWO_CHANNELS), "2 channels"),
        (lambda folder, p: _tiff_of(folder, p.astype(np.complex64)), "complex"),
        (lambda folder, p: _tiff_of(folder, np.where(p > 2000, np.nan, p).astype(np.float32)), "not finite"),
        (lambda folder, p: _tiff_of(folder, p.astype(np.float64) * 1e300), "beyond"),
    ],
    ids=["bilevel", "CMYK", "two channels", "complex", "NaN", "huge"],
)  # fmt: skip
def test_pictures_without_measurable_grey_values_are_refused(
    tmp_path: Path, picture: np.ndarray, make: Callable[[Path, np.ndarray], Path], word: str
) -> None:
    with pytest.raises(ImageError, match=word):
        read_blot(make(tmp_path, picture))


def test_an_empty_strip_is_not_filled_in(tmp_path: Path, picture: np.ndarray) -> None:
    tifffile.imwrite(tmp_path / "a.tif", picture, rowsperstrip=20, compression="zlib")
    for tag, value in (("StripByteCounts", 0), ("StripOffsets", 0)):
        content = bytearray((tmp_path / "a.tif").read_bytes())
        with tifffile.TiffFile(tmp_path / "a.tif") as tiff:
            place = tiff.pages[0].tags[tag].valueoffset
            size = tiff.pages[0].tags[tag].dtype.numerator
        struct.pack_into("<H" if size == 3 else "<I", content, place, value)
        (tmp_path / "b.tif").write_bytes(content)
        with pytest.raises(ImageError, match="empty"):
            read_blot(tmp_path / "b.tif")


def test_a_file_cut_before_its_list_of_pictures_is_told_in_words(tmp_path: Path, picture: np.ndarray) -> None:
    whole = tmp_path / "whole.tif"
    tifffile.imwrite(whole, picture)
    data = bytearray(whole.read_bytes())
    data[4:8] = len(data).to_bytes(4, "little")
    (tmp_path / "cut.tif").write_bytes(data)
    with pytest.raises(ImageError, match="its list of pictures is not there"):
        read_blot(tmp_path / "cut.tif")


def test_a_monstrous_size_is_refused_before_room_is_made(tmp_path: Path, picture: np.ndarray) -> None:
    png = bytearray(imagecodecs.png_encode(picture))
    struct.pack_into(">II", png, 16, 60_000, 60_000)
    tifffile.imwrite(tmp_path / "a.tif", picture, compression="zlib")
    tiff = bytearray((tmp_path / "a.tif").read_bytes())
    with tifffile.TiffFile(tmp_path / "a.tif") as opened:
        for tag in ("ImageWidth", "ImageLength"):
            struct.pack_into("<I", tiff, opened.pages[0].tags[tag].valueoffset, 60_000)
    for content in (png, tiff):
        (tmp_path / "a").write_bytes(content)
        with pytest.raises(ImageError, match="60000 x 60000"):
            read_blot(tmp_path / "a")


@real
@pytest.mark.parametrize("name", ["test1", "test2", "test3"])
def test_a_1sc_is_pixel_equal_to_the_imagers_own_tiff(name: str) -> None:
    own = read_blot(BLOTS / f"{name}.1sc")
    assert own.warnings == ()
    for kind in ("ref", "imglab_analysis"):
        assert np.array_equal(own.pixels, tifffile.imread(BLOTS / f"{name}_{kind}.tif"))


@real
def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "biorad1sc_reader", None)
    with pytest.raises(ImageError, match=r"littermate\[biorad\]"):
        read_blot(BLOTS / "test1.1sc")


def _damaged(whole: bytes, rng: np.random.Generator, head: int) -> bytes:
    """Cut a file, or turn over a few of its bits: half of the time in its first `head` bytes."""
    if rng.random() < 0.3:
        return whole[: int(rng.integers(1, len(whole)))]
    other = bytearray(whole)
    for _ in range(int(rng.integers(1, 4))):
        place = int(rng.integers(head if rng.random() < 0.5 else len(other)))
        other[place] ^= 1 << int(rng.integers(8))
    return bytes(other)


def _sources(tmp_path: Path, picture: np.ndarray) -> dict[str, tuple[bytes, int]]:
    small = picture[:40, :100]
    found = {}
    for compression in (None, "lzw", "zlib", "packbits", "zstd"):
        tifffile.imwrite(tmp_path / "whole", small, compression=compression, rowsperstrip=16)
        found[f"{compression}.tif"] = ((tmp_path / "whole").read_bytes(), 400)
    found["a.png"] = (imagecodecs.png_encode(small), 60)
    if BLOTS.is_dir():
        found["a.1sc"] = ((BLOTS / "test1.1sc").read_bytes(), 60_000)
    return found


def test_a_damaged_file_is_a_blot_or_an_error_with_its_name(
    tmp_path: Path, picture: np.ndarray, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    rng = np.random.default_rng(5)
    for name, (whole, head) in _sources(tmp_path, picture).items():
        for _ in range(8 if name == "a.1sc" else 32):
            (tmp_path / name).write_bytes(content := _damaged(whole, rng, head))
            try:
                blot = read_blot(tmp_path / name)
            except ImageError as fault:
                assert name in str(fault)
            else:
                assert len(content) == len(whole), f"a cut {name} was read"
                assert np.isfinite(blot.pixels).all()
    assert capfd.readouterr() == ("", "")
    assert not caplog.records
