"""Immobility by the written rules: every value here can be worked out by eye."""

import numpy as np
import pytest

from littermate.assays.forced_swim import (
    ForcedSwimRules,
    clip_bouts,
    immobile_mask,
    mask_to_bouts,
    readings,
    rule_set,
    score_forced_swim,
)
from littermate.errors import UsageError
from littermate.model.bout import DetectedBout
from littermate.model.motion import Motion

SHARP = ForcedSwimRules(smooth_s=0)


def trace(*stretches: tuple[float, float | None], found: bool = True) -> Motion:
    """Make a motion trace of (seconds, activity) stretches; activity `None` is missing."""
    values = np.concatenate([np.full(round(s * 10), np.nan if a is None else a) for s, a in stretches])
    return Motion(
        t_s=np.arange(len(values)) * 0.1,
        step_s=0.1,
        activity=np.nan_to_num(values),
        valid=np.isfinite(values) & found,
        animal_found=found,
        animal_area_px=900.0 if found else None,
    )


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


def test_hysteresis_needs_the_upper_threshold_to_end_immobility() -> None:
    motion = trace((1, 0.3), (1, 0.06), (1, 0.01), (1, 0.06), (1, 0.3))
    assert np.flatnonzero(immobile_mask(motion, SHARP)).tolist() == list(range(20, 40))


def test_a_single_twitch_does_not_end_a_bout_under_the_running_median() -> None:
    motion = trace((3, 0.3), (3, 0.0), (0.2, 0.9), (3, 0.0), (3, 0.3))
    result = score_forced_swim(motion, window_s=(0, 12.2))
    assert intervals(result.bouts) == [(3, 9.2)]


def test_totals_latency_and_bins() -> None:
    motion = trace((30, 0.3), (10, 0.0), (40, 0.3), (20, 0.0), (20, 0.3))
    result = score_forced_swim(motion, window_s=(20, 120), rules=SHARP)
    assert result.immobility_s == pytest.approx(30)
    assert result.immobility_percent == pytest.approx(30)
    assert (result.latency_s, result.latency_censored) == (pytest.approx(30), False)
    assert result.latency_from_window_s == pytest.approx(10)
    assert (result.bout_count, result.mean_bout_s, result.longest_bout_s) == (2, pytest.approx(15), pytest.approx(20))
    assert [(b.start_s, b.stop_s, round(b.immobility_s, 6), round(b.scorable_s, 6)) for b in result.bins] == [
        (20, 80, 10, 60),
        (80, 120, 20, 40),
    ]
    assert not result.cut_short and result.missing_s == 0


def test_bouts_are_found_on_the_whole_trial_and_then_cut_to_the_window() -> None:
    motion = trace((5, 0.3), (5.5, 0.0), (9, 0.3), (5, 0.0), (5, 0.3))
    result = score_forced_swim(motion, window_s=(10, 20), rules=SHARP)
    assert intervals(result.bouts) == [(10, 10.5), (19.5, 20)]
    assert [bout.cut for bout in result.bouts] == [True, True]
    assert result.latency_s == pytest.approx(5)
    assert result.latency_from_window_s == pytest.approx(0)


def test_a_bout_that_the_recording_s_end_cut_is_flagged() -> None:
    result = score_forced_swim(trace((5, 0.3), (5, 0.0)), window_s=(0, 10), rules=SHARP)
    assert [bout.cut for bout in result.bouts] == [True]


def test_never_immobile_is_censored_at_the_window_s_end() -> None:
    result = score_forced_swim(trace((30, 0.3)), window_s=(10, 30), rules=SHARP)
    assert (result.immobility_s, result.immobility_percent, result.bout_count) == (0, 0, 0)
    assert (result.latency_s, result.latency_censored) == (30, True)
    assert (result.latency_from_window_s, result.latency_from_window_censored) == (20, True)
    assert result.mean_bout_s is None
    by_name = {reading.measure: reading for reading in readings(result)}
    assert by_name["latency_s"].flags == ("censored",)
    assert by_name["mean_bout_s"].reason == "no immobile bout"


def test_missing_time_lowers_the_denominator() -> None:
    result = score_forced_swim(trace((5, 0.0), (10, None), (5, 0.3)), window_s=(0, 20), rules=SHARP)
    assert (result.scorable_s, result.missing_s) == (pytest.approx(10), pytest.approx(10))
    assert result.immobility_s == pytest.approx(5)
    assert result.immobility_percent == pytest.approx(50)


def test_missing_time_before_the_first_bout_is_said() -> None:
    result = score_forced_swim(trace((2, None), (3, 0.3), (5, 0.0)), window_s=(0, 10), rules=SHARP)
    assert result.latency_s == pytest.approx(5)
    assert result.latency_after_missing_s == pytest.approx(2)
    flags = {reading.measure: reading.flags for reading in readings(result)}
    assert flags["latency_s"] == ("missing time before",)


def test_a_trial_cut_short_has_its_real_denominator() -> None:
    result = score_forced_swim(trace((10, 0.3), (5, 0.0)), window_s=(5, 30), rules=SHARP)
    assert result.cut_short
    assert (result.scorable_s, result.missing_s) == (pytest.approx(10), pytest.approx(15))
    assert result.immobility_percent == pytest.approx(50)


@pytest.mark.parametrize(
    ("motion", "why"),
    [
        (trace((30, 0.0), found=False), "no animal was found"),
        (trace((5, 0.0)), "the recording ends 5.0 s after t0, before the window"),
        (trace((10, 0.0), (20, None)), "no time in the window could be scored"),
    ],
)
def test_nothing_scorable_gives_no_number_but_a_reason(motion: Motion, why: str) -> None:
    result = score_forced_swim(motion, window_s=(10, 30), rules=SHARP)
    assert (result.immobility_s, result.immobility_percent, result.latency_s, result.bouts) == (None, None, None, ())
    for reading in readings(result):
        if reading.measure not in ("scorable_s", "missing_s"):
            assert (reading.value, reading.reason) == (None, why)


def test_window_edges_inside_a_sample_count_in_part() -> None:
    result = score_forced_swim(trace((10, 0.0)), window_s=(2.05, 4.02), rules=SHARP)
    assert result.scorable_s == pytest.approx(1.97)
    assert result.immobility_s == pytest.approx(1.97)


def test_clipping_leaves_bouts_inside_alone() -> None:
    bout = DetectedBout(behaviour="immobile", start_s=1.0, stop_s=2.0)
    assert clip_bouts([bout], (0.0, 5.0)) == (bout,)
    assert clip_bouts([bout], (2.0, 5.0)) == ()


def test_rules_are_checked_and_named_with_their_window() -> None:
    assert rule_set(SHARP, (120, 360)).hash != rule_set(SHARP, (0, 360)).hash
    assert any("not calibrated" in words for words in rule_set(SHARP, (120, 360)).words)
    with pytest.raises(UsageError):
        ForcedSwimRules(immobile_below=0.2, mobile_above=0.1)
    with pytest.raises(UsageError):
        score_forced_swim(trace((1, 0.0)), window_s=(5, 5))
