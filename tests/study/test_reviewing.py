"""What the program found, corrected by a person: new, attributed, beside what it corrects, and not buried."""

from dataclasses import replace

import pytest

from littermate.errors import DataError, StageError, UsageError
from littermate.model.bout import ScoredBout
from littermate.model.clip import Clip
from littermate.model.key_press import KeyPress, standing
from littermate.model.measurement import Measurement
from littermate.store.tracks import read_motion, write_motion
from littermate.study import Study

ASSAY = "forced swim"


@pytest.fixture
def swum(measured: Study) -> Study:
    """Two forced swims; the window is from 2 to 12 s."""
    return measured


def immobility(study: Study, code: str) -> Measurement:
    return next(one for one in study.measurements if (one.outcome, one.code) == ("immobility", code))


def say(study: Study, clip: Clip, action: str, **fields: object) -> None:
    number = len(study.key_presses(clip.id)) + 1
    study.press(KeyPress(clip=clip.id, number=number, action=action, **({"t_s": 2.0} | fields)))  # type: ignore[arg-type]


def correct(study: Study, trial: str, *, immobile_from: float) -> Clip:
    """Take back everything that the program said, and say that the animal is immobile from some time on."""
    clip = study.start_review(trial)
    for press in standing(study.key_presses(clip.id)):
        say(study, clip, "undo", undoes=press.number)
    say(study, clip, "state", t_s=immobile_from, behaviour="immobile")
    say(study, clip, "done")
    return clip


def test_a_review_begins_as_the_program_left_the_trial(swum: Study) -> None:
    study = swum.acting_as("AB")
    trial = study.database.trials(ASSAY)[0]
    before = immobility(study, trial.code)
    clip = study.start_review(trial.id)
    assert (clip.kind, clip.scorer, clip.trial) == ("review", "AB", trial.id)
    assert study.start_review(trial.id) == clip == study.open_review(trial.id)
    say(study, clip, "done")
    after = immobility(study, trial.code)
    assert before.value is not None and before.value > 0
    assert after.value == pytest.approx(before.value, abs=1e-6)


def test_what_the_program_could_not_see_is_missing_in_a_review_too(swum: Study) -> None:
    trial = swum.database.trials(ASSAY)[0]
    path = swum.folder.tracks / f"{trial.id}.parquet"
    stored = read_motion(path)
    hidden = (stored.motion.t_s > 3.95) & (stored.motion.t_s < 5.95)
    motion = replace(stored.motion, valid=stored.motion.valid & ~hidden)
    write_motion(path, motion, trial=trial.id, rules_hash=stored.rules_hash, place=stored.place)
    clip = swum.start_review(trial.id)
    (unseen,) = [press for press in swum.key_presses(clip.id) if press.behaviour == "not visible"]
    assert unseen.t_s == pytest.approx(4.0, abs=0.06)
    say(swum, clip, "done")
    after = immobility(swum, trial.code)
    assert "missing time" in after.flags


def test_a_correction_is_a_new_measurement_under_the_persons_name(swum: Study) -> None:
    study = swum.acting_as("AB")
    trial, other = study.database.trials(ASSAY)
    before = immobility(study, trial.code)
    clip = correct(study, trial.id, immobile_from=9.0)
    after = immobility(study, trial.code)
    assert after.value == pytest.approx(3.0, abs=0.07)
    assert after.flags[0] == "corrected by a person"
    assert (after.source.kind, after.source.sha256) == ("recording", trial.sha256)
    assert after.source.place.startswith(f"trial {trial.id}, t0 = 0.0 s; ")
    assert after.source.place.endswith(f"corrected by AB, clip {clip.id}")
    assert [one.value for _, one in study.database.measurement_history("immobility", trial.code)] == [
        before.value,
        after.value,
    ]
    assert immobility(study, other.code).flags == ()
    study.verify()


def test_the_rules_of_a_correction_say_what_was_corrected(swum: Study) -> None:
    trial = swum.database.trials(ASSAY)[0]
    before = immobility(swum, trial.code)
    correct(swum, trial.id, immobile_from=9.0)
    rules = {one.hash: one for one in swum.database.rules()}[immobility(swum, trial.code).rules_hash]
    assert rules.name == "review"
    assert before.rules_hash in rules.words[0]


def test_corrected_bouts_stand_beside_the_detected_ones(swum: Study) -> None:
    study = swum.acting_as("AB")
    trial = study.database.trials(ASSAY)[0]
    detected = study.database.bouts(trial.id)
    correct(study, trial.id, immobile_from=9.0)
    assert study.database.bouts(trial.id) == detected
    (bout,) = study.database.bouts(trial.id, scorer="AB (review)")
    assert isinstance(bout, ScoredBout)
    assert (bout.scorer, bout.behaviour, bout.stop_s) == ("AB (review)", "immobile", 12.0)
    view = study.motion_view(trial.id)
    assert [(one.by, one.counts, one.bouts) for one in view.corrected] == [("AB", True, (bout,))]
    assert view.detected == detected
    assert view.thresholds == (0.05, 0.08)


def test_the_end_of_a_review_is_one_entry_of_its_own(swum: Study) -> None:
    study = swum.acting_as("AB")
    clip = correct(study, study.database.trials(ASSAY)[0].id, immobile_from=9.0)
    last = study.database.entries()[-1]
    assert (last.what, last.who) == ("correct bouts", "AB")
    assert clip.id in last.arguments


def test_a_done_that_is_taken_back_and_said_again_is_a_second_correction(swum: Study) -> None:
    trial = swum.database.trials(ASSAY)[0]
    clip = correct(swum, trial.id, immobile_from=9.0)
    done = swum.key_presses(clip.id)[-1]
    say(swum, clip, "undo", undoes=done.number)
    say(swum, clip, "state", t_s=11.0, behaviour="")
    say(swum, clip, "done")
    values = [one.value for _, one in swum.database.measurement_history("immobility", trial.code)]
    assert values[1:] == [pytest.approx(3.0, abs=0.07), pytest.approx(2.0, abs=0.14)]


def test_scoring_again_does_not_bury_a_correction(swum: Study) -> None:
    trial = swum.database.trials(ASSAY)[0]
    correct(swum, trial.id, immobile_from=9.0)
    assert swum.score(ASSAY, workers=1) == ()
    assert "corrected by a person" in immobility(swum, trial.code).flags


def test_a_corrected_trial_placed_anew_is_scored_anew_and_says_so(swum: Study) -> None:
    study = swum.acting_as("AB")
    trial = study.database.trials(ASSAY)[0]
    clip = correct(study, trial.id, immobile_from=9.0)
    study.place(trial.id, t0_s=0.5)
    (again,) = study.score(ASSAY, workers=1)
    assert again.code == trial.code and "corrected by a person" not in again.flags
    entry = study.database.entries()[-1]
    assert f"immobility: corrected by AB, clip {clip.id}" in entry.arguments
    row = next(one for one in study.reviewed_trials() if one.trial == trial.id)
    assert (row.corrected_by, row.correction_lapsed) == ("", True)
    assert study.open_review(trial.id) is None
    assert study.start_review(trial.id) != clip


def test_a_review_of_bouts_that_are_not_the_trials_any_more_is_not_finished(swum: Study) -> None:
    trial = swum.database.trials(ASSAY)[0]
    clip = swum.start_review(trial.id)
    swum.place(trial.id, t0_s=0.5)
    with pytest.raises(StageError, match="placed anew"):
        say(swum, clip, "done")
    with pytest.raises(StageError, match="score it first"):
        swum.start_review(trial.id)


def test_back_to_automatic_is_a_new_measurement_too(swum: Study) -> None:
    trial = swum.database.trials(ASSAY)[0]
    before = immobility(swum, trial.code)
    with pytest.raises(StageError, match="nobody corrected"):
        swum.back_to_automatic(trial.id)
    correct(swum, trial.id, immobile_from=9.0)
    assert swum.back_to_automatic(trial.id) == (before,)
    assert len(swum.database.measurement_history("immobility", trial.code)) == 3
    assert swum.score(ASSAY, workers=1) == ()
    swum.verify()


def test_reviewed_trials_say_who_corrected_what(swum: Study) -> None:
    study = swum.acting_as("A, clip B")
    trial = study.database.trials(ASSAY)[0]
    before = immobility(study, trial.code)
    correct(study, trial.id, immobile_from=9.0)
    row = next(one for one in study.reviewed_trials() if one.trial == trial.id)
    assert (row.outcome, row.corrected_by, row.automatic) == ("immobility", "A, clip B", before.value)
    assert [one.corrected_by for one in study.reviewed_trials() if one.trial != trial.id] == ["", ""]


def test_the_study_says_how_many_were_corrected(swum: Study) -> None:
    correct(swum, swum.database.trials(ASSAY)[0].id, immobile_from=9.0)
    found = {finding.id: finding for finding in swum.check()}
    assert "1 of 2 values" in found["corrected-by-hand"].message
    assert "rules-differ" not in found


def test_a_locked_study_takes_no_correction(swum: Study) -> None:
    trial = swum.database.trials(ASSAY)[0].id
    clip = swum.start_review(trial)
    swum.lock()
    for refused in (
        lambda: swum.start_review(trial),
        lambda: say(swum, clip, "done"),
        lambda: swum.place_bands("x", {}),
    ):
        with pytest.raises(StageError, match="locked"):
            refused()


def test_a_path_is_looked_at_and_not_corrected_by_keys(measured: Study) -> None:
    (trial,) = measured.database.trials("open field")
    assert measured.trace_kind(trial.id) == "track"
    view = measured.track_view(trial.id)
    assert (view.side_cm, view.grid) == (48, 6)
    assert len(view.outlines) == 1 + 2 * 5
    assert sum(map(sum, view.time_map_s)) == pytest.approx(12.0, abs=0.5)
    with pytest.raises(StageError, match="a person's bouts give"):
        measured.start_review(trial.id)
    with pytest.raises(StageError, match="from its motion"):
        measured.motion_view(trial.id)
    with pytest.raises(UsageError, match="a trial of this study"):
        measured.track_view("nobody")


@pytest.fixture
def blotted(measured: Study) -> Study:
    return measured


def name_of(study: Study, target: str = "BDNF") -> str:
    return next(one.id for one in study.blot_names() if (one.target, one.region) == (target, "hippocampus"))


def smaller(study: Study, image: str, lane: int) -> tuple[int, int, int, int]:
    """The lower two thirds of the automatic box."""
    left, top, width, height = study.blot_view(image).lanes[lane - 1].automatic_px
    return left, top + height // 3, width, height - height // 3


def test_a_placed_band_is_new_and_attributed_and_stands(blotted: Study) -> None:
    study = blotted.acting_as("AB")
    image, lane = name_of(study), 2
    code = study.blot_view(image).lanes[lane - 1].holds
    box = smaller(study, image, lane)
    study.place_bands(image, {lane: box})
    before, after = (one for _, one in study.database.measurement_history("hippocampal BDNF", code))
    assert before.value is not None and after.value is not None and after.value < before.value
    assert "placed by a person" in after.flags and "placed by a person" not in before.flags
    assert after.source.place.endswith(f"lane {lane}; BDNF box {box} placed by AB")
    assert (after.rules_hash, after.block) == (before.rules_hash, before.block)
    entry = study.database.entries()[-1]
    assert (entry.what, entry.who) == ("place bands", "AB")
    study.acting_as("CD").quantify("BDNF", relative_to="beta-actin")
    history = [one for _, one in study.database.measurement_history("hippocampal BDNF", code)]
    assert [one.value for one in history] == [before.value, after.value, after.value]
    assert history[-1].source == after.source
    study.verify()


def test_the_view_shows_before_and_after(blotted: Study) -> None:
    study = blotted.acting_as("AB")
    image, lane = name_of(study), 2
    automatic = study.blot_view(image)
    assert automatic.name.placed == 0
    assert all(one.before == one.after for one in automatic.ratios[0].lanes)
    box = smaller(study, image, lane)
    study.place_bands(image, {lane: box})
    view = study.blot_view(image)
    one = view.lanes[lane - 1]
    assert (one.placed_px, one.placed_by) == (box, "AB")
    assert one.automatic_px == automatic.lanes[lane - 1].automatic_px
    assert (view.name.placed, view.name.placed_by) == (1, ("AB",))
    changed = [row.lane for row in view.ratios[0].lanes if row.before != row.after]
    assert changed == [lane]


def test_a_loading_control_changes_what_is_measured_relative_to_it(blotted: Study) -> None:
    image, lane = name_of(blotted, "beta-actin"), 2
    measured = blotted.place_bands(image, {lane: smaller(blotted, image, lane)})
    assert {one.outcome for one in measured} == {"hippocampal BDNF"}
    placed = [one for one in measured if "beta-actin box" in one.source.place]
    assert len(placed) == 1


def test_a_band_goes_back_to_automatic(blotted: Study) -> None:
    image, lane = name_of(blotted), 2
    code = blotted.blot_view(image).lanes[lane - 1].holds
    blotted.place_bands(image, {lane: smaller(blotted, image, lane)})
    blotted.place_bands(image, {lane: None})
    values = [one.value for _, one in blotted.database.measurement_history("hippocampal BDNF", code)]
    assert values[0] == values[2] != values[1]
    assert blotted.blot_view(image).name.placed == 0
    assert blotted.blot_view(image).lanes[lane - 1].placed_px is None


def test_what_cannot_be_measured_is_not_written(blotted: Study) -> None:
    image = name_of(blotted)
    entries = len(blotted.database.entries())
    with pytest.raises(DataError, match="a box inside the image"):
        blotted.place_bands(image, {2: (0, 0, 10_000, 10)})
    with pytest.raises(DataError, match="left of that of lane"):
        blotted.place_bands(image, {2: blotted.blot_view(image).lanes[2].automatic_px})
    with pytest.raises(UsageError, match="lanes from 1 to"):
        blotted.place_bands(image, {99: None})
    with pytest.raises(UsageError, match="a blot of this study"):
        blotted.place_bands("000000000000", {2: None})
    assert len(blotted.database.entries()) == entries
    assert blotted.blot_view(image).name.placed == 0


def test_an_images_id_says_nothing_of_its_file(blotted: Study) -> None:
    names = blotted.blot_names()
    assert len({one.id for one in names}) == len(blotted.database.blot_images())
    assert not any(one.id in image.sha256 for one in names for image in blotted.database.blot_images())
