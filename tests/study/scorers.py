"""People who score clips by key, for tests: what they press is given on the trial clock."""

from collections.abc import Callable, Iterable

from littermate.model.clip import Clip
from littermate.model.key_press import KeyPress
from littermate.study import Study

ASSAY = "forced swim"

States = Iterable[tuple[float, str]]
"""Pairs (time on the trial clock, behaviour from then on)."""


def score_clip(study: Study, clip: Clip, states: States, *, done: bool = True) -> None:
    """Press the keys of one clip as its scorer."""
    theirs = study.acting_as(clip.scorer)
    t0_s, number = theirs.trial_of(clip).t0_s, len(theirs.key_presses(clip.id))
    for t_s, behaviour in states:
        number += 1
        theirs.press(KeyPress(clip=clip.id, number=number, action="state", t_s=t0_s + t_s, behaviour=behaviour))
    if done:
        theirs.press(KeyPress(clip=clip.id, number=number + 1, action="done", t_s=t0_s + 12))


def score_all(study: Study, scorer: str, states_of: Callable[[int, Clip], States]) -> None:
    """Score every clip of a person; `states_of` is given the trial's number by id, and the clip."""
    order = sorted({clip.trial for clip in study.clips(assay=ASSAY)})
    for clip in study.clips(scorer=scorer, assay=ASSAY):
        score_clip(study, clip, states_of(order.index(clip.trial), clip))


def take_up_again(study: Study, clip: Clip) -> None:
    """Take back that a clip is done."""
    theirs = study.acting_as(clip.scorer)
    presses = theirs.key_presses(clip.id)
    (done,) = [one.number for one in presses if one.action == "done"][-1:]
    theirs.press(KeyPress(clip=clip.id, number=len(presses) + 1, action="undo", t_s=0.0, undoes=done))
