"""KeyPress: one thing a scorer said about a clip, kept for good. A correction is another press.

Times are seconds of the recording's own clock, at a frame of it. Presses are numbered from 1 within their clip, in the
order in which they were made. Actions: ``"state"``: from `t_s` on the animal does `behaviour` (empty: none of the
ethogram's; ``"not visible"``: it cannot be seen), until the next standing state in the recording's time. ``"undo"``:
the press numbered `undoes` does not stand. ``"done"``: the clip is scored.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from littermate.errors import DataError

__all__ = ["DONE", "NOT_VISIBLE", "PRESS_KEY", "STATE", "UNDO", "KeyPress", "standing"]

STATE, UNDO, DONE = "state", "undo", "done"
PRESS_KEY = "press key"
"""The step's name in the journal, which has one entry a press."""
NOT_VISIBLE = "not visible"
SPEEDS = (0.25, 4.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPress:
    """One press.

    Parameters
    ----------
    clip, number
        The clip's id, and the press's number in it.
    action
        See the module.
    t_s
        Time of the frame that was on screen, in the recording.
    behaviour
        Of a state.
    undoes
        Number of the press that an undo takes back.
    speed
        How fast the clip was played: 1 is the recording's own pace, 0 a still.
    latch
        Whether keys latch (one press on, one press off) or are held.

    Raises
    ------
    DataError
        If the press cannot be meant.
    """

    clip: str
    number: int
    action: str
    t_s: float
    behaviour: str = ""
    undoes: int | None = None
    speed: float = 1.0
    latch: bool = True

    def __post_init__(self) -> None:
        if self.action not in (STATE, UNDO, DONE) or self.number < 1:
            raise DataError(expected="a state, an undo or a done", found=f"{self.action!r}", do="reload the page")
        if not (math.isfinite(self.t_s) and self.t_s >= 0 and math.isfinite(self.speed)):
            raise DataError(expected="a time in the recording", found=f"{self.t_s} s", do="reload the page")
        if self.speed != 0 and not SPEEDS[0] <= self.speed <= SPEEDS[1]:
            raise DataError(
                expected=f"a speed of {SPEEDS[0]:g} to {SPEEDS[1]:g}", found=f"{self.speed:g}", do="reload the page"
            )
        if (self.action == UNDO) != (self.undoes is not None):
            raise DataError(expected="an undo that says of which press", found=f"{self.undoes}", do="reload the page")


def standing(presses: Sequence[KeyPress]) -> tuple[KeyPress, ...]:
    """Return the presses that stand: neither undone nor undos themselves, in their order.

    Examples
    --------
    >>> one = KeyPress(clip="C", number=1, action="state", t_s=1.0, behaviour="immobile")
    >>> two = KeyPress(clip="C", number=2, action="undo", t_s=2.0, undoes=1)
    >>> standing([one, two])
    ()
    """
    undone = {press.undoes for press in presses if press.action == UNDO}
    return tuple(press for press in presses if press.action != UNDO and press.number not in undone)
