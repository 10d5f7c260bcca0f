"""Traces come back as they were written; what is missing stays missing."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from littermate.errors import FileError
from littermate.model.motion import Motion
from littermate.model.outline import AnalysedPlace, Outline
from littermate.model.placement import Placement
from littermate.model.track import Track
from littermate.store.tracks import kind_of_trace, read_motion, read_track, write_motion, write_track


@pytest.fixture
def track() -> Track:
    return Track(
        t_s=np.array([0.0, 0.04, 0.08]),
        xy_px=np.array([[1.0, 2.0], [3.0, 4.5], [np.nan, np.nan]]),
        state=np.array([0, 1, 2], dtype=np.uint8),
    )


def test_track(tmp_path: Path, track: Track) -> None:
    path = tmp_path / "tracks" / "a.parquet"
    write_track(path, track, track.xy_px / 10, trial="K4", rules_hash="abc")
    stored = read_track(path)
    assert (stored.trial, stored.rules_hash) == ("K4", "abc")
    np.testing.assert_array_equal(stored.track.t_s, track.t_s)
    np.testing.assert_array_equal(stored.track.xy_px, track.xy_px)
    np.testing.assert_array_equal(stored.xy_cm, track.xy_px / 10)
    np.testing.assert_array_equal(stored.track.state, track.state)


def test_a_missing_position_is_null_for_every_reader(tmp_path: Path, track: Track) -> None:
    write_track(tmp_path / "a.parquet", track, track.xy_px)
    table = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert table[2] == {"t_s": 0.08, "x_px": None, "y_px": None, "x_cm": None, "y_cm": None, "state": "missing"}


@pytest.mark.parametrize("area", [None, 812.5])
def test_motion(tmp_path: Path, area: float | None) -> None:
    motion = Motion(
        t_s=np.array([0.0, 0.2]),
        step_s=0.2,
        activity=np.array([0.25, 7.0]),
        valid=np.array([True, False]),
        animal_found=area is not None,
        animal_area_px=area,
        upright=np.array([0.3, np.nan]),
    )
    write_motion(tmp_path / "a.parquet", motion, trial="K4", rules_hash="abc")
    stored = read_motion(tmp_path / "a.parquet")
    assert (stored.trial, stored.motion.step_s, stored.motion.animal_area_px) == ("K4", 0.2, area)
    np.testing.assert_array_equal(stored.motion.valid, motion.valid)
    np.testing.assert_array_equal(stored.motion.activity, [0.25, np.nan])
    np.testing.assert_array_equal(stored.motion.upright, [0.3, np.nan])
    assert pq.read_table(tmp_path / "a.parquet").column("upright").to_pylist() == [0.3, None]


def test_a_motion_stored_before_uprightness_was_measured(tmp_path: Path) -> None:
    still = Motion(
        t_s=np.array([0.0]),
        step_s=0.2,
        activity=np.array([0.0]),
        valid=np.array([True]),
        animal_found=True,
        animal_area_px=10.0,
    )
    write_motion(tmp_path / "a.parquet", still)
    assert read_motion(tmp_path / "a.parquet").motion.upright is None


def test_no_trace(tmp_path: Path, track: Track) -> None:
    path = tmp_path / "a.parquet"
    write_track(path, track, track.xy_px)
    with pytest.raises(FileError, match="a file of kind 'track'"):
        read_motion(path)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(FileError, match="a track that littermate wrote"):
        read_track(path)


def test_a_trace_knows_where_its_trial_was(tmp_path: Path, track: Track) -> None:
    corners = ((1.5, 2.0), (60.0, 2.0), (61.0, 60.0), (1.0, 60.0))
    said = Placement(trial="K4", t0_s=0.5, corners_px=corners)
    wall, line = Outline(points_px=corners), Outline(points_px=((30.0, 2.0), (31.0, 60.0)), closed=False, faint=True)
    place = AnalysedPlace(placement=said, outlines=(wall, line))
    write_track(tmp_path / "a.parquet", track, track.xy_px, trial="K4", place=place)
    assert read_track(tmp_path / "a.parquet").place == place
    write_track(tmp_path / "a.parquet", track, track.xy_px, trial="K4")
    assert read_track(tmp_path / "a.parquet").place is None


def test_a_file_says_what_kind_of_trace_it_is(tmp_path: Path, track: Track) -> None:
    write_track(tmp_path / "a.parquet", track, track.xy_px)
    (tmp_path / "b.parquet").write_bytes(b"no trace")
    found = [kind_of_trace(tmp_path / name) for name in ("a.parquet", "b.parquet", "none.parquet")]
    assert found == ["track", "", ""]
