"""Hand scoring: clips are given to scorers, and every key press is saved as it is made.

A scorer knows a clip by its own code; which trial it shows, whether it has been shown before, and what anyone else
scored is not said. What is scored is read from the key presses each time it is asked for, on the trial clock as it is
placed now; the bouts of a finished clip are also kept beside those that the program detected. A review is corrected
through the same presses, and its end is a correction (`reviewing`).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from littermate.assays.ethogram import ethogram_of
from littermate.assays.hand_states import StateChange, bouts_of, seen_s
from littermate.errors import DataError, StageError, StoreError, UsageError
from littermate.model.account import Account
from littermate.model.bout import Behaviour
from littermate.model.clip import REVIEW, SCORE, Clip
from littermate.model.hand_score import HandScore
from littermate.model.key_press import DONE, NOT_VISIBLE, PRESS_KEY, STATE, UNDO, KeyPress, standing
from littermate.model.trial import Trial
from littermate.planning.queue import QueuePlan, make_clips
from littermate.store.writing import Writing
from littermate.study import reviewing
from littermate.study.playing import to_frame
from littermate.study.record import StudyRecord

__all__ = ["behaviours_of", "give_clips", "hand_scores", "own_clip", "press", "trial_of"]

_EDGE_S = 0.5


def behaviours_of(study: StudyRecord, assay: str) -> tuple[Behaviour, ...]:
    """Return the behaviours that a person scores in an assay of the protocol."""
    plan = study.assay(assay)
    return ethogram_of(plan.kind, plan.behaviours).behaviours


def give_clips(study: StudyRecord, scorer: str, *, assay: str, plan: QueuePlan, seed: int | None) -> tuple[Clip, ...]:
    """Give a scorer clips to score; see `Study.give_clips`."""
    study.require_open("give out clips")
    Account(name=scorer, role="scorer")  # refuses what is no person's name
    _require_behaviours(study, assay)
    given = study.database.clips()
    mine = [clip for clip in given if (clip.scorer, clip.assay) == (scorer, assay) and clip.kind != REVIEW]
    seen = {clip.trial for clip in mine}
    trials = [trial.id for trial in study.database.trials(assay) if trial.id not in seen]
    if not trials:
        found = f"all {len(seen)} are given out" if seen else "none"
        raise StageError(expected=f"trials of {assay} to score", found=found, do="add recordings first")
    seed = secrets.randbits(32) if seed is None else seed
    clips = make_clips(
        trials,
        plan,
        scorer=scorer,
        assay=assay,
        seed=seed,
        first_position=max((clip.position for clip in mine), default=0) + 1,
        taken={clip.id for clip in given},
    )
    words = {"scorer": scorer, "assay": assay, "seed": seed, "clips": len(clips), "share": plan.share}
    with study.database.writing(study.who, "give clips", words | {"repeats": plan.repeats}) as write:
        write.clips(clips)
    return clips


def _require_behaviours(study: StudyRecord, assay: str) -> None:
    if not behaviours_of(study, assay):
        raise StageError(
            expected=f"behaviours of {assay} to score",
            found="none",
            do="name them in study.toml: [[assay.behaviour]] with name, key and definition",
        )


def own_clip(study: StudyRecord, clip_id: str) -> Clip:
    """Return a clip of the person who asks; somebody else's is as unknown as one that is not there."""
    clip = study.database.clip(clip_id)
    if clip is None or clip.scorer != study.who:
        raise UsageError(expected="a clip of yours", found=repr(clip_id), do="go back to your queue")
    return clip


def trial_of(study: StudyRecord, clip: Clip) -> Trial:
    """Return the trial that a clip shows, as it is placed now."""
    trial = study.database.trial(clip.trial)
    assert trial is not None
    return trial


def press(study: StudyRecord, new: KeyPress) -> tuple[KeyPress, ...]:
    """Save one key press; see `Study.press`."""
    with study.database.reading():
        clip = own_clip(study, new.clip)
        study.require_open("score")
        trial, before = trial_of(study, clip), study.database.key_presses(clip.id)
    if _is_there(before, new := _at_frame(study, trial, before, new)):
        return before
    _require_possible(study, clip, trial, before, new)
    reviewing.require_begun_on_these(study, clip)
    after = (*before, new)
    what = reviewing.CORRECT_BOUTS if clip.kind == REVIEW and new.action == DONE else PRESS_KEY
    try:
        with study.database.writing(study.who, what, {"clip": clip.id, "number": new.number}) as write:
            write.key_presses([new])
            if new.action == DONE:
                _keep_bouts(study, write, trial, _score(study, clip, trial, after))
    except StoreError:
        if _is_there(now := study.database.key_presses(clip.id), new):
            return now
        raise
    return after


def _at_frame(study: StudyRecord, trial: Trial, before: Sequence[KeyPress], new: KeyPress) -> KeyPress:
    """Return a press at the time of its frame; one that was saved just so, before there was a copy, as it is."""
    return new if new in before[new.number - 1 : new.number] else replace(new, t_s=to_frame(study, trial, new.t_s))


def _is_there(before: Sequence[KeyPress], new: KeyPress) -> bool:
    """Whether this very press was saved already (it was sent twice); refuse another one of the same number."""
    if new.number > len(before):
        return False
    if before[new.number - 1] == new:
        return True
    raise DataError(
        expected=f"press number {len(before) + 1} of this clip",
        found=f"number {new.number}, which is there already: the clip is being scored in another window too",
        do="close the other window and reload this one; what was saved is kept",
    )


def _require_possible(study: StudyRecord, clip: Clip, trial: Trial, before: Sequence[KeyPress], new: KeyPress) -> None:
    """Refuse what does not fit the clip."""
    stands = standing(before)
    known = ("", NOT_VISIBLE, *(one.name for one in behaviours_of(study, clip.assay)))
    start, stop = (trial.t0_s + edge for edge in study.assay(clip.assay).window_s)
    faults = (
        (new.number != len(before) + 1, f"press number {len(before) + 1}", f"number {new.number}"),
        (new.behaviour not in known, f"one of {', '.join(known[1:])}", repr(new.behaviour)),
        (new.action != UNDO and any(one.action == DONE for one in stands), "an undo, as the clip is done", new.action),
        (
            new.action == STATE and not start - _EDGE_S <= new.t_s <= stop + _EDGE_S,
            f"a time from {start:g} to {stop:g} s in the recording",
            f"{new.t_s:g} s",
        ),
        (
            new.action == UNDO and new.undoes not in {one.number for one in stands},
            "an undo of a press that stands",
            f"{new.undoes}",
        ),
    )
    for wrong, expected, found in faults:
        if wrong:
            raise DataError(expected=expected, found=found, do="reload the page; what was saved is kept")


def _keep_bouts(study: StudyRecord, write: Writing, trial: Trial, score: HandScore) -> None:
    """Keep the bouts of a finished clip beside the detected ones; practice and repeats are read from their presses."""
    if score.clip.kind == REVIEW:
        reviewing.write_correction(write, reviewing.correction_of(study, trial, score))
    if score.clip.kind == SCORE:
        write.bouts(score.clip.trial, score.bouts, scorer=score.clip.scorer)


def hand_scores(study: StudyRecord, assay: str) -> tuple[HandScore, ...]:
    """Return every clip of an assay that has been begun, as it was scored."""
    trials = {trial.id: trial for trial in study.database.trials(assay)}
    presses = study.database.all_key_presses()
    clips = study.database.clips(assay=assay)
    return tuple(_score(study, clip, trials[clip.trial], presses[clip.id]) for clip in clips if clip.id in presses)


def _score(study: StudyRecord, clip: Clip, trial: Trial, presses: Sequence[KeyPress]) -> HandScore:
    stands = standing(presses)
    window = study.assay(clip.assay).window_s
    changes = [StateChange(t_s=one.t_s - trial.t0_s, behaviour=one.behaviour) for one in stands if one.action == STATE]
    return HandScore(
        clip=clip,
        code=trial.code,
        window_s=window,
        bouts=bouts_of(changes, window, scorer=clip.scorer if clip.kind != REVIEW else reviewing.reviewer(clip.scorer)),
        seen_s=seen_s(changes, window),
        done=any(one.action == DONE for one in stands),
    )
