"""Overlap: what two or more bands that run into one another have together, given out among them.

The net profile of the group (the sum of each row above the baseline) is fitted by one peak a band: Gaussians, each at
the place and of the width that fit best, never negative, drawn out to one side as much as all others of the group
(bands of one lane ran through the same gel). A band's share is the area of its peak. The shares give out what the boxes
hold together, so that the fit decides who has it and never how much there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

__all__ = ["Shares", "share_out"]

_TO_SIGMA = 2.354820045
_WIDER = 1.8
_UNEVEN = 1.25
_MOVE = 0.4
_TAIL = 1.5
_LEAST_TAIL = 0.02
_TAILS = (-0.4, 0.4)
_FIRST_STEPS = 6
_MOST_STEPS = 25
_HOLD = 0.02


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shares:
    """Each band's share of a group's volume, and the standard error of its volume where the noise of a row is 1."""

    shares: NDArray[np.float64]
    errors: NDArray[np.float64]


def share_out(net: NDArray[np.float64], rows: Sequence[float], fwhm: Sequence[float]) -> Shares | None:
    """Return the shares of overlapping bands in a net profile.

    Parameters
    ----------
    net : (rows,)
        The profile above its baseline.
    rows, fwhm
        Where the bands' peaks are seen, from the profile's first row on, and how wide they seem to be.

    Returns
    -------
    Shares
        They add up to 1. `None` where nothing can be fitted: the profile has no more rows than the fit has unknowns, or
        no band stands above the baseline.

    Examples
    --------
    >>> at = np.arange(60.0)
    >>> two = 3 * np.exp(-((at - 25) ** 2) / 50) + np.exp(-((at - 38) ** 2) / 50)
    >>> share_out(two, [25, 38], [12, 12]).shares.round(3)
    array([0.75, 0.25])
    """
    count = len(rows)
    top = float(net.max(initial=0.0))
    if net.size <= 3 * count + 1 or top <= 0:
        return None
    guess = _Guess.of(rows, fwhm)
    at = np.arange(net.size, dtype=np.float64)

    def rest(unknown: NDArray[np.float64]) -> NDArray[np.float64]:
        shapes = _shapes(at, unknown, count)
        heights, _ = optimize.nnls(shapes, net / top)
        return np.concatenate([shapes @ heights - net / top, _HOLD * (unknown - guess.start) / guess.reach])

    def refined(start: NDArray[np.float64], steps: int) -> optimize.OptimizeResult:
        bounds = (guess.start - guess.reach, guess.start + guess.reach)
        return optimize.least_squares(rest, start, bounds=bounds, max_nfev=steps, ftol=1e-5, xtol=1e-4)

    tries = [refined(guess.drawn_out(tail), _FIRST_STEPS) for tail in _TAILS]
    found = refined(min(tries, key=lambda one: float(one.cost)).x, _MOST_STEPS)
    shapes = _shapes(at, found.x, count)
    heights, _ = optimize.nnls(shapes, net / top)
    areas = heights * shapes.sum(axis=0)
    if not areas.sum() > 0:
        return None
    spread = np.linalg.pinv(shapes.T @ shapes)
    return Shares(shares=areas / areas.sum(), errors=np.sqrt(np.diag(spread)) * shapes.sum(axis=0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Guess:
    """Where the fit starts and how far it may go: places, common width (log), each band's own widening, common tail."""

    start: NDArray[np.float64]
    reach: NDArray[np.float64]

    @classmethod
    def of(cls, rows: Sequence[float], fwhm: Sequence[float]) -> _Guess:
        usual, count = float(np.median(fwhm)), len(rows)
        start = np.concatenate([rows, [np.log(usual / _TO_SIGMA)], np.zeros(count), [0.0]])
        reach = np.concatenate(
            [np.full(count, _MOVE * usual), [np.log(_WIDER)], np.full(count, np.log(_UNEVEN)), [_TAIL]]
        )
        return cls(start=start, reach=reach)

    def drawn_out(self, tail: float) -> NDArray[np.float64]:
        """Return the start with a tail, up or down the lane."""
        start = self.start.copy()
        start[-1] = tail
        return start


def _shapes(at: NDArray[np.float64], unknown: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return one column a band: a Gaussian drawn out to one side by an exponential."""
    width = np.exp(unknown[count] + unknown[count + 1 : -1])
    tail = float(unknown[-1])
    away = (at[:, None] - unknown[:count]) / width * (1.0 if tail >= 0 else -1.0)
    rate = 1 / max(abs(tail), _LEAST_TAIL)
    beyond = (rate - away) / np.sqrt(2)
    near = np.exp(-0.5 * away**2) * special.erfcx(beyond.clip(-5))
    far = np.exp(0.5 * rate**2 - rate * away.clip(rate)) * special.erfc(beyond)
    return np.asarray(rate * np.where(beyond > -5, near, far), np.float64)
