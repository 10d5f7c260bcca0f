"""Start: what happens before a trial begins, and when it begins.

Each look near the recording's start shows one of four things: another picture than the rest of the recording (a title
card, a black lead-in), a hand (something large that reaches in over the picture's edge), the arena without the
animal, or the arena with it. The trial begins, t0, with the first look after which the animal is there and nothing
else is for half a second, and no hand comes back within five. It is a proposal: a person confirms it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.video.bodies import Cast, bodies_in, light_removed

__all__ = ["Sight", "T0", "has_hand", "propose_t0", "sights_of", "stretches"]

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
Flags = Sequence[bool] | NDArray[np.bool_]

_SETTLED_S = 0.5
_BACK_S = 5.0
_HAND_PART, _HAND_SURELY = 0.03, 0.08
_HAND_BODIES = 4.0
_EDGE_PX = 4
_JOIN_PX = 5


class Sight(Enum):
    """What a look shows."""

    OTHER = "another picture"
    HAND = "a hand"
    EMPTY = "no animal"
    ANIMAL = "the animal"


@dataclass(frozen=True, slots=True, kw_only=True)
class T0:
    """A proposed t0, `None` where it cannot be told, and why."""

    t_s: float | None
    reason: str


def sights_of(pictures: Picture, other: Flags, cast: Cast | None) -> list[Sight]:
    """Say what each of (n, height, width) looks shows; `other` marks those of another picture."""
    return [Sight.OTHER if odd else _sight(one, cast) for one, odd in zip(pictures, other, strict=True)]


def _sight(picture: Picture, cast: Cast | None) -> Sight:
    if cast is None:
        return Sight.EMPTY
    difference = light_removed(picture, cast.background)
    if has_hand(difference, cast):
        return Sight.HAND
    return Sight.ANIMAL if bodies_in(difference, cast).count else Sight.EMPTY


def has_hand(difference: Floats, cast: Cast) -> bool:
    """Return whether something much larger than the animal reaches in over the picture's edge.

    `difference` is that of a look to the background, as `light_removed` gives it.
    """
    changed = (cv2.absdiff(difference, 0.0) > max(20.0, 6 * cast.noise)).astype(np.uint8)
    changed = cv2.morphologyEx(changed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    changed = cv2.morphologyEx(changed, cv2.MORPH_CLOSE, np.ones((_JOIN_PX, _JOIN_PX), np.uint8))
    least = max(_HAND_PART * changed.size, min(_HAND_BODIES * cast.area_px, _HAND_SURELY * changed.size))
    if np.count_nonzero(changed) < least:
        return False
    count, labels, stats, _ = cv2.connectedComponentsWithStats(changed, connectivity=8)
    rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    at_edge = np.bincount(rim, minlength=count)[1:]
    return bool(np.any((at_edge >= _EDGE_PX) & (stats[1:, cv2.CC_STAT_AREA] >= least)))


def propose_t0(t_s: NDArray[np.float64], sights: Sequence[Sight]) -> T0:
    """Propose when the trial begins from the sights at rising times.

    Examples
    --------
    >>> hand, mouse = [Sight.HAND], [Sight.ANIMAL]
    >>> propose_t0(np.arange(20) * 0.2, 5 * hand + 15 * mouse).t_s
    1.0
    >>> propose_t0(np.arange(20) * 0.2, 20 * [Sight.EMPTY])
    T0(t_s=None, reason='the animal was not seen alone for half a second')
    """
    if not len(t_s) or t_s[0] > 1.0:
        return T0(t_s=None, reason="the recording was not read from its start")
    disturbed = _disturbed(t_s, sights)
    for k, sight in enumerate(sights):
        if sight is Sight.ANIMAL and _settled(t_s, sights, k) and not _comes_back(t_s, disturbed, k):
            return T0(t_s=0.0, reason="the animal is there from the beginning") if k == 0 else _after(sights, t_s, k)
    return T0(t_s=None, reason="the animal was not seen alone for half a second")


def _after(sights: Sequence[Sight], t_s: NDArray[np.float64], k: int) -> T0:
    before = [sight.value for sight in (Sight.OTHER, Sight.HAND, Sight.EMPTY) if sight in sights[:k]]
    return T0(t_s=float(t_s[k]), reason=f"before it: {', '.join(before) or 'the animal for less than half a second'}")


def _settled(t_s: NDArray[np.float64], sights: Sequence[Sight], k: int) -> bool:
    until = max(k + 2, int(np.searchsorted(t_s, t_s[k] + _SETTLED_S, side="right")))
    return until <= len(sights) and all(sight is Sight.ANIMAL for sight in sights[k:until])


def _disturbed(t_s: NDArray[np.float64], sights: Sequence[Sight]) -> list[tuple[float, float]]:
    """Return when a hand or another picture was seen in two looks or more on end."""
    return [
        (start, stop) for start, stop, n in stretches(t_s, [s in (Sight.HAND, Sight.OTHER) for s in sights]) if n > 1
    ]


def _comes_back(t_s: NDArray[np.float64], disturbed: Sequence[tuple[float, float]], k: int) -> bool:
    return any(t_s[k] <= stop and start < t_s[k] + _BACK_S for start, stop in disturbed)


def stretches(t_s: NDArray[np.float64], flags: Flags) -> list[tuple[float, float, int]]:
    """Return the runs of looks that are flagged: time of the first, of the last, and their number.

    Examples
    --------
    >>> stretches(np.arange(5.0), [True, False, True, True, False])
    [(0.0, 0.0, 1), (2.0, 3.0, 2)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(flags, np.int8), [0]])))
    return [(float(t_s[a]), float(t_s[b - 1]), int(b - a)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
