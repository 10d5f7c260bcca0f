"""Lanes are found where they were painted, and where a person sees them on real images."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from littermate.blots.image import blot_of, read_blot
from littermate.blots.lanes import find_lanes, lane_x
from littermate.errors import ImageError, UsageError
from littermate.model.blot import Blot
from littermate.simulate.blot import BandRow, BlotScene, BlotTruth, paint_blot

BLOTS = Path(__file__).parents[2].parent / "shared" / "data" / "blots"
TWELVE = BlotScene(width=600, height=260, lanes=12)
VOLUMES = (1.0, 0.4, 0.8, 1.3, 0.6, 1.0, 0.9, 0.2, 1.1, 0.7, 1.2, 0.5)


def _painted(scene: BlotScene, rows: tuple[float, ...] = (150.0,), seed: int = 1) -> tuple[Blot, BlotTruth]:
    lanes = scene.lanes or 12
    bands = [BandRow(row_px=row, volumes=VOLUMES[:lanes]) for row in rows]
    pixels, truth = paint_blot(bands, scene=scene, seed=seed)
    return blot_of(pixels), truth


@pytest.mark.parametrize("n", [None, 12])
@pytest.mark.parametrize(
    "scene",
    [TWELVE, replace(TWELVE, smile_px=20.0), replace(TWELVE, spacing_jitter=0.06), replace(TWELVE, snr=10.0),
     replace(TWELVE, lane_fill=0.45), replace(TWELVE, lane_fill=0.85), replace(TWELVE, lanes=8)],
    ids=["plain", "smile", "uneven", "noisy", "narrow", "wide", "eight"],
)  # fmt: skip
def test_lanes_lie_where_they_were_painted(scene: BlotScene, n: int | None) -> None:
    blot, truth = _painted(scene)
    lanes = find_lanes(blot, n=n and len(truth.centres_px))
    assert [lane.index for lane in lanes] == list(range(1, len(truth.centres_px) + 1))
    assert [lane.centre_px for lane in lanes] == pytest.approx(truth.centres_px, abs=1.5)


@pytest.mark.parametrize("tilt", [-5.0, 4.0])
def test_lanes_follow_the_tilt(tilt: float) -> None:
    scene = replace(TWELVE, tilt_deg=tilt, margin_px=50)
    blot, truth = _painted(scene, rows=(60.0, 130.0, 200.0))
    lanes = find_lanes(blot)
    ends = np.array([0.0, 259.0])
    leans = [float(np.diff(lane_x(lane, ends))[0]) for lane in lanes]
    assert len(lanes) == 12
    assert leans == pytest.approx([259 * np.tan(np.radians(tilt))] * 12, abs=3)
    assert [lane.centre_px for lane in lanes] == pytest.approx(truth.centres_px, abs=1)


def test_empty_lanes_inside_the_row_are_counted() -> None:
    volumes = (1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0)
    pixels, truth = paint_blot([BandRow(row_px=130, volumes=volumes)], scene=replace(TWELVE, lanes=8), seed=3)
    lanes = find_lanes(blot_of(pixels))
    assert [lane.centre_px for lane in lanes] == pytest.approx(truth.centres_px, abs=8)


@pytest.mark.parametrize("n", [1, 5, 11, 12, 13, 20])
def test_the_number_given_is_the_number_found(n: int) -> None:
    lanes = find_lanes(_painted(TWELVE)[0], n=n)
    centres = [lane.centre_px for lane in lanes]
    assert len(lanes) == n
    assert centres == sorted(centres)


def test_lanes_do_not_overlap() -> None:
    lanes = find_lanes(_painted(TWELVE)[0])
    for left, right in pairwise(lanes):
        assert left.centre_px + left.width_px / 2 <= right.centre_px - right.width_px / 2 + 2


def test_lanes_are_the_same_on_the_inverted_image() -> None:
    pixels, _ = paint_blot([BandRow(row_px=130, volumes=VOLUMES)], scene=TWELVE, seed=4)
    assert find_lanes(blot_of(pixels)) == find_lanes(blot_of(65535 - pixels))


@pytest.mark.parametrize("n", [0, -1, 1000])
def test_impossible_numbers_are_refused(n: int) -> None:
    with pytest.raises(UsageError, match="lanes"):
        find_lanes(_painted(TWELVE)[0], n=n)


def test_an_image_without_bands_has_no_lanes() -> None:
    pixels = np.zeros((100, 200), np.uint16) + np.arange(100, dtype=np.uint16)[:, None]
    with pytest.raises(ImageError, match="stands out"):
        find_lanes(blot_of(pixels, polarity="bright"))


@pytest.mark.skipif(not BLOTS.is_dir(), reason="the real blots (../shared/data/blots) are not on this machine")
@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("test1", (104, 184, 265, 343, 424, 503, 584)),
        ("test2", (191, 246, 301, 355, 408)),
        ("test3", (152, 230, 307, 384, 462, 541, 621)),
    ],
)
def test_real_lanes_lie_where_a_person_sees_them(name: str, seen: tuple[int, ...]) -> None:
    """Columns of spots, read off the picture by eye (of test2: half-way between its two membranes)."""
    lanes = find_lanes(read_blot(BLOTS / f"{name}_ref.tif"))
    assert [lane.centre_px for lane in lanes] == pytest.approx(seen, abs=6)
