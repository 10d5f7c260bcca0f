"""A person's score is the number of an outcome that asks for one, with whose it is, and never the program's."""

import re

import pytest
from tests.conftest import ask_people
from tests.study.scorers import ASSAY, score_clip, take_up_again

from littermate.assays.hand_states import Choice
from littermate.errors import ProtocolError
from littermate.model.clip import SCORE
from littermate.model.measurement import Measurement
from littermate.study import QueuePlan, Study, open_study


def immobility(study: Study, trial: str) -> Measurement:
    code = study.database.trial(trial).code
    (found,) = [one for one in study.measurements if (one.outcome, one.code) == ("immobility", code)]
    return found


def first_trial(study: Study) -> str:
    return min(trial.id for trial in study.trials)


def clip_of(study: Study, trial: str, scorer: str):
    return next(one for one in study.clips(scorer=scorer) if (one.trial, one.kind) == (trial, SCORE))


def test_a_finished_clip_is_a_measurement_at_once(handed_out: Study) -> None:
    study = ask_people(handed_out)
    trial = first_trial(study)
    clip = clip_of(study, trial, "ada")
    score_clip(study, clip, [(4.0, "immobile"), (6.0, "swimming"), (11.0, "not visible")])
    one = immobility(study, trial)
    assert one.value == pytest.approx(2)
    assert one.source.place.endswith(f"scored by ada, clip {clip.id}")
    assert one.source.place.startswith(f"trial {trial}, t0 = ")
    assert one.flags == ("missing time",)
    rules = {rules.hash: rules for rules in study.database.rules()}[one.rules_hash]
    assert rules.name == "hand scoring" and any(words.startswith("immobile: ") for words in rules.words)
    assert "score by hand" in {entry.what for entry in study.database.entries()}


def test_the_second_scorer_repeats_and_practice_are_not_counted(hand_scored: Study) -> None:
    study = ask_people(hand_scored)
    study.score(ASSAY)
    trial = first_trial(study)
    assert immobility(study, trial).value == pytest.approx(7)
    assert "scored by ada" in immobility(study, trial).source.place


def test_what_is_scored_already_is_not_written_again(hand_scored: Study) -> None:
    study = ask_people(hand_scored)
    written = study.score(ASSAY)
    assert len(written) == 8
    before = study.database.entries()
    assert study.score(ASSAY) == ()
    assert study.database.entries() == before


def test_a_consensus_takes_the_place_of_the_first_scorer(hand_scored: Study) -> None:
    study = ask_people(hand_scored)
    trial = first_trial(study)
    study.settle(trial, "ada", "bo", [Choice(start_s=9.0, stop_s=10.0, behaviour="swimming")])
    one = immobility(study, trial)
    assert one.value == pytest.approx(6)
    assert one.source.place.endswith("consensus of ada and bo")


def test_a_clip_taken_up_again_is_missing_until_it_is_finished(handed_out: Study) -> None:
    study = ask_people(handed_out)
    trial = first_trial(study)
    clip = clip_of(study, trial, "ada")
    score_clip(study, clip, [(4.0, "immobile"), (6.0, "swimming")])
    take_up_again(study, clip)
    one = immobility(study, trial)
    assert one.value is None and "taken up again" in one.reason
    score_clip(study, clip, [(8.0, "immobile"), (9.0, "swimming")])
    assert immobility(study, trial).value == pytest.approx(3)


def test_who_was_given_fewer_trials_fills_in_nothing_that_the_first_was_given(handed_out: Study) -> None:
    study = ask_people(handed_out)
    study.give_clips("cy", assay=ASSAY, plan=QueuePlan(share=0.5, practice=0, repeats=0.0), seed=3)
    for clip in study.clips(scorer="cy"):
        score_clip(study, clip, [(3.0, "immobile")])
    assert [one for one in study.measurements if "cy" in one.source.place] == []


def test_the_program_does_not_decode_for_people(hand_scored: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    study = ask_people(hand_scored)
    for trial in study.trials:
        study.place(trial.id, t0_s=trial.t0_s + 0.25)
    monkeypatch.setattr("littermate.study.scoring.run_all", lambda *_, **__: pytest.fail("a video was read"))
    written = study.score(ASSAY)
    assert {one.outcome for one in written} == {"immobility"} and len(written) == 8
    assert all("scored by ada" in one.source.place for one in written)


def test_numbers_of_the_program_stay_the_programs(hand_scored: Study) -> None:
    assert hand_scored.score(ASSAY) == ()
    assert all("scored by" not in one.source.place for one in hand_scored.measurements)


@pytest.mark.parametrize(
    ("pattern", "replacement", "words"),
    [
        (r'(?m)^measure = "immobility_s"', 'measure = "rearing_s"\nscored_by = "person"', "immobility_percent"),
        (r'(?m)^region = "hippocampus"', 'region = "hippocampus"\nscored_by = "person"', "behavioural assay"),
        (r'(?m)^measure = "lines_crossed"', 'measure = "lines_crossed"\nscored_by = "person"', "rearing_bouts"),
    ],
)
def test_what_no_person_gives_is_refused_at_opening(small_study: Study, pattern, replacement, words) -> None:
    path = small_study.folder.protocol_path
    path.write_text(re.sub(pattern, replacement, path.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    with pytest.raises(ProtocolError, match=words):
        open_study(small_study.folder.root)


def test_an_outcome_of_people_goes_all_the_way(hand_scored: Study) -> None:
    study = ask_people(hand_scored)
    study.score(ASSAY)
    study.lock()
    study.unblind(because="all scored")
    plan = next(one for one in study.protocol.plans if one.outcome == "immobility")
    values = {one.code: one.value for one in study.measurements if one.outcome == "immobility"}
    assert study.fit_values(plan, values).df_error == 4
