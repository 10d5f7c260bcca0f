"""ScoredTrial: what a person scored in one trial of one recording, as it comes from a table of bouts.

Times of bouts and of scored stretches are on the trial clock; `t0_s` says when that starts in the recording. Time in
no scored stretch was not looked at: it belongs to no behaviour.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.bout import ScoredBout

__all__ = ["ScoredTrial"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredTrial:
    """One trial as a person scored it.

    Parameters
    ----------
    video
        The recording's name as the person gave it.
    animal
        The animal's name or code; several trials may be of one.
    scorer
        Who scored; empty where nobody says.
    t0_s
        When the trial starts in the recording.
    scored_s
        The stretches that were scored, ``[start, stop)``, in order.
    bouts
        In order of time; a scored stretch without any holds none of the behaviours.
    arena_px
        Where the animal is in the picture, ``(x, y, width, height)``; `None` for anywhere.
    """

    video: str
    animal: str
    scorer: str
    t0_s: float
    scored_s: tuple[tuple[float, float], ...]
    bouts: tuple[ScoredBout, ...]
    arena_px: tuple[int, int, int, int] | None = None
