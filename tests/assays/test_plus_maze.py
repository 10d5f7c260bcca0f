"""Plus maze: every point in one zone, entries that were seen, shares with their denominators."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from littermate.assays.assay import Setting
from littermate.assays.plus_maze import ZONES, Maze, PlusMazeRules, place_maze, score_plus_maze
from littermate.errors import DataError, UsageError
from littermate.model.arena import Arena
from littermate.model.track import Track
from littermate.simulate.plus_maze_scene import PlusMazeScene, explore, write_plus_maze
from littermate.single.trial import TrialJob, score_trial

MAZE = Maze(size_cm=65, width_cm=5)
ARENA = Arena(corners_px=((0, 0), (65, 0), (65, 65), (0, 65)), width_cm=65, height_cm=65)
ENDS = ((32.5, 0.0), (65.0, 32.5), (32.5, 65.0), (0.0, 32.5))
RULES = PlusMazeRules(smooth_s=0)


def walk(*places: tuple[float, float], speed: float = 5.0, fps: float = 25.0) -> Track:
    """Walk straight from place to place, cm = px, and stay a second at each."""
    points = [np.tile(places[0], (round(fps), 1))]
    for start, stop in itertools.pairwise(places):
        steps = max(1, round(np.hypot(*np.subtract(stop, start)) / speed * fps))
        points += [np.linspace(start, stop, steps, endpoint=False), np.tile(stop, (round(fps), 1))]
    xy = np.vstack(points).astype(float)
    return Track(t_s=np.arange(len(xy)) / fps, xy_px=xy, state=np.zeros(len(xy), np.uint8))


def scored(track: Track, rules: PlusMazeRules = RULES, stop_s: float | None = None):
    stop = float(track.t_s[-1]) + 0.04 if stop_s is None else stop_s
    return score_plus_maze(track, ARENA, Setting(window_s=(0.0, stop)), rules)


def values(track: Track, rules: PlusMazeRules = RULES) -> dict[str, float | None]:
    return {one.measure: one.value for one in scored(track, rules).readings}


CENTRE, TOP, BOTTOM, LEFT, RIGHT = (32.5, 32.5), (32.5, 10.0), (32.5, 55.0), (10.0, 32.5), (55.0, 32.5)


def test_every_point_is_in_exactly_one_zone_and_outside_all_others() -> None:
    points = np.random.default_rng(1).uniform(-10, 75, (4000, 2))
    zones, outside = MAZE.zone_of(points), MAZE.outside_cm(points)
    assert set(zones) == {0, 1, 2, 3, 4}
    assert np.all(outside[zones, np.arange(4000)] == 0)
    assert np.all((outside == 0).sum(axis=0) == 1)


def test_areas_are_those_of_the_maze() -> None:
    assert MAZE.area_percent == pytest.approx([24, 24, 24, 24, 4])
    assert [name for name, _ in MAZE.polygons_cm] == list(ZONES)


def test_entries_and_shares_of_a_known_walk() -> None:
    got = values(walk(CENTRE, TOP, CENTRE, LEFT, CENTRE, RIGHT, CENTRE))
    assert (got["open_entries"], got["closed_entries"], got["total_arm_entries"]) == (1, 2, 3)
    assert got["open_percent_of_entries"] == pytest.approx(100 / 3)
    arm_s = 1 + 2 * 20 / 5
    assert got["open_arms_time_s"] == pytest.approx(arm_s, abs=0.1)
    assert got["open_percent_of_arm_time"] == pytest.approx(100 / 3, abs=0.5)
    assert got["open_percent_of_all_time"] == pytest.approx(100 * arm_s / (3 * arm_s + 4 + 6 * 0.5), abs=0.5)
    assert got["open_latency_s"] == pytest.approx(1 + 0.6, abs=0.05)


def test_starting_in_an_arm_is_a_visit_and_no_entry() -> None:
    got = values(walk(TOP, CENTRE, BOTTOM))
    assert (got["open_visits"], got["open_entries"], got["open_latency_s"]) == (2, 1, 0)


def test_jitter_at_the_border_is_no_entry_and_a_deeper_rule_asks_for_more() -> None:
    border = [(32.5, 30.0 + dy) for dy in (0.3, -0.3) * 10]
    assert values(walk(CENTRE, *border))["open_entries"] == 0
    shallow = walk(CENTRE, (32.5, 28.5), CENTRE)
    assert values(shallow)["open_entries"] == 1
    assert values(shallow, PlusMazeRules(smooth_s=0, hysteresis_cm=2))["open_entries"] == 0


def test_never_on_an_open_arm_is_censored_with_shares_of_zero() -> None:
    readings = {one.measure: one for one in scored(walk(CENTRE, LEFT)).readings}
    assert readings["open_latency_s"].flags == ("censored",)
    assert readings["open_latency_s"].value == pytest.approx(1 + 22.5 / 5 + 1, abs=0.05)
    assert readings["open_percent_of_arm_time"].value == 0


def test_only_in_the_centre_has_no_share_of_arms() -> None:
    readings = {one.measure: one for one in scored(walk(CENTRE)).readings}
    assert readings["open_percent_of_arm_time"].reason == "no time on the arms"
    assert readings["open_percent_of_entries"].reason == "no arm was entered"


def test_missing_time_is_in_no_zone_and_hides_no_entry_as_seen() -> None:
    track = walk(CENTRE, TOP)
    state, xy = track.state.copy(), track.xy_px.copy()
    state[25:100], xy[25:100] = 2, np.nan
    got = values(Track(t_s=track.t_s, xy_px=xy, state=state))
    assert got["missing_s"] == pytest.approx(3.0, abs=0.05)
    assert (got["open_entries"], got["open_visits"]) == (0, 1)
    zones = got["open_arms_time_s"] + got["closed_arms_time_s"] + got["centre_time_s"]
    assert zones == pytest.approx(got["scorable_s"])


def test_no_animal_is_nothing_with_a_reason() -> None:
    lost = Track(t_s=np.arange(50) / 25, xy_px=np.full((50, 2), np.nan), state=np.full(50, 2, np.uint8))
    readings = {one.measure: one for one in scored(lost).readings}
    assert readings["scorable_s"].value == 0
    assert readings["open_entries"].value is None and "seen at no time" in readings["open_entries"].reason


def test_a_recording_that_ends_early_is_flagged() -> None:
    result = scored(walk(CENTRE, TOP), stop_s=300)
    assert result.cut_short
    assert all("cut short" in one.flags for one in result.readings)


def test_a_window_that_starts_late_counts_from_t0() -> None:
    track = walk(CENTRE, TOP, CENTRE, BOTTOM)
    late = score_plus_maze(track, ARENA, Setting(window_s=(8.0, 16.0)), RULES)
    got = {one.measure: one.value for one in late.readings}
    assert got["scorable_s"] == pytest.approx(8.0, abs=0.05)
    assert got["open_entries"] == 1 and got["open_latency_s"] == pytest.approx(8.0, abs=0.05)


def test_an_animal_beside_the_maze_is_said() -> None:
    assert [one.id for one in scored(walk(CENTRE, (10.0, 10.0))).findings] == ["off-maze"]
    assert not scored(walk(CENTRE, TOP)).findings


def place(ends, rules: PlusMazeRules = RULES, **more) -> np.ndarray:
    arena = place_maze(Setting(window_s=(0, 1), corners_px=ends, **more), rules)
    return arena.to_cm(np.array(ENDS)).round(6)


def test_the_first_point_is_an_open_arm_whichever_way_one_goes_round() -> None:
    for ends in (ENDS, (ENDS[0], ENDS[3], ENDS[2], ENDS[1])):
        assert place(ends)[0].tolist() == [32.5, 0.0]
    turned = place((ENDS[1], ENDS[2], ENDS[3], ENDS[0]))
    assert turned[1].tolist() == [32.5, 0.0]
    assert place((ENDS[1], ENDS[2], ENDS[3], ENDS[0]), PlusMazeRules(open_arms="upright"))[0, 0] == 32.5


def test_a_box_will_do_where_the_open_arms_are_named() -> None:
    setting = Setting(window_s=(0, 1), box_px=(0, 0, 65, 65))
    across = place_maze(setting, PlusMazeRules(open_arms="across"))
    on_left = across.to_cm(np.array([[0.0, 32.5]]))
    assert MAZE.zone_of(on_left)[0] in (0, 2)
    with pytest.raises(UsageError, match="which arms are open"):
        place_maze(setting, RULES)


def test_points_that_are_no_maze_are_refused() -> None:
    with pytest.raises(DataError):
        place(((0, 0), (10, 10), (20, 20), (30, 30)))
    with pytest.raises(UsageError, match="larger"):
        place(ENDS, size_cm=4.0)


def test_a_simulated_mouse_is_scored_as_it_went(tmp_path: Path) -> None:
    scene = PlusMazeScene(width=240, height=240, turn_deg=40)
    path = explore(duration_s=30, seed=3, scene=scene)
    write_plus_maze(tmp_path / "a.mp4", path, scene=scene, seed=3)
    job = TrialJob(kind="elevated plus maze", path=str(tmp_path / "a.mp4"), window_s=(0, 30), corners_px=scene.ends_px)
    got = {one.measure: one.value for one in score_trial(job).readings}
    assert (got["open_entries"], got["closed_entries"]) == (path.entries("open"), path.entries("closed"))
    for kind, name in (("open", "open_arms"), ("closed", "closed_arms"), ("centre", "centre")):
        assert got[f"{name}_time_s"] == pytest.approx(path.time_s(kind, width_cm=5), abs=0.5)
    assert got["distance_cm"] == pytest.approx(path.distance_cm, rel=0.06)
    assert got["missing_s"] < 0.2
