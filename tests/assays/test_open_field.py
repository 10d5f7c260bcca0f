"""What an open field test counts, on paths whose numbers can be worked out by eye (1 px = 1 cm)."""

import numpy as np
import pytest

from littermate.assays.open_field import OpenField, OpenFieldRules, readings, rule_set, score_open_field
from littermate.errors import DataError, UsageError
from littermate.model.arena import Arena
from littermate.model.track import FOUND, MISSING, Track

ARENA = Arena(corners_px=((0, 0), (48, 0), (48, 48), (0, 48)), width_cm=48, height_cm=48)


def track_of(*points: tuple[float, float, float], fps: float = 25.0) -> Track:
    """Make a track through (t, x, y) points by straight lines."""
    t, x, y = np.array(points).T
    times = np.arange(round(t[-1] * fps)) / fps
    xy = np.column_stack([np.interp(times, t, x), np.interp(times, t, y)])
    return Track(t_s=times, xy_px=xy, state=np.full(len(times), FOUND, np.uint8))


def without(track: Track, start_s: float, stop_s: float) -> Track:
    gone = (track.t_s >= start_s) & (track.t_s < stop_s)
    xy = np.where(gone[:, None], np.nan, track.xy_px)
    return Track(t_s=track.t_s, xy_px=xy, state=np.where(gone, MISSING, track.state).astype(np.uint8))


def score(track: Track, duration_s: float | None = None, **rules: object) -> OpenField:
    return score_open_field(track, ARENA, duration_s=duration_s, rules=OpenFieldRules(**rules))  # type: ignore[arg-type]


ACROSS = track_of((0, 4, 20), (10, 44, 20))


def test_straight_across_crosses_five_lines() -> None:
    result = score(ACROSS)
    assert (result.lines_crossed, result.squares_entered) == (5, 5)
    assert result.distance_cm == pytest.approx(40, abs=1.2)
    assert result.mean_speed_cm_s == pytest.approx(result.distance_cm / 10)


def test_diagonal_through_the_corners_of_cells_crosses_two_lines_a_square() -> None:
    result = score(track_of((0, 4, 4), (10, 44, 44)))
    assert (result.lines_crossed, result.squares_entered) == (10, 5)


def test_an_animal_that_stays_crosses_nothing() -> None:
    result = score(track_of((0, 20, 20), (10, 20, 20)))
    assert (result.lines_crossed, result.distance_cm, result.mean_speed_cm_s) == (0, 0, 0)
    assert result.thigmotaxis.percent_distance_outer is None


def test_jitter_at_a_line_is_neither_crossing_nor_distance() -> None:
    rng = np.random.default_rng(1)
    still = track_of((0, 16, 20), (60, 16, 20), fps=30)
    noisy = Track(t_s=still.t_s, xy_px=still.xy_px + rng.normal(0, 0.2, still.xy_px.shape), state=still.state)
    assert (score(noisy).lines_crossed, score(noisy).distance_cm) == (0, 0)


@pytest.mark.parametrize("fps", [10, 15, 30, 60])
@pytest.mark.parametrize("jitter_cm", [0.0, 0.2, 0.5])
def test_frame_rate_and_jitter_do_not_count(fps: float, jitter_cm: float) -> None:
    loop = track_of(*((10 * k, *((6, 6), (42, 6), (42, 42), (6, 42))[k % 4]) for k in range(9)), fps=fps)
    xy = loop.xy_px + np.random.default_rng(2).normal(0, jitter_cm, loop.xy_px.shape)
    result = score(Track(t_s=loop.t_s, xy_px=xy, state=loop.state))
    assert result.distance_cm == pytest.approx(8 * 36, rel=0.02 if jitter_cm < 0.5 else 0.04)
    assert result.lines_crossed == 8 * 5


def test_times_of_the_rings() -> None:
    result = score(ACROSS)
    assert [zone.time_s for zone in result.zones] == pytest.approx([2.0, 4.0, 4.0], abs=0.05)
    assert sum(zone.percent or 0 for zone in result.zones) == pytest.approx(100)


def test_starting_inside_is_a_visit_but_no_entry() -> None:
    outer, middle, centre = score(ACROSS).zones
    assert (outer.visits, outer.entries, outer.latency_s) == (2, 1, 0)
    assert (middle.visits, middle.entries, centre.entries) == (2, 2, 1)
    assert centre.latency_s == pytest.approx(3.125, abs=0.05)


def test_never_inside_is_censored_at_the_trials_length() -> None:
    centre = score(track_of((0, 3, 3), (30, 3, 45))).zone("centre")
    assert (centre.visits, centre.time_s, centre.latency_s, centre.latency_censored) == (0, 0, 30, True)


def test_a_long_gap_is_missing_time_and_no_crossing() -> None:
    result = score(without(ACROSS, 2.5, 4.5))
    assert result.missing_s == pytest.approx(2.0, abs=0.05)
    assert result.lines_crossed == 4
    assert sum(zone.percent or 0 for zone in result.zones) == pytest.approx(100)
    assert "missing time" in readings(result)[0].flags


def test_a_short_gap_is_bridged() -> None:
    result = score(without(ACROSS, 2.8, 3.2))
    assert (result.missing_s, result.lines_crossed) == (pytest.approx(0), 5)


def test_being_found_inside_after_a_gap_is_a_visit_but_no_entry() -> None:
    centre = score(without(ACROSS, 2.5, 4.5)).zone("centre")
    assert (centre.visits, centre.entries) == (1, 0)
    assert centre.latency_s == pytest.approx(4.52)  # the first frame after the gap


def test_a_short_recording_is_cut_short_with_its_real_denominator() -> None:
    result = score(ACROSS, duration_s=20)
    assert result.cut_short
    assert (result.scorable_s, result.missing_s) == pytest.approx((10, 10))
    assert result.zone("centre").percent == pytest.approx(40, abs=0.5)


def test_no_animal_gives_reasons_not_numbers() -> None:
    result = score(without(ACROSS, 0, 10))
    assert (result.distance_cm, result.lines_crossed, result.zone("centre").time_s) == (None, None, None)
    assert all(reading.reason for reading in readings(result) if reading.value is None)


def test_an_empty_window_is_refused() -> None:
    empty = Track(t_s=np.empty(0), xy_px=np.empty((0, 2)), state=np.empty(0, np.uint8))
    with pytest.raises(DataError, match="longer than 0 s"):
        score(empty)


def test_four_measures_of_thigmotaxis() -> None:
    wall = score(track_of((0, 4, 24), (5, 4, 24), (5.02, 24, 24), (10, 24, 24)), smooth_s=0.0).thigmotaxis
    assert wall.percent_time_outer == pytest.approx(50, abs=0.5)
    assert wall.mean_wall_distance_cm == pytest.approx(14, abs=0.2)
    assert wall.time_within_s == pytest.approx(5, abs=0.05)
    assert wall.percent_distance_outer is not None


@pytest.mark.parametrize("scheme", ["rings", "wall distance", "scaled square", "equal area", "polygons"])
def test_the_zone_scheme_is_named_and_a_partition(scheme: str) -> None:
    square = ((12.0, 12.0), (36.0, 12.0), (36.0, 36.0), (12.0, 36.0))
    result = score(ACROSS, zones=scheme, polygons=(("patch", square),))
    assert result.zone_scheme == scheme
    assert sum(zone.time_s or 0 for zone in result.zones) == pytest.approx(result.scorable_s)
    assert sum(zone.distance_cm or 0 for zone in result.zones) == pytest.approx(result.distance_cm)


def test_readings_are_named_as_in_the_output() -> None:
    values = {reading.measure: reading for reading in readings(score(ACROSS))}
    assert {"distance_cm", "lines_crossed", "outer_time_s", "centre_entries", "centre_latency_s"} <= set(values)
    never = {reading.measure: reading for reading in readings(score(track_of((0, 3, 3), (9, 3, 45))))}
    assert never["centre_latency_s"].flags == ("censored",)


def test_rules_have_words_and_a_hash_that_changes_with_them() -> None:
    assert "10 inner lines" in " ".join(rule_set(OpenFieldRules()).words)
    assert rule_set(OpenFieldRules()).hash != rule_set(OpenFieldRules(hysteresis_cm=1)).hash


def test_an_unknown_zone_scheme_is_refused() -> None:
    with pytest.raises(UsageError, match="rings"):
        OpenFieldRules(zones="middle-ish")
