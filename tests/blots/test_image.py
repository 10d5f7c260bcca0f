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


def _membrane(seed: int) -> tuple[str, np.ndarray]:
    """Paint a membrane with one of the things that real pictures have around and behind their bands."""
    rng = np.random.default_rng(seed)
    kind = ("plain", "few", "many", "dense", "edge", "frame", "vignette", "empty", "bench", "bright bench")[seed % 10]
    rows = {"many": 6, "dense": 9}.get(kind, 1)
    lanes = int(rng.integers(1, 4)) if kind == "few" else int(rng.integers(6, 18))
    scene = BlotScene(
        width=int(rng.integers(250, 500)), height=int(rng.integers(150, 300)), unit_peak=float(rng.uniform(2e3, 2e4)),
        slope_x=float(rng.uniform(-0.7, 0.7)), snr=25.0, background=float(rng.uniform(1500, 5000)), smile_px=4.0,
    )  # fmt: skip
    volumes = rng.lognormal(0, 0.6, (rows, lanes)) * (rng.random((rows, lanes)) < (0.2 if kind == "empty" else 1.0))
    volumes[0, 0] = 1.0
    places = scene.height * (np.arange(rows) + 0.7) / (rows + 0.4)
    bands = [
        BandRow(row_px=at, volumes=tuple(some)) for at, some in zip(places.tolist(), volumes.tolist(), strict=True)
    ]
    image = paint_blot(bands, scene=scene, seed=seed)[0].astype(float)
    y, x = np.mgrid[-1 : 1 : image.shape[0] * 1j, -1 : 1 : image.shape[1] * 1j]
    around = np.maximum(np.abs(y), np.abs(x)) > 0.9
    if kind == "edge":
        image = np.where(x < -0.9, 0.3 * scene.background, image)
    elif kind == "frame":
        image += (around & (np.maximum(np.abs(y), np.abs(x)) < 0.93)) * 0.4 * scene.unit_peak
    elif kind == "vignette":
        image *= 1 - 0.3 * (x**2 + y**2)
    elif "bench" in kind:
        image = np.where(around, image.max() if "bright" in kind else 0.2 * scene.background, image)
    return kind, np.rint(image.clip(0, 65_520)).astype(np.uint16)


def test_polarity_is_right_or_said_to_be_unclear() -> None:
    unclear = []
    for seed in range(20):
        kind, image = _membrane(seed)
        for stored, right in ((image, "bright"), (65_535 - image, "dark")):
            blot = blot_of(stored)
            if any("not clear" in word for word in blot.warnings):
                unclear.append(kind)
            else:
                assert blot.polarity == right, f"{kind}, seed {seed}"
    assert len([kind for kind in unclear if kind != "bright bench"]) <= 2


@pytest.mark.parametrize(
    ("clip", "scale", "dtype"),
    [(4095, 1, np.uint16), (255, 1, np.uint8), (5000, 1 / 65535, np.float32), (5000, 1 / 7, np.float64)],
    ids=["12 bit", "8 bit", "float32", "float64"],
)
@pytest.mark.parametrize("turned", [False, True], ids=["bright", "dark"])
def test_a_plateau_is_found_at_any_level(
    picture: np.ndarray, clip: int, scale: float, dtype: type, turned: bool
) -> None:
    scaled = picture // 20 if clip == 255 else picture
    stored = (np.minimum(scaled, clip) * scale).astype(dtype)
    level = stored.max()
    if turned:
        stored, level = stored.max() - stored, stored.dtype.type(0)
    blot = blot_of(stored)
    assert (blot.saturation_level, blot.saturated_px) == (level, (scaled >= clip).sum())


def test_several_small_plateaus_and_hot_pixels_above() -> None:
    image = np.random.default_rng(3).normal(500, 20, (80, 160)).round()
    for column in (30, 70, 110):
        image += 30_000 * np.exp(-0.5 * (np.hypot(*np.mgrid[-40:40, -column : 160 - column]) / 5) ** 2)
    image = image.round().clip(0, 29_800)
    count = int((image == 29_800).sum())
    image[5, 5], image[60, 140] = 30_100, 30_200
    blot = blot_of(image.astype(np.uint16))
    assert (blot.saturation_level, blot.saturated_px) == (29_800, count + 2)


def test_bands_clipped_and_then_resampled_are_pointed_out() -> None:
    scene = BlotScene(width=500, height=160, unit_peak=40_000, snr=60, smile_px=2)
    raw = paint_blot([BandRow(row_px=80, volumes=(1.4, 0.4, 1.6, 1.3, 0.5, 1.5))], scene=scene, seed=1)[0]
    noise = np.random.default_rng(0).normal(0, 150, raw.shape)
    for stored, told in ((np.minimum(raw, 45_000), True), (raw, False)):
        blot = blot_of(np.rint(stored + noise).clip(0, 65_000).astype(np.uint16))
        assert any("nearly one level" in word for word in blot.warnings) == told
        assert blot.saturated_px == 0
