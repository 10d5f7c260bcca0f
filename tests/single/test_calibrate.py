"""What is left out of a calibration, and what is refused, without any decoding."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from littermate.assays.forced_swim import ForcedSwimRules
from littermate.assays.swim_rules import ClimbingRules
from littermate.errors import DataError, FileError, VideoError
from littermate.model.bout import ScoredBout
from littermate.model.motion import Motion
from littermate.model.recording import Recording
from littermate.model.scored_trial import ScoredTrial
from littermate.single import calibrate as calibrating
from littermate.single import calibration_file
from littermate.single.calibrate import BehaviourNames, calibrate_swim, picture_of_calibration
from littermate.single.calibration_file import read_calibration, write_calibration
from littermate.video.motion import MotionRules

LENGTH = 300


def motion(number: int, animals: int) -> tuple[Motion, ...]:
    """Float from 10 to 20 s, and a little later in the next recording; all animals of a picture alike."""
    t_s = np.arange(LENGTH) / 10
    floats = (t_s >= 10 + number) & (t_s < 20 + number)
    whole = Motion(
        t_s=t_s,
        step_s=0.1,
        activity=np.where(floats, 0.01, 0.3),
        valid=np.ones(LENGTH, bool),
        animal_found=True,
        animal_area_px=900.0,
        upright=np.where((t_s >= 3 + 0.2 * number) & (t_s < 6 + 0.2 * number), 0.7, 0.4),
    )
    return (whole,) * animals


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Make a folder of recordings 0.mp4 to 7.mp4 of which the last cannot be read; its content is a name of its own."""
    for number in range(8):
        (tmp_path / f"{number}.mp4").write_bytes(bytes([number]))

    def read_motions(path, arenas_px, **_):
        number = int(Path(path).stem)
        if number == 7:
            raise VideoError(expected="a video", found="no frames", do="copy it again", where=str(path))
        recording = Recording(
            path=str(path),
            sha256=Path(path).read_bytes().hex(),
            codec="h264",
            width=320,
            height=240,
            frames_decoded=LENGTH,
            frames_header=LENGTH,
            duration_s=30.0,
            fps_median=10.0,
            variable_frame_rate=False,
            corrupt_frames=0,
            gaps=(),
        )
        return motion(number, len(arenas_px)), recording

    monkeypatch.setattr(calibrating, "read_motions", read_motions)
    return tmp_path


def scored(number: int, *, video: str = "", animal: str = "", behaviour: str = "Immobile", box=None) -> ScoredTrial:
    climbs = ScoredBout(behaviour="climbing", start_s=3 + 0.2 * number, stop_s=6 + 0.2 * number, scorer="x")
    floats = ScoredBout(behaviour=behaviour, start_s=10.0 + number, stop_s=20.0 + number, scorer="x")
    return ScoredTrial(
        video=video or f"{number}.mp4",
        animal=animal or f"m{number}",
        scorer="x",
        t0_s=0.0,
        scored_s=((0.0, 30.0),),
        bouts=(climbs, floats),
        arena_px=box,
    )


def test_a_recording_that_cannot_be_read_is_left_out_and_named(folder) -> None:
    told = []
    result = calibrate_swim([scored(k) for k in range(8)], folder, workers=1, on_done=lambda *n: told.append(n))
    assert (result.calibration.animals, result.calibration.calibrated) == (7, True)
    assert result.left_out == (("7.mp4", "cannot be read: no frames"),)
    assert [(one.id, one.importance, one.about) for one in result.findings] == [("trial-left-out", "warning", "7.mp4")]
    assert [video for video, _, _ in result.recordings] == [f"{k}.mp4" for k in range(7)]
    assert told[-1] == (8, 8)


def test_animals_of_one_picture_are_read_together(folder) -> None:
    trials = [scored(k) for k in range(3)] + [
        scored(3, animal=name, box=(x, 0, 9, 9)) for name, x in (("m3", 0), ("m4", 9))
    ]
    result = calibrate_swim(trials, folder, workers=1)
    assert result.calibration.animals == 5
    assert [one.name for one in result.calibration.immobility.held_out.trials][-2:] == ["3.mp4 (m3)", "3.mp4 (m4)"]
    assert [one.id for one in result.findings] == ["immobile-not-calibrated"]


def test_the_same_recording_under_two_names_is_no_second_evidence(folder) -> None:
    (folder / "1.mp4").write_bytes((folder / "0.mp4").read_bytes())
    with pytest.raises(DataError, match="same file"):
        calibrate_swim([scored(k) for k in range(3)], folder, workers=1)


def test_names_that_count_as_not_immobile_are_said(folder) -> None:
    trials = [scored(k) for k in range(6)]
    slip = ScoredBout(behaviour="imobile", start_s=26.0, stop_s=28.0, scorer="x")
    trials[0] = replace(trials[0], bouts=(*trials[0].bouts, slip))
    result = calibrate_swim(trials, folder, workers=1)
    assert [(one.importance, one.message) for one in result.findings] == [
        ("warning", "counted as not immobile: imobile")
    ]
    with pytest.raises(DataError, match="0 % immobile"):
        calibrate_swim(trials, folder, names=BehaviourNames(immobile="floating"), workers=1)


def test_a_name_that_fits_two_recordings_is_refused(folder) -> None:
    (folder / "0.avi").write_bytes(b"x")
    with pytest.raises(FileError, match=r"0\.avi, 0\.mp4"):
        calibrate_swim([scored(0, video="0")], folder, workers=1)


def test_climbing_goes_into_the_file_and_comes_back_where_it_is_asked_for(folder) -> None:
    base = ForcedSwimRules(climbing=ClimbingRules())
    result = calibrate_swim(
        [scored(k, animal=f"Maus \u00e9\U0001f42d{k}") for k in range(6)], folder, base=base, workers=1
    )
    write_calibration(result, folder / "cal.toml")
    saved = read_calibration(folder / "cal.toml")
    assert saved.rules(three_way=True) == result.calibration.rules()
    assert 0.4 < saved.rules(three_way=True).climbing.upright_above < 0.7 / 0.85
    assert saved.rules() == replace(result.calibration.rules(), climbing=None)


def test_a_calibration_holds_for_its_rules_of_motion_only(folder, monkeypatch) -> None:
    write_calibration(calibrate_swim([scored(k) for k in range(6)], folder, workers=1), folder / "cal.toml")
    assert read_calibration(folder / "cal.toml").calibrated
    monkeypatch.setattr(calibration_file, "MotionRules", partial(MotionRules, step_s=0.2))
    with pytest.raises(FileError, match="other rules"):
        read_calibration(folder / "cal.toml")


def test_the_figure_says_the_verdict_and_draws_every_trial_and_fold(folder) -> None:
    figure = picture_of_calibration(calibrate_swim([scored(k) for k in range(6)], folder, workers=1).calibration)
    roc, totals, folds = figure.axes
    assert figure.get_suptitle() == "Calibrated: 6 animals, 6 trials, held-out kappa 1.00"
    assert "area 1.000" in [text.get_text() for text in roc.texts]
    assert {"bias +0.0", "15 allowed"} <= {text.get_text() for text in totals.texts}
    assert [label.get_text() for label in folds.get_yticklabels()] == [f"m{k}" for k in range(6)]
    points = [line for line in totals.lines if line.get_marker() == "o"]
    assert points[0].get_ydata().tolist() == pytest.approx([0] * 6)
