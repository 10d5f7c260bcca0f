"""Queue: which trials a scorer sees, in which order, and which of them come back.

The order is random, each scorer's own, and made from a seed that is kept. A part of the trials comes back later,
unannounced, at least a third of the queue (and two clips) after it was first seen, so that how well a scorer agrees
with themselves can be measured. Practice clips come first and are never counted. The codes of clips are drawn from the
system's entropy, as all codes are (see `codes`), so they say nothing about trial, order or repeat.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from littermate.errors import UsageError
from littermate.model.clip import PRACTICE, REPEAT, SCORE, Clip
from littermate.planning.codes import clip_ids
from littermate.planning.draw import Draw, Entropy

__all__ = ["QueuePlan", "make_clips"]

_FEWEST_FOR_REPEATS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlan:
    """How a scorer's clips are chosen.

    Parameters
    ----------
    share
        Part of the trials that this scorer sees: 1 for the first scorer, 0.2 or more for a second one.
    repeats
        Part of those that comes back, 0.1 to 0.2 by custom; of fewer than five trials none does.
    practice
        How many practice clips come first.

    Raises
    ------
    UsageError
        If a part is not between 0 and 1, or `practice` is negative.
    """

    share: float = 1.0
    repeats: float = 0.15
    practice: int = 2

    def __post_init__(self) -> None:
        if not (0 < self.share <= 1 and 0 <= self.repeats <= 1 and self.practice >= 0):
            raise UsageError(
                expected="a share above 0 and up to 1, repeats from 0 to 1, and 0 practice clips or more",
                found=f"share {self.share:g}, repeats {self.repeats:g}, practice {self.practice}",
                do="correct them",
            )


def make_clips(
    trials: Sequence[str],
    plan: QueuePlan,
    *,
    scorer: str,
    assay: str,
    seed: int,
    first_position: int = 1,
    taken: Collection[str] = (),
    rng: Entropy = secrets,
) -> tuple[Clip, ...]:
    """Return a scorer's clips in the order in which they are shown.

    Parameters
    ----------
    trials
        Ids of the trials that can be shown; their order does not matter.
    plan
        How many of them, and how many come back.
    scorer, assay
        Whose clips they are, and of what.
    seed
        Of share, order and repeats; the same seed and trials give the same order.
    first_position
        Where the queue goes on, when clips are added to an earlier one.
    taken
        Codes that are in use.
    rng
        Source of the codes. Leave it; tests may give a `Draw`.

    Examples
    --------
    >>> plan = QueuePlan(practice=0, repeats=0.2)
    >>> clips = make_clips(["A", "B", "C", "D", "E"], plan, scorer="ada", assay="forced swim", seed=1)
    >>> [(clip.trial, clip.kind) for clip in clips]
    [('E', 'score'), ('B', 'score'), ('A', 'score'), ('D', 'score'), ('C', 'score'), ('A', 'repeat')]
    """
    draw = Draw(seed, "queue", assay, scorer)
    order = draw.shuffled(sorted(trials))[: math.ceil(plan.share * len(trials) - 1e-9)]
    practice = draw.shuffled(order)[: plan.practice]
    shown = [(trial, PRACTICE) for trial in practice] + _with_repeats(order, plan.repeats, draw)
    ids = clip_ids(len(shown), taken=taken, rng=rng)
    return tuple(
        Clip(id=name, trial=trial, assay=assay, scorer=scorer, position=first_position + place, kind=kind)
        for place, (name, (trial, kind)) in enumerate(zip(ids, shown, strict=True))
    )


def _with_repeats(order: Sequence[str], share: float, draw: Draw) -> list[tuple[str, str]]:
    """Put repeats into an order, each far behind its first showing."""
    shown = [(trial, SCORE) for trial in order]
    if len(order) < _FEWEST_FOR_REPEATS:
        return shown
    apart = max(2, len(order) // 3)
    early = draw.shuffled(order[: len(order) - apart])[: round(share * len(order))]
    for trial in early:
        first = shown.index((trial, SCORE)) + 1 + apart
        shown.insert(first + draw.randbelow(len(shown) - first + 1), (trial, REPEAT))
    return shown
