"""Clip: one showing of one trial to one scorer, under a code of its own.

A trial that comes back (a hidden repeat) is another clip with another code, so that nobody can tell it by its name.
Kinds: ``"practice"`` (shown first, never counted), ``"score"``, ``"repeat"`` (comes back unannounced, to measure how
well a scorer agrees with themselves), ``"review"`` (a person corrects what the program found; not blind to that).
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PRACTICE", "REPEAT", "REVIEW", "SCORE", "Clip"]

PRACTICE, SCORE, REPEAT, REVIEW = "practice", "score", "repeat", "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One showing.

    Parameters
    ----------
    id
        Opaque and without order: the code that the scorer sees.
    trial
        The trial's id, which the scorer does not see.
    assay
        Name of the assay in the protocol.
    scorer
        Whose clip it is.
    position
        Its place in this scorer's order, from 1.
    kind
        See the module.
    """

    id: str
    trial: str
    assay: str
    scorer: str
    position: int
    kind: str
