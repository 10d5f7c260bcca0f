"""A target and its loading control: the ratio follows a person's boxes; the picture shows the image alone."""

import struct
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile

from littermate.blots.image import read_blot
from littermate.errors import DataError, ImageError
from littermate.model.blot_correction import BandPlace
from littermate.simulate.blot import BandRow, BlotScene, paint_blot, write_blot
from littermate.simulate.total_protein import paint_total_protein, total_protein_scene
from littermate.single.blot import (
    BlotPairJob,
    BlotPairResult,
    blot_picture,
    measure_blot,
    measure_pair,
    pictures_of_pair,
    uncropped_blot,
    uncropped_picture,
)

PLACED = "placed by a person"


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> BlotPairJob:
    """Return a pair of six lanes, the first of which is the inter-blot control and the last empty."""
    folder = tmp_path_factory.mktemp("pair")
    for name, volumes in (("target", (1.0, 0.4, 0.8, 1.2, 0.5, 0.0)), ("control", (1.0, 1.1, 0.9, 1.0, 0.8, 0.0))):
        scene = BlotScene(width=320, height=220, lanes=6, dust=0, streaks=0)
        pixels, _ = paint_blot([BandRow(row_px=110, volumes=volumes)], scene=scene, seed=4)
        tifffile.imwrite(folder / f"{name}.tif", pixels, description="CJHJM ketamine")
    return BlotPairJob(
        target=str(folder / "target.tif"),
        control=str(folder / "control.tif"),
        measure="BDNF/beta-actin",
        lanes=6,
        inter_blot=(1,),
        skip=(6,),
    )


@pytest.fixture(scope="module")
def auto(job: BlotPairJob) -> BlotPairResult:
    return measure_pair(job)


def test_every_lane_comes_with_its_band(auto: BlotPairResult) -> None:
    for lanes in (auto.target_lanes, auto.control_lanes):
        assert [(lane.index, len(lane.bands)) for lane in lanes] == [(number, 1) for number in range(1, 7)]
    assert list(auto.readings) == [1, 2, 3, 4, 5]
    assert not any(reading.flags for reading in auto.readings.values())


def test_the_ratio_follows_the_box(job: BlotPairJob, auto: BlotPairResult) -> None:
    left, top, width, height = auto.target_lanes[2].bands[0].box_px
    half = (left, top, width // 2, height)
    found = measure_pair(replace(job, target_boxes=(BandPlace(lane=3, box_px=half),)))
    volume, before = (one.target_lanes[2].bands[0].volume for one in (found, auto))
    assert volume < 0.6 * before
    assert found.readings[3].value == pytest.approx(auto.readings[3].value * volume / before)
    assert found.readings[3].flags == (PLACED, f"target {PLACED}", "target signal at the edge of the box")
    assert [found.readings[lane] for lane in (1, 2, 4, 5)] == [auto.readings[lane] for lane in (1, 2, 4, 5)]
    assert found.rules.hash == auto.rules.hash
    assert found.picture != auto.picture


def test_a_box_put_back_gives_the_automatic_ratio(job: BlotPairJob, auto: BlotPairResult) -> None:
    place = BandPlace(lane=3, box_px=auto.control_lanes[2].bands[0].box_px)
    found = measure_pair(replace(job, control_boxes=(place,)))
    assert found.readings[3] == replace(auto.readings[3], flags=(PLACED, f"control {PLACED}"))


def test_a_placed_inter_blot_control_is_said_on_every_lane(job: BlotPairJob, auto: BlotPairResult) -> None:
    left, top, width, height = auto.control_lanes[0].bands[0].box_px
    place = BandPlace(lane=1, box_px=(left, top + 4, width, height))
    found = measure_pair(replace(job, control_boxes=(place,)))
    assert PLACED in found.readings[1].flags
    assert [found.readings[lane].flags for lane in (2, 3, 4, 5)] == [(f"inter-blot control {PLACED}",)] * 4


def test_a_box_outside_is_refused_with_the_images_name(job: BlotPairJob) -> None:
    with pytest.raises(DataError, match=r"control\.tif, lane 2"):
        measure_pair(replace(job, control_boxes=(BandPlace(lane=2, box_px=(300, 100, 40, 40)),)))


def _chunks(png: bytes) -> set[bytes]:
    kinds, at = set(), 8
    while at < len(png):
        kinds.add(png[at + 4 : at + 8])
        at += 12 + struct.unpack(">I", png[at : at + 4])[0]
    return kinds


def test_the_picture_is_the_image_and_nothing_else(job: BlotPairJob, auto: BlotPairResult) -> None:
    picture = blot_picture(job.target)
    grey = cv2.imdecode(np.frombuffer(picture.png, np.uint8), cv2.IMREAD_UNCHANGED)
    assert (grey.dtype, grey.shape) == (np.uint8, (220, 320))
    assert (picture.scale, picture.image_px) == (1.0, (320, 220))
    left, top, width, height = auto.target_lanes[3].bands[0].box_px
    assert grey[top + height // 2, left + width // 2] < 40
    assert np.median(grey) > 180
    assert _chunks(picture.png) == {b"IHDR", b"IDAT", b"IEND"}


def test_dark_stays_signal_and_wide_images_are_scaled(tmp_path: Path, job: BlotPairJob) -> None:
    pixels = tifffile.imread(job.target)
    tifffile.imwrite(tmp_path / "inverted.tif", 65535 - pixels)
    assert blot_picture(tmp_path / "inverted.tif").png == blot_picture(job.target).png
    tifffile.imwrite(tmp_path / "wide.tif", np.repeat(np.repeat(pixels, 10, axis=0), 10, axis=1))
    wide = blot_picture(tmp_path / "wide.tif")
    grey = cv2.imdecode(np.frombuffer(wide.png, np.uint8), cv2.IMREAD_UNCHANGED)
    assert (grey.shape, wide.scale, wide.image_px) == ((1100, 1600), 0.5, (3200, 2200))


def test_what_is_no_image_has_no_picture(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(b"lane,volume\n")
    with pytest.raises(ImageError):
        blot_picture(tmp_path / "a.tif")


def test_a_jpeg_is_shown(tmp_path: Path) -> None:
    grey = np.tile(np.linspace(20, 60, 120), (40, 1)).astype(np.uint8)
    grey[15:25, 50:70] = 220
    cv2.imwrite(str(tmp_path / "a.jpg"), grey)
    assert blot_picture(tmp_path / "a.jpg").image_px == (120, 40)
    with pytest.raises(ImageError, match="JPEG"):
        measure_blot(tmp_path / "a.jpg")


def test_the_uncropped_blot_has_the_marks_of_its_ladder(tmp_path: Path) -> None:
    scene = BlotScene(width=400, height=300, ladder=True)
    write_blot(tmp_path / "a.tif", (1.0, 0.5, 0.8), scene=scene, row=200, seed=1)
    kda = "250,150,100,75,50,37,25,20,15,10"
    trial = measure_blot(tmp_path / "a.tif", n_lanes=4, ladder=f"1:{kda}")
    *_, whole = uncropped_blot(trial, labels=["kDa", "a", "b", "c"], crop_rows=(180, 220), ladder_lane=1).axes
    assert [label.get_text() for label in whole.get_yticklabels()] == kda.split(",")
    assert uncropped_picture(tmp_path / "a.tif", {1: "kDa", 4: "c"}).startswith(b"\x89PNG")


def test_a_dilution_series_is_no_sample_and_tells_the_range(job: BlotPairJob) -> None:
    found = measure_pair(replace(job, inter_blot=(), series=((2, 0.4), (3, 0.8), (4, 1.2))))
    assert sorted(found.readings) == [1, 5]
    target, control = found.series
    assert (target.name, target.found.amounts, target.found.proportional) == ("BDNF", (0.4, 1.2), True)
    assert control.found.volumes is None
    assert {"control outside the linear range"} < set(found.readings[5].flags)
    assert [one.importance for one in found.findings if one.id == "no-linear-range"] == ["critical"]
    assert found.series_picture.startswith(b"\x89PNG")


def test_a_series_on_lanes_that_are_not_there_is_refused(job: BlotPairJob) -> None:
    with pytest.raises(DataError, match="dilution series on lanes 1 to 6"):
        measure_pair(replace(job, series=((2, 1.0), (7, 0.5), (3, 0.25))))


def test_a_box_on_total_protein_is_refused(job: BlotPairJob) -> None:
    place = BandPlace(lane=2, box_px=(10, 10, 20, 20))
    with pytest.raises(DataError, match="no box on an image of total protein"):
        measure_pair(replace(job, control_kind="total", control_boxes=(place,)))


def test_lanes_that_nobody_counted_are_doubted_where_they_are_uneven(tmp_path: Path) -> None:
    pixels = np.full((160, 420), 500.0) + np.random.default_rng(1).normal(0, 10, (160, 420))
    for left in (20, 80, 140, 200, 350):
        pixels[75:85, left : left + 40] += 4000
    tifffile.imwrite(tmp_path / "a.tif", pixels.astype(np.uint16))
    assert [one.id for one in measure_blot(tmp_path / "a.tif", n_lanes=5).findings if "lanes" in one.id] == []
    (found,) = [one for one in measure_blot(tmp_path / "a.tif").findings if one.id == "lanes-uneven"]
    assert "unevenly spaced" in found.message


def test_a_pair_is_drawn_with_the_polarity_it_was_measured_with(tmp_path: Path) -> None:
    loads = (1.0, 0.8, 1.2, 0.9, 1.0)
    scene = replace(total_protein_scene(), width=520, height=200)
    tifffile.imwrite(tmp_path / "stain.tif", paint_total_protein(loads, scene=scene, seed=3)[0])
    write_blot(tmp_path / "target.tif", loads, scene=BlotScene(width=520, height=160), row=80, seed=1)
    target, stain = (str(tmp_path / f"{name}.tif") for name in ("target", "stain"))
    job = BlotPairJob(target=target, control=stain, measure="a/b", lanes=5, control_kind="total")
    result = measure_pair(job)
    assert (result.polarities, read_blot(stain).polarity) == (("bright", "bright"), "dark")
    _, figure = pictures_of_pair(job, result)
    shown = figure.axes[0].images[0].get_array()
    assert float(shown[80:120, 70:110].mean()) > 2 * float(shown[80:120, 5:30].mean())
