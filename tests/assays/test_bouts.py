"""Bouts: closing gaps, dropping short runs, cutting to a window; every value can be worked out by eye."""

import numpy as np

from littermate.assays.bouts import clip_bouts, covered_samples, hysteresis, mask_to_bouts, smoothed, switched
from littermate.model.bout import DetectedBout
from littermate.model.motion import Motion


def intervals(bouts) -> list[tuple[float, float]]:
    return [(round(bout.start_s, 6), round(bout.stop_s, 6)) for bout in bouts]


def bouts_of(text: str, **rules) -> list[tuple[float, float]]:
    """Bouts of a state written as one letter a half second: i immobile, m mobile, ? missing."""
    state = np.array(list(text))
    options = {"step_s": 0.5, "gap_s": 1.0, "min_bout_s": 2.0, **rules}
    return intervals(mask_to_bouts(state == "i", state != "?", **options))


def test_gaps_are_closed_before_short_runs_are_dropped() -> None:
    assert bouts_of("iimii") == [(0, 2.5)]


def test_a_gap_of_exactly_g_stays_and_a_run_of_exactly_m_stays() -> None:
    assert bouts_of("iiiimmiiii") == [(0, 2), (3, 5)]
    assert bouts_of("iiim") == []


def test_missing_time_ends_a_bout_and_is_not_bridged() -> None:
    assert bouts_of("iiii?iiii") == [(0, 2), (2.5, 4.5)]
    assert bouts_of("iiii?iii") == [(0, 2)]
    assert bouts_of("iiiim?iiii") == [(0, 2), (3, 5)]


def test_exact_lengths_survive_tenths_of_a_second() -> None:
    state = np.array([True] * 10 + [False] * 5 + [True] * 10 + [False])
    bouts = mask_to_bouts(state, np.ones(26, bool), step_s=0.1, gap_s=0.5, min_bout_s=1.0, start_s=0.3)
    assert intervals(bouts) == [(0.3, 1.3), (1.8, 2.8)]


def test_clipping_leaves_bouts_inside_alone() -> None:
    bout = DetectedBout(behaviour="immobile", start_s=1.0, stop_s=2.0)
    assert clip_bouts([bout], (0.0, 5.0)) == (bout,)
    assert clip_bouts([bout], (2.0, 5.0)) == ()


def test_a_bout_is_cut_and_flagged_at_the_window_and_at_the_recording_s_end() -> None:
    bouts = [DetectedBout(behaviour="immobile", start_s=a, stop_s=b) for a, b in ((1, 3), (4, 5), (8, 9))]
    clipped = clip_bouts(bouts, (2, 10), recorded_until_s=9)
    assert intervals(clipped) == [(2, 3), (4, 5), (8, 9)]
    assert [bout.cut for bout in clipped] == [True, False, True]


def test_hysteresis_keeps_its_state_between_the_thresholds_and_begins_high() -> None:
    values = np.array([0.06, 0.04, 0.06, 0.09, 0.06])
    assert hysteresis(values, 0.05, 0.08).tolist() == [False, True, True, False, False]


def test_a_switch_stays_as_it_was() -> None:
    on, off = np.array([0, 1, 0, 0, 0], bool), np.array([1, 0, 0, 1, 0], bool)
    assert switched(on, off).tolist() == [False, True, True, False, False]


def motion(valid: list[int]) -> Motion:
    return Motion(
        t_s=np.arange(len(valid)) * 0.1,
        step_s=0.1,
        activity=np.zeros(len(valid)),
        valid=np.array(valid, bool),
        animal_found=True,
        animal_area_px=900.0,
    )


def test_smoothing_starts_anew_after_missing_time() -> None:
    values = np.array([0.0, 0, 9, 0, 7, 5, 5, 5])
    assert smoothed(values, motion([1, 1, 1, 1, 0, 1, 1, 1]), 0.3).tolist() == [0, 0, 0, 0, 7, 5, 5, 5]


def test_samples_are_covered_where_their_middle_is_in_a_bout() -> None:
    bouts = (DetectedBout(behaviour="immobile", start_s=0.1, stop_s=0.26),)
    assert covered_samples(motion([1, 1, 1, 1]), bouts).tolist() == [False, True, True, False]
