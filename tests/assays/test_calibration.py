"""Calibration on made-up traces whose best threshold, and whose agreement, is known beforehand."""

from dataclasses import replace

import numpy as np
import pytest

from littermate.assays.calibration import CalibrationTrial, Limits, calibrate
from littermate.assays.forced_swim import ForcedSwimRules, rule_set
from littermate.assays.swim_rules import ClimbingRules
from littermate.assays.threshold_fit import TimeTables, common_time, roc_curve
from littermate.errors import DataError
from littermate.model.bout import ScoredBout
from littermate.model.motion import Motion

LENGTH_S = 60.0
BOUTS_S = ((4, 10), (14, 22), (27, 30), (36, 47), (51, 55))
CLIMBS_S = ((10, 12), (23, 26), (48, 50))


def trial(number: int, *, gain: float = 1.0, person_late_s: float = 0.0, animal: str = "") -> CalibrationTrial:
    """Make a trial: activity near 0.01 while it floats and 0.3 while it moves, times a gain; it climbs at times.

    The bouts of one animal are shifted against those of the next; the person may see them late.
    """
    rng = np.random.default_rng(number)
    t_s = np.arange(round(LENGTH_S * 10)) / 10
    shift = 0.3 * (number % 7)
    floats, climbs = (sum(((t_s >= a + shift) & (t_s < b + shift)) for a, b in spans) for spans in (BOUTS_S, CLIMBS_S))
    motion = Motion(
        t_s=t_s,
        step_s=0.1,
        activity=gain * np.where(floats, 0.01, 0.3) * rng.uniform(0.7, 1.4, len(t_s)),
        valid=np.ones(len(t_s), bool),
        animal_found=True,
        animal_area_px=900.0,
        upright=np.where(climbs, 0.72, 0.45) + rng.uniform(-0.03, 0.03, len(t_s)),
    )
    late = shift + person_late_s
    bouts = [("immobile", a, b) for a, b in BOUTS_S] + [("climbing", a, b) for a, b in CLIMBS_S]
    return CalibrationTrial(
        name=f"v{number}.mp4",
        animal=animal or f"m{number}",
        motion=motion,
        bouts=tuple(ScoredBout(behaviour=what, start_s=a + late, stop_s=b + late, scorer="x") for what, a, b in bouts),
        scored_s=((2.0, LENGTH_S),),
    )


@pytest.fixture(scope="module")
def good():
    """Return six animals' calibration, climbing with it."""
    return calibrate([trial(k) for k in range(6)], base=ForcedSwimRules(climbing=ClimbingRules()))


def test_thresholds_lie_between_floating_and_moving_whoever_is_left_out(good) -> None:
    below, above = good.immobility.thresholds
    assert 0.014 < below <= above < 0.21
    assert [fold.animal for fold in good.immobility.folds] == [f"m{k}" for k in range(6)]
    assert all(0.014 < low <= high < 0.21 for low, high in (fold.thresholds for fold in good.immobility.folds))


def test_clean_scores_are_calibrated_and_the_figures_are_of_held_out_animals(good) -> None:
    held_out = good.immobility.held_out
    assert (good.calibrated, good.immobility.reasons, good.animals, good.trials) == (True, (), 6, 6)
    assert held_out.kappa > 0.95 and held_out.f1 == 1 and abs(held_out.totals.bias) < 1
    assert good.roc.auc == pytest.approx(1, abs=0.005)
    assert good.immobility.rates[0] < 0.02 < 0.98 < good.immobility.rates[1]


def test_climbing_is_fitted_to_activity_and_posture(good) -> None:
    assert 0.48 < good.climbing.thresholds[1] < 0.75
    assert good.climbing.calibrated and good.climbing.held_out.behaviour == "climbing"
    assert good.climbing.held_out.kappa > 0.9


def test_the_rules_say_what_they_are_and_their_hash_goes_with_the_thresholds(good) -> None:
    rules = good.rules()
    assert (rules.immobile_below, rules.mobile_above) == good.immobility.thresholds
    assert rules.calibration.startswith("calibrated on 6 animals, held-out kappa 1.00, bias ")
    words = " ".join(rule_set(rules, (0, 60)).words)
    assert "bias" in words and "not calibrated" not in words
    other = replace(rules, immobile_below=rules.immobile_below * 0.9)
    assert rule_set(other, (0, 60)).hash != rule_set(rules, (0, 60)).hash


def test_scores_without_relation_to_motion_are_refused_with_what_was_found() -> None:
    others = [replace(trial(k), motion=trial(k + 1).motion) for k in range(6)]
    shuffled = [
        replace(one, motion=replace(one.motion, activity=np.random.default_rng(k).permutation(one.motion.activity)))
        for k, one in enumerate(others)
    ]
    result = calibrate(shuffled)
    assert not result.calibrated
    assert result.immobility.held_out.kappa < 0.2
    assert any("kappa" in reason for reason in result.immobility.reasons)
    assert result.roc.auc == pytest.approx(0.5, abs=0.1)
    assert result.rules().calibration.startswith("NOT calibrated: refused because kappa")


def test_one_animal_that_moves_otherwise_is_seen_and_named() -> None:
    result = calibrate([trial(k, gain=12.0 if k == 3 else 1.0) for k in range(8)])
    assert not result.calibrated
    assert any("limits of agreement" in reason and "v3.mp4" in reason for reason in result.immobility.reasons)
    differences = {one.animal: one.second_percent - one.first_percent for one in result.immobility.held_out.trials}
    assert max(differences, key=lambda animal: abs(differences[animal])) == "m3"


def test_too_few_animals_are_told_but_not_calibrated() -> None:
    result = calibrate([trial(k) for k in range(5)])
    assert result.immobility.reasons == ("only 5 animals, 6 are needed",)
    with pytest.raises(DataError, match="3 animals or more"):
        calibrate([trial(0), trial(1)])


def test_all_trials_of_an_animal_are_left_out_together() -> None:
    result = calibrate([trial(k, animal=f"m{k // 2}") for k in range(6)])
    assert (result.animals, result.trials, len(result.immobility.folds)) == (3, 6, 3)
    assert result.immobility.held_out.totals.animals == 3


def test_limits_are_stated_and_can_be_stricter() -> None:
    late = [trial(k, person_late_s=0.6) for k in range(6)]
    assert calibrate(late).calibrated
    strict = calibrate(late, limits=Limits(min_kappa=0.97))
    assert [reason.split()[0] for reason in strict.immobility.reasons] == ["kappa"]
    assert "0.97" in strict.limits.words()


def test_a_threshold_at_the_end_of_the_range_is_refused() -> None:
    result = calibrate([trial(k, gain=0.04) for k in range(6)])
    assert "immobile_below 0.01 is the end of the range that was tried" in result.immobility.reasons


def test_a_recording_shorter_than_what_was_scored_is_refused() -> None:
    trials = [trial(k) for k in range(4)]
    trials[2] = replace(trials[2], scored_s=((2.0, 80.0),))
    with pytest.raises(DataError, match="a recording that ends 60"):
        calibrate(trials)


def test_trials_without_an_animal_are_left_out_and_named() -> None:
    gone = trial(9)
    gone = replace(gone, motion=replace(gone.motion, animal_found=False, valid=np.zeros(600, bool)))
    result = calibrate([*(trial(k) for k in range(3)), gone])
    assert (result.animals, result.left_out) == (3, (("v9.mp4", "no animal was found"),))


@pytest.mark.parametrize("name", ["floating", "immobile"])
def test_scores_with_one_state_only_are_refused(name: str) -> None:
    whole = (ScoredBout(behaviour=name, start_s=0.0, stop_s=LENGTH_S, scorer="x"),)
    with pytest.raises(DataError, match="0 % immobile"):
        calibrate([replace(trial(k), bouts=whole) for k in range(3)])


def test_time_that_cannot_be_measured_counts_for_neither() -> None:
    one = trial(0)
    valid = one.motion.valid.copy()
    valid[100:200] = False
    seen = replace(one, motion=replace(one.motion, valid=valid))
    assert [(round(a, 6), round(b, 6)) for a, b in common_time(seen)] == [(2, 10), (20, 60)]


def test_animals_weigh_the_same_however_long_they_were_scored() -> None:
    short = replace(trial(0), scored_s=((4.0, 14.0),))  # 6 of 10 s immobile
    long = replace(trial(7), animal="m7", scored_s=((0.0, 60.0),))  # 32 of 60 s
    everything = np.ones(600, bool)
    tables = TimeTables.of([short, long], "immobile", [(0.1, 0.2)], lambda one, setting: everything)
    assert tables.tables[0].tolist() == [pytest.approx([0.6, 0.4, 0, 0]), pytest.approx([32 / 60, 28 / 60, 0, 0])]


def test_roc_of_four_samples_by_hand() -> None:
    motion = Motion(
        t_s=np.arange(4) * 1.0,
        step_s=1.0,
        activity=np.array([0.1, 0.3, 0.2, 0.4]),
        valid=np.ones(4, bool),
        animal_found=True,
        animal_area_px=1.0,
    )
    bouts = (ScoredBout(behaviour="immobile", start_s=0, stop_s=2, scorer="x"),)
    roc = roc_curve(
        [CalibrationTrial(name="v", animal="m", motion=motion, bouts=bouts, scored_s=((0, 4),))], "immobile"
    )
    assert roc.auc == pytest.approx(3 / 4)  # of four pairs, 0.3 against 0.2 is the wrong way round
    assert roc.true_rate.tolist() == pytest.approx([0, 0.5, 0.5, 1, 1])
    assert roc.false_rate.tolist() == pytest.approx([0, 0, 0.5, 0.5, 1])
