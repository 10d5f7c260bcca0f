"""Blobs: everything in a block of small pictures that departs from the background, all of it in a few calls.

The pictures of a block are laid below one another as one tall picture, so that each step costs one call for all of
them. A pixel departs by how far it is below `low` or above `high`; the weight saturates at `cap`, so that the edge of
an animal counts by how much of a pixel it covers and its inside evenly. Structures thinner than the opening (a tail, a
cable) are taken out; parts that are as near as that (an animal under a cable) are one blob.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Blobs", "Limits", "find_blobs", "largest_of_each"]

Picture = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limits:
    """Which grey levels depart.

    Parameters
    ----------
    low, high : (height, width) uint8 or None
        A pixel below `low` or above `high` departs; `None` where that side does not count.
    cap
        Departure at which a pixel counts whole, in grey levels beyond the limit.
    radius
        Of the opening, in px; 0 is none.
    """

    low: Picture | None
    high: Picture | None
    cap: int
    radius: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blobs:
    """Blobs of a block, each a row: picture number, weighted centroid, area (px, by weight), and spread (px^2).

    `spread` is (n, 3): the variances along x and y, and their covariance. `mask` is (pictures, height, width): not 0 on
    and close about the blobs.
    """

    number: NDArray[np.int64]
    xy: Floats
    area: Floats
    spread: Floats
    mask: Picture

    def __len__(self) -> int:
        return len(self.number)

    def rows(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> Blobs:
        """Return some of the blobs."""
        return Blobs(
            number=self.number[which],
            xy=self.xy[which],
            area=self.area[which],
            spread=self.spread[which],
            mask=self.mask,
        )


def find_blobs(pictures: Picture, limits: Limits) -> Blobs:
    """Return the blobs of (n, height, width) pictures.

    Examples
    --------
    >>> pictures = np.full((2, 30, 40), 200, np.uint8)
    >>> pictures[1, 10:20, 5:15] = 40
    >>> blobs = find_blobs(pictures, Limits(low=np.full((30, 40), 120, np.uint8), high=None, cap=40, radius=1))
    >>> blobs.number.tolist(), blobs.xy.tolist(), blobs.area.tolist()
    ([1], [[9.5, 14.5]], [100.0])
    """
    gap = 2 * limits.radius + 2
    tall, shape = _stacked(pictures, gap)
    whole = _departure(tall, limits, shape, gap).reshape(shape)
    top, bottom, left, right = _extent(whole, gap)
    part = np.ascontiguousarray(whole[:, top:bottom, left:right])
    weight = part.reshape(-1, part.shape[2])
    wide = weight if not limits.radius else cv2.dilate(_eroded(weight, limits.radius), _square(limits.radius + 1))
    labels = cv2.connectedComponents(wide)[1]
    counted = cv2.threshold(cv2.min(weight, wide), 0, 1, cv2.THRESH_BINARY)[1]
    where = np.flatnonzero(counted.view(bool))
    mask = np.zeros(shape, np.uint8)
    mask[:, top:bottom, left:right] = np.asarray(wide).reshape(part.shape)
    found = _measured(where, labels.ravel()[where], weight.ravel()[where], limits.cap, part.shape, mask[:, gap:])
    return dataclasses.replace(found, xy=found.xy + np.array([left, top - gap]))


def _extent(departure: Picture, gap: int) -> tuple[int, int, int, int]:
    """Return the rows and columns where any picture departs, and the gap around them; else a few of them."""
    left, top, width, height = cv2.boundingRect(departure.max(axis=0))
    top = max(gap, top)
    return top - gap, max(top + height, gap + 1), max(0, left - gap), max(left + width + gap, gap)


def _stacked(pictures: Picture, gap: int) -> tuple[Picture, tuple[int, int, int]]:
    """Lay pictures below one another, a gap of rows above each."""
    count, height, width = pictures.shape
    tall = np.zeros((count, height + gap, width), np.uint8)
    tall[:, gap:] = pictures
    return tall.reshape(-1, width), (count, height + gap, width)


def _departure(tall: Picture, limits: Limits, shape: tuple[int, int, int], gap: int) -> Picture:
    """Return how far each pixel departs beyond the limit, at most `cap`."""
    sides = []
    if limits.low is not None:
        low = np.pad(limits.low, ((gap, 0), (0, 0)))
        sides.append(cv2.subtract(np.tile(low, (shape[0], 1)), tall))
    if limits.high is not None:
        high = np.pad(limits.high, ((gap, 0), (0, 0)), constant_values=255)
        sides.append(cv2.subtract(tall, np.tile(high, (shape[0], 1))))
    both = sides[0] if len(sides) == 1 else cv2.max(sides[0], sides[1])
    return np.asarray(cv2.min(both, (float(limits.cap),) * 4), dtype=np.uint8)


def _eroded(weight: Picture, radius: int) -> Picture:
    return np.asarray(cv2.erode(weight, _square(radius)), dtype=np.uint8)


def _square(radius: int) -> Picture:
    return np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)


def _measured(
    where: NDArray[np.int64],
    labels: NDArray[np.int32],
    weights: Picture,
    cap: int,
    shape: tuple[int, ...],
    mask: Picture,
) -> Blobs:
    _, height, width = shape
    row, x = np.divmod(where, width)
    number, y = np.divmod(row, height)
    count = int(labels.max(initial=0)) + 1
    share = weights / float(cap)
    sums = np.bincount(labels, share, count)
    own = np.flatnonzero(sums > 0)
    total = sums[own]

    def mean(values: Floats) -> Floats:
        return np.asarray(np.bincount(labels, share * values, count)[own] / total, dtype=np.float64)

    middle_x, middle_y = mean(x), mean(y)
    spread = np.column_stack([mean(x * x) - middle_x**2, mean(y * y) - middle_y**2, mean(x * y) - middle_x * middle_y])
    first = np.zeros(count, np.int64)
    first[labels] = number
    return Blobs(
        number=first[own],
        xy=np.column_stack([middle_x, middle_y]),
        area=np.asarray(total, dtype=np.float64),
        spread=spread,
        mask=mask,
    )


def largest_of_each(blobs: Blobs) -> NDArray[np.int64]:
    """Return which blob is the largest of each picture that has one, in order of the pictures."""
    order = np.lexsort((-blobs.area, blobs.number))
    _, first = np.unique(blobs.number[order], return_index=True)
    return np.asarray(order[first], dtype=np.int64)
