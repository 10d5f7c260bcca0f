"""Thresholds are fitted to a study's own hand scores, and used only where they are calibrated."""

import json

import numpy as np
import pytest
from tests.study.scorers import ASSAY, score_clip

from littermate.assays.hand_states import Choice
from littermate.errors import DataError, StageError, UsageError
from littermate.model.clip import SCORE
from littermate.model.motion import Motion
from littermate.store.tracks import read_motion, write_motion
from littermate.study import Study, calibrating

STEP_S = 0.1
FLOATS, SWIMS = 0.02, 0.4


def motion(floats_s: tuple[float, float], *, floats: float = FLOATS) -> Motion:
    """Float for a while, and swim the rest of 12 s."""
    t_s = np.arange(120) * STEP_S
    afloat = (t_s >= floats_s[0]) & (t_s < floats_s[1])
    return Motion(
        t_s=t_s,
        step_s=STEP_S,
        activity=np.where(afloat, floats, SWIMS),
        valid=np.ones(len(t_s), bool),
        animal_found=True,
        animal_area_px=900.0,
    )


def stored(study: Study, *, floats: float = FLOATS) -> Study:
    """Let the trace of trial number k be what Ada saw in it: afloat from 3 + k / 2 to 10 s."""
    for k, trial in enumerate(sorted(study.trials, key=lambda one: one.id)):
        path = study.folder.tracks / f"{trial.id}.parquet"
        rules = read_motion(path).rules_hash
        write_motion(path, motion((3 + k / 2, 10.0), floats=floats), trial=trial.id, rules_hash=rules)
    return study


def test_what_a_person_scored_becomes_thresholds(hand_scored: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibrating, "measure_motions", lambda jobs, **_: {} if not jobs else pytest.fail("read"))
    found = stored(hand_scored).calibrate_assay(ASSAY, "ada")
    assert found.calibration.calibrated, found.words
    assert (found.calibration.animals, found.consensus, found.left_out) == (8, 0, ())
    below, above = found.calibration.immobility.thresholds
    assert FLOATS < below <= above < SWIMS
    assert found.headline.startswith("Calibrated: 8 animals, 8 trials")
    assert len(hand_scored.calibration_figure(found).axes) == 3
    assert hand_scored.as_png(hand_scored.calibration_figure(found)).startswith(b"\x89PNG")


def test_thresholds_in_use_are_rules_of_every_number(hand_scored: Study) -> None:
    found = stored(hand_scored).calibrate_assay(ASSAY, "ada")
    before = {one.rules_hash for one in hand_scored.measurements}
    used = hand_scored.adopt_calibration(found)
    assert hand_scored.thresholds(ASSAY) == used
    entry = hand_scored.database.entries("adopt thresholds")[0]
    assert json.loads(entry.arguments)["scorer"] == "ada"
    again = hand_scored.score(ASSAY)
    assert len(again) == 8
    (new,) = {one.rules_hash for one in hand_scored.measurements if one.outcome == "immobility"}
    assert new not in before
    rules = {rules.hash: rules for rules in hand_scored.database.rules()}[new]
    assert any("calibrated on 8 animals, held-out kappa" in words for words in rules.words)
    assert hand_scored.score(ASSAY) == ()


def test_what_is_not_calibrated_is_said_and_refused(hand_scored: Study) -> None:
    study = stored(hand_scored)
    for number, trial in enumerate(sorted(study.trials, key=lambda one: one.id)):
        path = study.folder.tracks / f"{trial.id}.parquet"
        late = motion((8.0, 12.0) if number % 2 else (2.0, 3.0))
        write_motion(path, late, trial=trial.id, rules_hash=read_motion(path).rules_hash)
    found = study.calibrate_assay(ASSAY, "ada")
    assert not found.calibration.calibrated
    assert found.words.startswith("NOT calibrated: refused because ")
    with pytest.raises(StageError, match="thresholds that are calibrated"):
        study.adopt_calibration(found)
    assert study.thresholds(ASSAY) is None


def test_a_consensus_stands_for_both_scorers(hand_scored: Study) -> None:
    study = stored(hand_scored)
    trial = min(trial.id for trial in study.trials)
    study.settle(trial, "ada", "bo", [Choice(start_s=9.0, stop_s=10.0, behaviour="swimming")])
    found = study.calibrate_assay(ASSAY, "ada")
    assert found.consensus == 1
    mine = next(one for one in found.calibration.immobility.held_out.trials if one.name == trial)
    assert mine.first_percent == pytest.approx(60)


def test_a_trial_placed_anew_is_measured_anew(hand_scored: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    study = stored(hand_scored)
    moved, broken = sorted(study.trials, key=lambda one: one.id)[:2]
    study.place(moved.id, t0_s=moved.t0_s + 0.5)
    study.place(broken.id, t0_s=broken.t0_s + 0.25)

    def measured(jobs, **_):
        assert [job.duration_s for job in jobs] == [12.0, 12.0]
        whole = (motion((2.5, 9.5)),)
        return {job: (whole, None) if job.t0_s == moved.t0_s + 0.5 else "cannot be read: no frames" for job in jobs}

    monkeypatch.setattr(calibrating, "measure_motions", measured)
    found = study.calibrate_assay(ASSAY, "ada")
    assert found.left_out == ((broken.id, "cannot be read: no frames"),)
    assert found.calibration.trials == 7


def test_a_trace_of_other_rules_of_motion_is_not_used(hand_scored: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    study = stored(hand_scored)
    trial = study.trials[0]
    path = study.folder.tracks / f"{trial.id}.parquet"
    write_motion(path, motion((3.0, 10.0)), trial=trial.id, rules_hash="of another time")
    seen = []
    monkeypatch.setattr(
        calibrating, "measure_motions", lambda jobs, **_: seen.extend(jobs) or dict.fromkeys(jobs, "measured")
    )
    assert study.calibrate_assay(ASSAY, "ada").left_out == ((trial.id, "measured"),)
    assert [job.path for job in seen] == [str(study.folder.root / trial.recording)]


def test_too_little_is_refused_in_words(handed_out: Study) -> None:
    with pytest.raises(StageError, match="finished scoring"):
        handed_out.calibrate_assay(ASSAY, "ada")
    clips = [clip for clip in handed_out.clips(scorer="ada") if clip.kind == SCORE]
    for clip in clips[:2]:
        score_clip(handed_out, clip, [(3.0, "immobile"), (8.0, "swimming")])
    with pytest.raises(DataError, match="3 animals or more"):
        handed_out.calibrate_assay(ASSAY, "ada")
    with pytest.raises(UsageError, match="kind forced swim"):
        handed_out.calibrate_assay("open field", "ada")
