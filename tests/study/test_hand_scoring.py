"""Clips are given out blind, key presses are kept one by one, and the bouts follow from those that stand."""

import shutil
from pathlib import Path

import pytest

from littermate.errors import DataError, ProtocolError, StageError, UsageError
from littermate.model.clip import PRACTICE, REPEAT, SCORE, Clip
from littermate.model.key_press import DONE, NOT_VISIBLE, STATE, UNDO, KeyPress
from littermate.study import QueuePlan, Study, open_study

PASSPHRASE = "correct horse"
PLAN = QueuePlan(practice=1, repeats=0.25)


@pytest.fixture(scope="module")
def given_template(filmed_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("given") / "study"
    shutil.copytree(filmed_template, folder)
    study = open_study(folder, passphrase=PASSPHRASE)
    study.add_recordings("recordings/", assay="forced swim")
    study.give_clips("ada", assay="forced swim", plan=PLAN, seed=5)
    return folder


@pytest.fixture
def given(given_template: Path, tmp_path: Path) -> Study:
    folder = tmp_path / "study"
    shutil.copytree(given_template, folder)
    return open_study(folder, who="ada", passphrase=PASSPHRASE)


def clip_of(study: Study, kind: str = SCORE) -> Clip:
    return next(clip for clip in study.clips(scorer="ada") if clip.kind == kind)


def say(study: Study, clip: Clip, *said: tuple[float, str] | int | str) -> None:
    """Press keys: (time, behaviour) for a state, a number to undo, "done"."""
    for one in said:
        number = len(study.key_presses(clip.id)) + 1
        if isinstance(one, tuple):
            press = KeyPress(clip=clip.id, number=number, action=STATE, t_s=one[0], behaviour=one[1])
        elif isinstance(one, int):
            press = KeyPress(clip=clip.id, number=number, action=UNDO, t_s=0.0, undoes=one)
        else:
            press = KeyPress(clip=clip.id, number=number, action=DONE, t_s=12.0)
        study.press(press)


def test_a_queue_is_given_once_and_its_seed_is_kept(given: Study) -> None:
    kinds = [clip.kind for clip in given.clips()]
    assert (kinds.count(PRACTICE), kinds.count(SCORE), kinds.count(REPEAT)) == (1, 8, 2)
    (entry,) = given.database.entries("give clips")
    assert '"seed":5' in entry.arguments
    with pytest.raises(StageError, match="all 8 are given out"):
        given.give_clips("ada", assay="forced swim")


def test_bouts_follow_from_the_key_presses(given: Study) -> None:
    clip = clip_of(given)
    say(given, clip, (3.0, "immobile"), (5.0, "swimming"), (6.0, NOT_VISIBLE), (7.0, "immobile"), "done")
    (score,) = given.hand_scores("forced swim")
    assert [(one.behaviour, one.start_s, one.stop_s, one.scorer) for one in score.bouts] == [
        ("immobile", 3.0, 5.0, "ada"),
        ("swimming", 5.0, 6.0, "ada"),
        ("immobile", 7.0, 12.0, "ada"),
    ]
    assert score.seen_s == ((2.0, 6.0), (7.0, 12.0))
    assert score.done
    assert given.database.bouts(clip.trial, scorer="ada") == score.bouts
    given.verify()


def test_an_undo_is_a_new_entry_and_nothing_is_overwritten(given: Study) -> None:
    clip = clip_of(given)
    say(given, clip, (3.0, "immobile"), (4.0, "climbing"), 2, (5.0, ""))
    assert len(given.key_presses(clip.id)) == 4
    (score,) = given.hand_scores("forced swim")
    assert [(one.behaviour, one.start_s, one.stop_s) for one in score.bouts] == [("immobile", 3.0, 5.0)]


def test_a_done_that_is_taken_back_opens_the_clip_again(given: Study) -> None:
    clip = clip_of(given)
    say(given, clip, (3.0, "immobile"), "done")
    with pytest.raises(DataError, match="the clip is done"):
        say(given, clip, (5.0, ""))
    assert given.clips_done() == {clip.id}
    say(given, clip, 2, (5.0, ""), "done")
    assert [one.stop_s for one in given.database.bouts(clip.trial, scorer="ada")] == [5.0]


def test_a_press_that_is_sent_twice_is_saved_once(given: Study) -> None:
    clip = clip_of(given)
    press = KeyPress(clip=clip.id, number=1, action=STATE, t_s=3.0, behaviour="immobile")
    assert given.press(press) == given.press(press)
    assert len(given.database.entries("press key")) == 1


def test_two_windows_on_one_clip_are_noticed(given: Study) -> None:
    clip = clip_of(given)
    say(given, clip, (3.0, "immobile"))
    with pytest.raises(DataError, match="another window"):
        given.press(KeyPress(clip=clip.id, number=1, action=STATE, t_s=4.0, behaviour="immobile"))


@pytest.mark.parametrize(
    ("press", "found"),
    [
        ({"number": 2}, "number 2"),
        ({"behaviour": "grooming"}, "grooming"),
        ({"t_s": 0.5}, "0.5 s"),
        ({"t_s": 20.0}, "20 s"),
        ({"action": UNDO, "undoes": 7, "behaviour": ""}, "7"),
    ],
)
def test_a_press_that_does_not_fit_is_refused(given: Study, press: dict[str, object], found: str) -> None:
    fields = {"number": 1, "action": STATE, "t_s": 3.0, "behaviour": "immobile"} | press
    with pytest.raises(DataError, match=found):
        given.press(KeyPress(clip=clip_of(given).id, **fields))  # type: ignore[arg-type]
    assert given.database.entries("press key") == ()


def test_nobody_scores_anothers_clip(given: Study) -> None:
    press = KeyPress(clip=clip_of(given).id, number=1, action=STATE, t_s=3.0, behaviour="immobile")
    with pytest.raises(UsageError, match="a clip of yours"):
        given.acting_as("bob").press(press)


def test_practice_and_repeats_never_stand_in_place_of_a_score(given: Study) -> None:
    for kind in (PRACTICE, REPEAT):
        say(given, clip_of(given, kind), (3.0, "immobile"), "done")
        assert given.database.bouts(clip_of(given, kind).trial, scorer="ada") == ()


def test_a_trial_placed_anew_moves_the_clock_of_its_scores(given: Study) -> None:
    clip = clip_of(given)
    say(given, clip, (5.0, "immobile"), (6.0, ""))
    given.place(clip.trial, t0_s=1.0)
    (score,) = given.hand_scores("forced swim")
    assert [(one.start_s, one.stop_s) for one in score.bouts] == [(4.0, 5.0)]


def test_nothing_is_scored_after_the_lock(given: Study) -> None:
    given.note("lock", {})
    with pytest.raises(StageError, match="locked"):
        say(given, clip_of(given), (3.0, "immobile"))
    with pytest.raises(StageError, match="locked"):
        given.give_clips("bob", assay="forced swim")


def test_what_is_done_stands_under_the_scorers_name(given: Study) -> None:
    say(given.acting_as("ada"), clip_of(given), (3.0, "immobile"))
    assert {entry.who for entry in given.database.entries("press key")} == {"ada"}


def test_behaviours_that_cannot_be_scored_are_refused_when_the_study_is_opened(given: Study) -> None:
    path = given.folder.protocol_path
    text = path.read_text(encoding="utf-8")
    assay = 'window = ["2 s", "12 s"]          # the last 240 s are scored\n'
    assert assay in text
    path.write_text(text.replace(assay, f'{assay}[[assay.behaviour]]\nname = "diving"\nkey = "z"\n'), encoding="utf-8")
    with pytest.raises(ProtocolError, match="key 'z'"):
        open_study(given.folder.root)
