"""A person says where a band is; how much it is follows from the same rules as everywhere."""

from dataclasses import replace

import numpy as np
import pytest

from littermate.blots.bands import measure_row
from littermate.blots.boxes import GUESSED, measure_boxes
from littermate.blots.image import blot_of
from littermate.blots.lanes import find_lanes
from littermate.blots.rules import BandRules
from littermate.errors import DataError, ImageError
from littermate.model.blot import Band, Blot, Lane
from littermate.model.blot_correction import PLACED, BandPlace
from littermate.simulate.blot import BandRow, BlotScene, paint_blot

SIX = BlotScene(width=320, height=220, lanes=6, dust=0, streaks=0)
VOLUMES = (1.0, 0.4, 0.8, 1.2, 0.5, 0.7)
Box = tuple[int, int, int, int]
Painted = tuple[Blot, tuple[Lane, ...], tuple[float, ...]]


def painted(*rows: float, scene: BlotScene = SIX) -> Painted:
    """Return a blot with the same bands on some rows, its lanes, and the true volumes of the first row."""
    bands = [BandRow(row_px=row, volumes=VOLUMES) for row in rows]
    pixels, truth = paint_blot(bands, scene=scene, seed=4)
    blot = blot_of(pixels)
    return blot, find_lanes(blot, n=6), truth.volumes[0]


def grown(box: Box, *, sides: int = 0, ends: int = 0) -> Box:
    left, top, width, height = box
    return left - sides, top - ends, width + 2 * sides, height + 2 * ends


def moved(box: Box, *, right: int = 0, down: int = 0) -> Box:
    return box[0] + right, box[1] + down, box[2], box[3]


def shifted(lane: Lane, by: float) -> Lane:
    return replace(lane, centre_px=lane.centre_px + by, path_px=tuple((at, x + by) for at, x in lane.path_px))


def with_box(blot: Blot, lanes: tuple[Lane, ...], lane: int, box: Box) -> Band:
    """Measure one lane in a box; the others must not change by a bit."""
    found = measure_boxes(blot, lanes, [BandPlace(lane=lane, box_px=box)])
    others = [one for one in measure_row(blot, lanes) if one.index != lane]
    assert [one for one in found if one.index != lane] == others
    (band,) = found[lane - 1].bands
    assert band.box_px == box
    assert band.flags[0] == "placed by a person"
    return band


@pytest.fixture(scope="module")
def one_row() -> Painted:
    return painted(110)


@pytest.fixture(scope="module")
def auto(one_row: Painted) -> list[Band]:
    blot, lanes, _ = one_row
    return [lane.bands[0] for lane in measure_row(blot, lanes)]


def test_without_places_it_is_the_row(one_row: Painted, auto: list[Band]) -> None:
    blot, lanes, _ = one_row
    assert measure_boxes(blot, lanes, []) == measure_row(blot, lanes)


def test_the_automatic_box_gives_the_automatic_band(one_row: Painted, auto: list[Band]) -> None:
    blot, lanes, _ = one_row
    for number, band in enumerate(auto, 1):
        assert with_box(blot, lanes, number, band.box_px) == replace(band, flags=("placed by a person",))


def test_a_box_moved_away_and_back(one_row: Painted, auto: list[Band]) -> None:
    blot, lanes, truth = one_row
    away = with_box(blot, lanes, 3, moved(auto[2].box_px, down=60))
    assert abs(away.volume) < 0.05 * truth[2]
    assert with_box(blot, lanes, 3, auto[2].box_px).volume == auto[2].volume


@pytest.mark.parametrize("change", [{"sides": 1}, {"sides": -2}, {"ends": 6}, {"ends": -3}])
def test_a_little_more_or_less_around_a_band_changes_little(
    one_row: Painted, auto: list[Band], change: dict[str, int]
) -> None:
    blot, lanes, _ = one_row
    for number, band in enumerate(auto, 1):
        volume = with_box(blot, lanes, number, grown(band.box_px, **change)).volume
        assert volume == pytest.approx(band.volume, abs=3 * (band.noise or 0))


def test_a_box_in_the_wrong_place_finds_the_true_volume_again(one_row: Painted) -> None:
    """The third lane is believed to lie between two bands; a person puts its box on the band."""
    blot, lanes, truth = one_row
    off = (*lanes[:2], shifted(lanes[2], -12), *lanes[3:])
    wrong, right = measure_row(blot, off)[2].bands[0], measure_row(blot, lanes)[2].bands[0]
    assert wrong.volume < 0.9 * truth[2]
    corrected = measure_boxes(blot, off, [BandPlace(lane=3, box_px=right.box_px)])[2]
    assert corrected.bands[0].volume == pytest.approx(right.volume, rel=1e-9)
    assert corrected.bands[0].volume == pytest.approx(truth[2], rel=0.03)
    assert corrected.width_px == right.box_px[2]
    assert corrected.centre_px == pytest.approx(lanes[2].centre_px, abs=1)


def test_another_row_is_measured_with_its_neighbour_kept_out() -> None:
    blot, lanes, truth = painted(80, 125)
    upper = measure_row(blot, lanes, row_px=80)[2].bands[0]
    lower = measure_row(blot, lanes, row_px=125)[2].bands[0]
    for band in (upper, lower):
        found = with_box(blot, lanes, 3, band.box_px)
        assert found.volume == pytest.approx(band.volume, rel=0.01)
        assert found.volume == pytest.approx(truth[2], rel=0.03)
        assert found.row_px == pytest.approx(band.row_px, abs=0.1)


def test_saturation_and_noise_are_those_of_the_row() -> None:
    blot, lanes, _ = painted(110, scene=replace(SIX, saturation_level=5000))
    for number, lane in enumerate(measure_row(blot, lanes), 1):
        (band,) = lane.bands
        placed = with_box(blot, lanes, number, grown(band.box_px, ends=1))
        assert placed.saturated == band.saturated
        assert placed.noise == pytest.approx(band.noise, rel=0.1)


def test_a_box_through_a_band_is_said(one_row: Painted, auto: list[Band]) -> None:
    blot, lanes, _ = one_row
    said = "signal at the edge of the box"
    box = auto[2].box_px
    for through in (moved(box, down=14), moved(box, down=-14), grown(box, sides=-10), moved(box, right=12)):
        assert said in with_box(blot, lanes, 3, through).flags
    for around in (grown(box, ends=5), grown(box, ends=-3), moved(box, right=1), moved(box, down=-2)):
        assert said not in with_box(blot, lanes, 3, around).flags


def test_an_overlap_is_said(one_row: Painted, auto: list[Band]) -> None:
    blot, lanes, _ = one_row
    flags = with_box(blot, lanes, 3, grown(auto[2].box_px, sides=6)).flags
    assert {"overlaps the box of lane 2", "overlaps the box of lane 4"} <= set(flags)


def test_a_baseline_from_one_side_is_said(one_row: Painted, auto: list[Band]) -> None:
    blot, lanes, _ = one_row
    left, top, width, height = auto[2].box_px
    to_the_top = with_box(blot, lanes, 3, (left, 0, width, top + height))
    to_the_end = with_box(blot, lanes, 3, (left, top, width, 219 - top))
    assert "baseline from below only" in to_the_top.flags
    assert "baseline from above only" in to_the_end.flags


@pytest.mark.parametrize(
    ("lane", "change", "found"),
    [(3, {"right": -400}, "columns -"), (3, {"down": 180}, "inside the image"), (3, {"right": 49}, "left of that"),
     (3, {"right": 30}, "apart from it"), (3, {"right": -100}, "left of that"), (9, {}, "lane 9")],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused(
    one_row: Painted, auto: list[Band], lane: int, change: dict[str, int], found: str
) -> None:
    blot, lanes, _ = one_row
    with pytest.raises(DataError, match=found):
        measure_boxes(blot, lanes, [BandPlace(lane=lane, box_px=moved(auto[2].box_px, **change))])


def test_no_room_for_a_baseline_is_refused(one_row: Painted, auto: list[Band]) -> None:
    blot, lanes, _ = one_row
    left, _, width, _ = auto[2].box_px
    with pytest.raises(DataError, match="rows of background"):
        measure_boxes(blot, lanes, [BandPlace(lane=3, box_px=(left, 1, width, 217))])


def test_all_complaints_are_made_at_once(one_row: Painted, auto: list[Band]) -> None:
    blot, lanes, _ = one_row
    places = [BandPlace(lane=lane, box_px=moved(auto[2].box_px, down=300)) for lane in (3, 3, 7)]
    with pytest.raises(DataError) as refusal:
        measure_boxes(blot, lanes, places)
    assert len(refusal.value.complaints) == 5


def test_lanes_that_all_move_are_measured_together(one_row: Painted, auto: list[Band]) -> None:
    """All six lanes lie half a place to the right of the bands: some alone would lie on its neighbour's box."""
    blot, lanes, _ = one_row
    step = auto[1].box_px[0] - auto[0].box_px[0]
    off = tuple(shifted(lane, 0.6 * step) for lane in lanes)
    places = [BandPlace(lane=number, box_px=band.box_px) for number, band in enumerate(auto, 1)]
    with pytest.raises(DataError, match="both lanes"):
        measure_boxes(blot, off, places[3:4])
    found = [lane.bands[0].volume for lane in measure_boxes(blot, off, places)]
    assert found == pytest.approx([band.volume for band in auto], rel=0.01)


def test_where_no_row_is_seen_there_is_nothing_to_correct(one_row: Painted, auto: list[Band]) -> None:
    _, lanes, _ = one_row
    empty = blot_of(np.random.default_rng(0).normal(500, 5, (220, 320)), polarity="bright")
    with pytest.raises(ImageError, match="row of bands"):
        measure_boxes(empty, [replace(lane, width_px=3.0) for lane in lanes], [])


def test_where_no_row_is_seen_the_boxes_are_the_row() -> None:
    blot, lanes, _ = painted(110)
    empty = blot_of(np.random.default_rng(0).normal(500, 5, blot.pixels.shape), polarity="bright")
    left = [round(lane.centre_px) - 15 for lane in lanes]
    boxes = [BandPlace(lane=lane, box_px=(left[lane - 1], 100 + 2 * lane, 30, 36)) for lane in (1, 5)]
    with pytest.raises(ImageError, match="row of bands"):
        measure_boxes(empty, lanes, [], rules=BandRules(min_snr=20))
    found = measure_boxes(empty, lanes, boxes, rules=BandRules(min_snr=20))
    assert [lane.bands[0].flags[0] for lane in found] == [PLACED if lane in (1, 5) else GUESSED for lane in range(1, 7)]
    assert found[2].bands[0].row_px == pytest.approx(100 + 6 + 17.5)
    assert all(abs(lane.bands[0].volume) < 6 * (lane.bands[0].noise or 0) for lane in found)


def test_where_no_lane_is_seen_the_boxes_are_the_lanes(one_row: Painted, auto: list[Band]) -> None:
    blot, _, _ = one_row
    places = [BandPlace(lane=number, box_px=band.box_px) for number, band in enumerate(auto, 1)]
    found = measure_boxes(blot, (), places)
    assert [lane.index for lane in found] == [1, 2, 3, 4, 5, 6]
    assert [lane.bands[0].volume for lane in found] == pytest.approx([band.volume for band in auto], rel=0.01)
