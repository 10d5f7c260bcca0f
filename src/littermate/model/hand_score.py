"""HandScore: one clip as a person scored it, on the trial clock."""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.bout import ScoredBout
from littermate.model.clip import Clip

__all__ = ["HandScore"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandScore:
    """What the standing key presses of a clip say.

    Parameters
    ----------
    clip
        Which showing of which trial, and to whom.
    code
        The animal's code.
    window_s
        The part that was to be scored, on the trial clock.
    bouts
        In order of time, cut to the window.
    seen_s
        Stretches ``[start, stop)`` of the window in which the animal could be seen; the rest is missing.
    done
        Whether the scorer said that the clip is finished.
    """

    clip: Clip
    code: str
    window_s: tuple[float, float]
    bouts: tuple[ScoredBout, ...]
    seen_s: tuple[tuple[float, float], ...]
    done: bool
