"""Images are read as stored, their polarity and clipping found in the data, or they are refused in words."""

from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile

from littermate.blots.image import blot_of, plateau, read_blot
from littermate.errors import ImageError, UsageError
from littermate.simulate.blot import BandRow, BlotScene, paint_blot

BLOTS = Path(__file__).parents[2].parent / "shared" / "data" / "blots"
real = pytest.mark.skipif(not BLOTS.is_dir(), reason="the real blots (../shared/data/blots) are not on this machine")


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    scene = BlotScene(width=300, height=120)
    return paint_blot([BandRow(row_px=60, volumes=(1.0, 0.6, 0.3, 1.2))], scene=scene, seed=1)[0]


@pytest.mark.parametrize(
    "options",
    [{}, {"compression": "lzw"}, {"compression": "zlib", "predictor": True}, {"byteorder": ">"}, {"rowsperstrip": 7}],
    ids=["plain", "LZW", "zlib", "big-endian", "strips"],
)
@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite"])
def test_stored_values_come_back(tmp_path: Path, picture: np.ndarray, options: dict, photometric: str) -> None:
    tifffile.imwrite(tmp_path / "a.tif", picture, photometric=photometric, **options)
    blot = read_blot(tmp_path / "a.tif")
    assert (blot.dtype, blot.shape, blot.polarity, blot.warnings) == ("uint16", (120, 300), "bright", ())
    assert np.array_equal(blot.pixels, picture)


def test_dark_bands_are_turned_over(picture: np.ndarray) -> None:
    blot = blot_of(65535 - picture)
    assert blot.polarity == "dark"
    assert np.array_equal(blot.pixels, picture)


def test_polarity_can_be_stated(picture: np.ndarray) -> None:
    assert blot_of(picture, polarity="dark").polarity == "dark"
    with pytest.raises(UsageError, match="bright"):
        blot_of(picture, polarity="white")


def test_float_values_stay(tmp_path: Path, picture: np.ndarray) -> None:
    tifffile.imwrite(tmp_path / "a.tif", (picture / 65535).astype(np.float32))
    assert read_blot(tmp_path / "a.tif").pixels == pytest.approx(picture / 65535, rel=1e-6)


def test_png_is_read_with_a_warning(tmp_path: Path, picture: np.ndarray) -> None:
    (tmp_path / "a.png").write_bytes(imagecodecs.png_encode(picture))
    blot = read_blot(tmp_path / "a.png")
    assert np.array_equal(blot.pixels, picture)
    assert [warning.split(":")[0] for warning in blot.warnings] == ["PNG"]


def test_the_plateau_is_counted_wherever_it_clips(picture: np.ndarray) -> None:
    clipped = np.minimum(picture, 5000)
    for stored, level in ((clipped, 5000), (65535 - clipped, 60535)):
        blot = blot_of(stored)
        assert (blot.saturation_level, blot.saturated_px) == (level, (picture >= 5000).sum())


def test_a_speck_above_the_plateau_does_not_hide_it(picture: np.ndarray) -> None:
    clipped = np.minimum(picture, 5000)
    clipped[3, 3] = 5050
    assert blot_of(clipped).saturation_level == 5000


def test_the_greatest_value_alone_is_no_plateau(picture: np.ndarray) -> None:
    lone = picture.copy()
    lone[60, 40] = lone[10, 10] = lone[100, 200] = 65535
    assert blot_of(lone).saturated_px == 0
    assert plateau(np.array([[1.0, 1.0], [1.0, 2.0]])) is None


def _warnings(stored: np.ndarray) -> str:
    return "; ".join(blot_of(stored).warnings)


def test_less_than_raw_data_warns(picture: np.ndarray) -> None:
    eight = (picture // 40).clip(0, 255).astype(np.uint8)
    assert _warnings(picture) == ""
    assert "8 bit" in _warnings(eight)
    assert "8-bit data" in _warnings(eight.astype(np.uint16))
    assert "RGB of equal channels" in _warnings(np.dstack([eight] * 3))
    assert "RGB in colour" in _warnings(np.dstack([eight, eight // 2, eight]))


def test_a_stretched_histogram_warns(picture: np.ndarray) -> None:
    eight = (picture // 40).clip(0, 255).astype(np.uint8)
    gapped = np.rint(eight * 1.6).clip(0, 255).astype(np.uint8)
    full = picture.copy()
    full[0, 0], full[0, 1] = 0, 65535
    assert "histogram has gaps" in _warnings(gapped)
    assert "whole range" in _warnings(full)


def _write(path: Path, what: str, picture: np.ndarray) -> None:
    whole = path.with_suffix(".whole")
    tifffile.imwrite(whole, picture, compression="lzw" if "LZW" in what else None)
    jpeg = imagecodecs.jpeg8_encode((picture >> 8).astype(np.uint8))
    contents = {
        "text": b"lane,volume\n1,2\n",
        "empty": b"",
        "JPEG": jpeg,
        "cut": whole.read_bytes()[:20_000],
        "cut LZW": whole.read_bytes()[:20_000],
        "header alone": whole.read_bytes()[:8],
        "cut PNG": imagecodecs.png_encode(picture)[:5_000],
    }
    if what in contents:
        path.write_bytes(contents[what])
    elif what == "JPEG in TIFF":
        tifffile.imwrite(path, (picture >> 8).astype(np.uint8), compression="jpeg")
    elif what == "all alike":
        tifffile.imwrite(path, np.full((50, 50), 7, np.uint16))
    elif what == "not a number":
        tifffile.imwrite(path, np.full((50, 50), np.nan, np.float32))
    elif what == "tiny":
        tifffile.imwrite(path, picture[:5, :5])


@pytest.mark.parametrize(
    "what",
    ["missing", "text", "empty", "JPEG", "cut", "cut LZW", "header alone", "cut PNG", "JPEG in TIFF", "all alike",
     "not a number", "tiny"],
)  # fmt: skip
def test_what_cannot_be_measured_is_refused(tmp_path: Path, picture: np.ndarray, what: str) -> None:
    _write(tmp_path / "a.tif", what, picture)
    with pytest.raises(ImageError) as refusal:
        read_blot(tmp_path / "a.tif")
    complaint = refusal.value.complaints[0]
    assert complaint.expected and complaint.found and complaint.do and complaint.where


@pytest.mark.parametrize("compression", [None, "lzw", "zlib"])
def test_a_cut_or_damaged_file_is_refused_or_read_never_an_accident(
    tmp_path: Path, picture: np.ndarray, compression: str | None
) -> None:
    tifffile.imwrite(tmp_path / "whole.tif", picture[:40, :60], compression=compression)
    whole = (tmp_path / "whole.tif").read_bytes()
    rng = np.random.default_rng(0)
    damaged = [whole[:cut] for cut in range(0, len(whole) - 1, max(1, len(whole) // 40))]
    for _ in range(80):
        other = bytearray(whole)
        for place in rng.integers(0, 400, 3):
            other[place] = rng.integers(256)
        damaged.append(bytes(other))
    for number, content in enumerate(damaged):
        path = tmp_path / f"{number}.tif"
        path.write_bytes(content)
        try:
            read_blot(path)
        except ImageError:
            continue
        assert len(content) == len(whole), "a cut file was read"


@real
@pytest.mark.parametrize(
    ("name", "level", "count"), [("test1", 65522, 105), ("test2", 65520, 2560), ("test3", None, 0)]
)
@pytest.mark.parametrize("kind", ["ref", "imglab_analysis"])
def test_real_images_clip_where_their_readme_says(name: str, level: float | None, count: int, kind: str) -> None:
    blot = read_blot(BLOTS / f"{name}_{kind}.tif")
    assert (blot.saturation_level, blot.saturated_px, blot.polarity) == (level, count, "bright")
