"""Time bins: a trial's window in bins of a minute or less, and what happened in each.

A bin of which less than half was seen is missing (NaN), never 0.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from littermate.assays.path import Stretch
from littermate.model.motion import Motion

__all__ = ["bin_edges", "distance_in_bins", "time_share_in_bins"]

_WIDTHS_S = (60.0, 30.0, 20.0, 10.0, 5.0, 2.0, 1.0)
_LEAST_BINS, _LEAST_SEEN = 4, 0.5
_SAME_S = 1e-6

Floats = NDArray[np.float64]


def bin_edges(window_s: tuple[float, float]) -> Floats:
    """Return the edges of a window's bins: minutes, or the largest width below that makes four bins; the last is short.

    Examples
    --------
    >>> bin_edges((120.0, 360.0)).tolist(), bin_edges((20.0, 65.0)).tolist()
    ([120.0, 180.0, 240.0, 300.0, 360.0], [20.0, 30.0, 40.0, 50.0, 60.0, 65.0])
    """
    start, stop = window_s
    width = next((one for one in _WIDTHS_S if (stop - start) / one >= _LEAST_BINS), stop - start)
    return np.append(np.arange(start, stop - 1e-9, width), stop)


def time_share_in_bins(motion: Motion, spans_s: Iterable[tuple[float, float]], edges_s: Floats) -> Floats:
    """Return the percentage of each bin's seen time that spans ``[start, stop)`` take up.

    Parameters
    ----------
    motion
        Says which time was seen.
    spans_s
        Bouts of one behaviour, which do not overlap.
    edges_s : (bins + 1,) float
        Edges on the trial clock, rising.

    Returns
    -------
    (bins,) float
    """
    seen = _overlaps([(t, t + motion.step_s) for t in motion.t_s[motion.valid].tolist()], edges_s)
    enough = _enough(seen, edges_s)
    share = 100 * _overlaps(spans_s, edges_s) / np.where(enough, seen, 1.0)
    return np.where(enough, share.clip(max=100.0), np.nan)


def distance_in_bins(parts: Iterable[Stretch], edges_s: Floats) -> Floats:
    """Return the path's length in each bin, cm, of a track's unbroken parts (`littermate.assays.path.stretches`)."""
    length, seen = np.zeros(len(edges_s) - 1), np.zeros(len(edges_s) - 1)
    for part in parts:
        length += np.histogram(part.t_s, bins=edges_s, weights=part.length_cm)[0]
        seen += np.histogram(part.t_s, bins=edges_s, weights=part.lasts_s)[0]
    return np.where(_enough(seen, edges_s), length, np.nan)


def _enough(seen: Floats, edges: Floats) -> NDArray[np.bool_]:
    return np.asarray(seen >= _LEAST_SEEN * np.diff(edges) - _SAME_S, dtype=bool)


def _overlaps(spans: Iterable[tuple[float, float]], edges: Floats) -> Floats:
    """Return how long half-open spans last within each bin."""
    pairs = np.array(list(spans), dtype=np.float64).reshape(-1, 2)
    inside = np.minimum(pairs[:, 1:], edges[None, 1:]) - np.maximum(pairs[:, :1], edges[None, :-1])
    return np.asarray(inside.clip(min=0).sum(axis=0), dtype=np.float64)
