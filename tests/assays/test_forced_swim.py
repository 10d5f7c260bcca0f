"""Immobility by the written rules: every value here can be worked out by eye."""

from dataclasses import replace

import numpy as np
import pytest

from littermate.assays.forced_swim import ForcedSwimRules, immobile_mask, readings, rule_set, score_forced_swim
from littermate.assays.swim_rules import ClimbingRules
from littermate.errors import UsageError
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


def test_rules_are_checked_and_named_with_their_window() -> None:
    assert rule_set(SHARP, (120, 360)).hash != rule_set(SHARP, (0, 360)).hash
    assert any("not calibrated" in words for words in rule_set(SHARP, (120, 360)).words)
    with pytest.raises(UsageError):
        ForcedSwimRules(immobile_below=0.2, mobile_above=0.1)
    with pytest.raises(UsageError):
        score_forced_swim(trace((1, 0.0)), window_s=(5, 5))


THREE_WAY = ForcedSwimRules(smooth_s=0, climbing=ClimbingRules(climbing_above=0.2, upright_above=0.6, smooth_s=0))


def posed(*stretches: tuple[float, float | None, float]) -> Motion:
    """Make a motion trace of (seconds, activity, uprightness) stretches."""
    plain = trace(*((seconds, activity) for seconds, activity, _ in stretches))
    upright = np.concatenate([np.full(round(seconds * 10), pose) for seconds, _, pose in stretches])
    return replace(plain, upright=np.where(plain.valid, upright, np.nan))


def test_climbing_is_active_and_upright_and_the_rest_is_swimming() -> None:
    motion = posed((5, 0.3, 0.4), (4, 0.3, 0.7), (3, 0.1, 0.7), (6, 0.0, 0.7), (2, 0.3, 0.4))
    result = score_forced_swim(motion, window_s=(0, 20), rules=THREE_WAY)
    swimming, climbing = result.active
    assert intervals(climbing.bouts) == [(5, 9)]
    assert intervals(swimming.bouts) == [(0, 5), (9, 12), (18, 20)]
    assert (swimming.total_s, swimming.percent) == (pytest.approx(10), pytest.approx(50))
    assert (climbing.latency_s, climbing.latency_censored) == (pytest.approx(5), False)
    by_name = {reading.measure: reading.value for reading in readings(result)}
    assert (by_name["climbing_s"], by_name["climbing_bouts"], by_name["swimming_bouts"]) == (pytest.approx(4), 1, 3)


def test_climbing_has_hysteresis_closes_gaps_and_drops_short_runs() -> None:
    motion = posed((2, 0.3, 0.5), (2, 0.3, 0.65), (1, 0.3, 0.55), (0.3, 0.3, 0.4), (1, 0.3, 0.65), (1, 0.3, 0.4),
                   (0.9, 0.3, 0.7), (1, 0.3, 0.4))  # fmt: skip
    _, climbing = score_forced_swim(motion, window_s=(0, 9), rules=THREE_WAY).active
    assert intervals(climbing.bouts) == [(2, 6.3)]


def test_a_gap_of_climbing_that_holds_missing_time_is_not_closed() -> None:
    motion = posed((2, 0.3, 0.7), (0.2, None, 0.7), (2, 0.3, 0.7))
    swimming, climbing = score_forced_swim(motion, window_s=(0, 4.2), rules=THREE_WAY).active
    assert intervals(climbing.bouts) == [(0, 2), (2.2, 4.2)]
    assert swimming.bouts == ()


@pytest.mark.parametrize("seed", range(3))
def test_three_behaviours_partition_the_scorable_time_and_leave_immobility_alone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lengths, missing = rng.uniform(0.1, 3, 60), rng.random(60) < 0.1
    motion = posed(*((s, None if gone else rng.choice([0.0, 0.1, 0.4]), rng.uniform(0.3, 0.8))
                     for s, gone in zip(lengths, missing, strict=True)))  # fmt: skip
    window_s = (7.03, 61.77)
    three = score_forced_swim(motion, window_s=window_s, rules=THREE_WAY)
    two = score_forced_swim(motion, window_s=window_s, rules=SHARP)
    assert replace(three, active=()) == two
    parts = [three.immobility_s, *(one.total_s for one in three.active)]
    assert sum(parts) == pytest.approx(three.scorable_s, abs=1e-9)
    assert three.missing_s > 0 and min(parts) > 0


def test_three_ways_are_said_in_the_rules_and_two_ways_keep_their_hash() -> None:
    plain, three = rule_set(ForcedSwimRules(), (120, 360)), rule_set(THREE_WAY, (120, 360))
    assert not any("climbing" in words for words in plain.words)
    assert sum("not calibrated" in words for words in three.words) == 2
    assert dict(three.parameters)["climbing upright_above"] == 0.6
    assert plain.hash == rule_set(ForcedSwimRules(climbing=None), (120, 360)).hash != three.hash
    assert rule_set(ForcedSwimRules(calibration="calibrated on 8 animals"), (120, 360)).hash != plain.hash


def test_a_trace_without_posture_cannot_be_scored_three_ways() -> None:
    with pytest.raises(UsageError, match="how upright"):
        score_forced_swim(trace((5, 0.3)), window_s=(0, 5), rules=THREE_WAY)
    with pytest.raises(UsageError, match="climbing_above above 0"):
        ClimbingRules(upright_above=1.2)


def test_nothing_scorable_gives_no_climbing_either() -> None:
    motion = replace(trace((30, 0.0), found=False), upright=np.full(300, np.nan))
    result = score_forced_swim(motion, window_s=(10, 30), rules=THREE_WAY)
    by_name = {reading.measure: reading for reading in readings(result)}
    assert (by_name["climbing_s"].value, by_name["climbing_s"].reason) == (None, "no animal was found")
    assert by_name["climbing_latency_s"].value is None
