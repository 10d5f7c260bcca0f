"""Two scorings of a study's trials are compared as what they are, and settled into a consensus that can be traced."""

import json

import pytest
from tests.conftest import ask_people
from tests.study.scorers import ASSAY, score_clip, take_up_again

from littermate.assays.hand_states import CONSENSUS, Choice
from littermate.errors import DataError, StageError, UsageError
from littermate.model.clip import REPEAT, SCORE
from littermate.study import Study
from littermate.study.agreeing import agreements_of


def first_trial(study: Study) -> str:
    return min(trial.id for trial in study.trials)


def test_people_the_program_and_repeats_can_be_compared(hand_scored: Study) -> None:
    found = {(one.first, one.second): (one.trials, one.behaviours) for one in hand_scored.comparisons(ASSAY)}
    three = ("immobile", "swimming", "climbing")
    assert found == {
        ("ada", "bo"): (8, three),
        ("ada", "program"): (8, ("immobile",)),
        ("bo", "program"): (8, ("immobile",)),
        ("ada", "ada"): (2, three),
        ("bo", "bo"): (2, three),
    }


def test_nothing_is_compared_before_it_is_finished(handed_out: Study) -> None:
    assert handed_out.comparisons(ASSAY) == ()
    clip = next(one for one in handed_out.clips(scorer="ada") if one.kind == SCORE)
    score_clip(handed_out, clip, [(3.0, "immobile")], done=False)
    assert handed_out.comparisons(ASSAY) == ()
    with pytest.raises(StageError, match="both scored"):
        handed_out.agreement(ASSAY, "ada", "bo")


def test_the_numbers_of_two_people(hand_scored: Study) -> None:
    result = hand_scored.agreement(ASSAY, "ada", "bo")
    assert (result.behaviour, len(result.agreement.trials)) == ("immobile", 8)
    first = next(one for one in result.agreement.trials if one.name == first_trial(hand_scored))
    assert (first.first_percent, first.second_percent) == pytest.approx((70, 60))
    assert result.agreement.totals is not None and result.agreement.icc is not None
    assert result.agreement.totals.bias == pytest.approx(-10)
    assert result.agreement.totals.upper == pytest.approx(-10, abs=1e-6)
    assert result.agreement.f1 == 1
    assert result.ethogram_kappa == pytest.approx(result.agreement.kappa)
    assert (result.error, result.settled) == (None, frozenset())


def test_the_report_is_given_every_pair_and_behaviour_with_its_figures(hand_scored: Study) -> None:
    found = {(one.first, one.second, one.behaviour): one for one in agreements_of(hand_scored)}
    assert len(found) == 3 + 1 + 1 + 3 + 3
    people = found["ada", "bo", "immobile"]
    assert (people.assay, people.trials, people.repeats) == (ASSAY, 8, False)
    assert {row.name: row.value for row in people.rows}["bias"] == pytest.approx(-10)
    assert found["bo", "bo", "climbing"].repeats


def test_a_person_and_the_program_are_compared_on_what_both_score(hand_scored: Study) -> None:
    result = hand_scored.agreement(ASSAY, "ada", "program")
    assert result.behaviours == ("immobile",) and result.ethogram_kappa is None
    assert all(one.scored_s <= 10 for one in result.agreement.trials)
    with pytest.raises(UsageError, match="one of immobile"):
        hand_scored.agreement(ASSAY, "ada", "program", "climbing")


def test_bouts_on_another_clock_are_not_compared(hand_scored: Study) -> None:
    trial = first_trial(hand_scored)
    hand_scored.place(trial, t0_s=0.5)
    assert {one.trials for one in hand_scored.comparisons(ASSAY) if one.second == "program"} == {7}
    hand_scored.score(ASSAY)
    assert {one.trials for one in hand_scored.comparisons(ASSAY) if one.second == "program"} == {8}


def test_one_person_twice(hand_scored: Study) -> None:
    result = hand_scored.repeatability(ASSAY, "ada")
    assert result.repeats and result.error is not None and result.drift is not None
    assert result.error.n == 2
    assert result.error.sd == pytest.approx(10 / 2**0.5)
    assert result.drift.mean == pytest.approx(10)
    assert hand_scored.agreement_figure(result).axes


def test_without_repeats_nothing_is_said_of_them(handed_out: Study) -> None:
    with pytest.raises(StageError, match="came back to ada"):
        handed_out.repeatability(ASSAY, "ada")


def test_a_queue_is_done_when_every_clip_is(hand_scored: Study) -> None:
    assert hand_scored.queue_done(ASSAY)
    assert not hand_scored.acting_as("cy").queue_done(ASSAY)
    repeat = next(one for one in hand_scored.clips(scorer="ada") if one.kind == REPEAT)
    take_up_again(hand_scored, repeat)
    assert not hand_scored.queue_done(ASSAY)


def test_where_two_people_differ(hand_scored: Study) -> None:
    found = hand_scored.disagreements(first_trial(hand_scored), "ada", "bo")
    (one,) = found.disagreements
    assert (one.start_s, one.stop_s, one.first, one.second) == (
        pytest.approx(9),
        pytest.approx(10),
        "immobile",
        "swimming",
    )
    assert found.can_settle and found.settled is None
    assert not hand_scored.disagreements(first_trial(hand_scored), "ada", "program").can_settle


def test_a_consensus_is_recorded_once_and_can_be_traced(hand_scored: Study) -> None:
    trial = first_trial(hand_scored)
    with pytest.raises(DataError, match="a choice for every disagreement"):
        hand_scored.settle(trial, "ada", "bo", [])
    before = len(hand_scored.database.entries())
    settled = hand_scored.settle(trial, "ada", "bo", [Choice(start_s=9.0, stop_s=10.0, behaviour="climbing")])
    assert [(one.behaviour, one.start_s, one.stop_s) for one in settled.bouts] == [
        ("swimming", 2, 3),
        ("immobile", 3, 9),
        ("climbing", 9, 10),
        ("swimming", 10, 12),
    ]
    (entry,) = hand_scored.database.entries()[before:]
    said = json.loads(entry.arguments)
    assert (entry.what, said["first"], said["second"]) == ("settle", "ada", "bo")
    t0_s = hand_scored.database.trial(trial).t0_s
    assert len(said["clips"]) == 2 and said["choices"] == [[9.0 + t0_s, 10.0 + t0_s, "climbing"]]
    assert hand_scored.database.bouts(trial, scorer=CONSENSUS) == settled.bouts
    assert hand_scored.agreement(ASSAY, "ada", "bo").settled == {trial}
    assert ("consensus", "program") in {(one.first, one.second) for one in hand_scored.comparisons(ASSAY)}


def test_what_nobody_can_tell_is_missing_time(hand_scored: Study) -> None:
    trial = first_trial(hand_scored)
    settled = hand_scored.settle(trial, "ada", "bo", [Choice(start_s=9.0, stop_s=10.0, behaviour="not visible")])
    assert settled.seen_s == ((2.0, 9.0), (10.0, 12.0))


def test_a_consensus_moves_with_the_trials_clock(hand_scored: Study) -> None:
    trial = first_trial(hand_scored)
    t0_s = hand_scored.database.trial(trial).t0_s
    hand_scored.settle(trial, "ada", "bo", [Choice(start_s=9.0, stop_s=10.0, behaviour="swimming")])
    hand_scored.place(trial, t0_s=t0_s + 0.5)
    settled = hand_scored.disagreements(trial, "ada", "bo").settled
    assert settled is not None and settled.stands
    assert settled.choices[0].start_s == pytest.approx(8.5)


def test_a_consensus_of_scores_that_changed_stands_no_more(hand_scored: Study) -> None:
    trial = first_trial(hand_scored)
    hand_scored.settle(trial, "ada", "bo", [Choice(start_s=9.0, stop_s=10.0, behaviour="swimming")])
    clip = next(one for one in hand_scored.clips(scorer="bo") if (one.trial, one.kind) == (trial, SCORE))
    take_up_again(hand_scored, clip)
    assert "consensus" not in {one.first for one in hand_scored.comparisons(ASSAY)}
    score_clip(hand_scored, clip, [(7.0, "climbing")])
    settled = hand_scored.disagreements(trial, "ada", "bo").settled
    assert settled is not None and not settled.stands


@pytest.mark.parametrize(
    ("sides", "behaviour", "fault", "words"),
    [
        (("ada", "program"), "swimming", StageError, "two people"),
        (("ada", "ada"), "swimming", StageError, "two people"),
        (("ada", "bo"), "flying", DataError, "found:    flying"),
    ],
)
def test_what_is_no_consensus(hand_scored: Study, sides, behaviour, fault, words) -> None:
    with pytest.raises(fault, match=words):
        hand_scored.settle(first_trial(hand_scored), *sides, [Choice(start_s=9.0, stop_s=10.0, behaviour=behaviour)])


def test_reserved_names_are_nobodys(handed_out: Study) -> None:
    for name in ("consensus", "program"):
        with pytest.raises(UsageError, match="person's name"):
            handed_out.give_clips(name, assay=ASSAY)


def test_the_checks_know_who_scored(hand_scored: Study) -> None:
    assert {one.id for one in hand_scored.check()} & {"second-scorer-missing", "scorer-drift"} == set()
    findings = ask_people(hand_scored).check()
    drift = [one for one in findings if one.id == "scorer-drift"]
    assert {one.about for one in drift} == {"ada, forced swim", "bo, forced swim"}
    assert all(one.id != "second-scorer-missing" for one in findings)


def test_the_checks_miss_a_second_scorer(handed_out: Study) -> None:
    study = ask_people(handed_out)
    assert all(one.id != "second-scorer-missing" for one in study.check())
    for clip in study.clips(scorer="ada"):
        score_clip(study, clip, [(3.0, "immobile")])
    (missing,) = [one for one in study.check() if one.id == "second-scorer-missing"]
    assert (missing.about, missing.importance) == ("forced swim", "warning")
