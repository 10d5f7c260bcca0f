"""Bouts: from a state, sample by sample, to intervals; what every motion assay shares.

Conventions. Sample k covers ``start_s + [k, k + 1) * step_s``; intervals are half-open ``[start, stop)``. Gaps shorter
than `gap_s` between two runs of a state are closed first; then runs shorter than `min_bout_s` are dropped (a run of
exactly that length stays). Missing time ends a bout: no gap that holds missing time is closed, and what is left of a
bout on either side must be long enough by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from littermate.model.bout import DetectedBout, ScoredBout
from littermate.model.motion import Motion

__all__ = [
    "clip_bouts",
    "closed_runs",
    "covered_samples",
    "hysteresis",
    "mask_to_bouts",
    "running_median",
    "runs",
    "smoothed",
    "switched",
]

_SAME_S = 1e-6

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def mask_to_bouts(
    state: Bools,
    scorable: Bools,
    *,
    step_s: float,
    gap_s: float,
    min_bout_s: float,
    start_s: float = 0.0,
    behaviour: str = "immobile",
) -> tuple[DetectedBout, ...]:
    """Turn a state, sample by sample, into bouts: close short gaps, then drop short runs; missing time ends a bout.

    Parameters
    ----------
    state, scorable : (n,) bool
        The state, and whether there is one. Sample k covers ``start_s + [k, k + 1) * step_s``.
    step_s, start_s
        Length of a sample and start of the first one.
    gap_s
        Gaps shorter than this are closed.
    min_bout_s
        Runs shorter than this are dropped.
    behaviour
        Name of the state.

    Examples
    --------
    >>> state = np.array([1, 1, 1, 0, 1, 1, 0, 0, 1, 0], bool)
    >>> bouts = mask_to_bouts(state, np.ones(10, bool), step_s=0.5, gap_s=1.0, min_bout_s=1.0)
    >>> [(bout.start_s, bout.stop_s) for bout in bouts]
    [(0.0, 3.0)]
    """
    bouts = []
    for first, last in runs(np.asarray(scorable, dtype=bool)):
        inside = [(first + a, first + b) for a, b in runs(np.asarray(state[first:last], dtype=bool))]
        for start, stop in closed_runs(inside, gap_s / step_s):
            if (stop - start) * step_s >= min_bout_s - _SAME_S:
                begin, end = start_s + start * step_s, start_s + stop * step_s
                bouts.append(DetectedBout(behaviour=behaviour, start_s=begin, stop_s=end))
    return tuple(bouts)


def clip_bouts(
    bouts: Sequence[DetectedBout], window_s: tuple[float, float], *, recorded_until_s: float | None = None
) -> tuple[DetectedBout, ...]:
    """Cut bouts to a window, and flag those that its edge, or the end of the recording, has cut.

    Examples
    --------
    >>> bout = DetectedBout(behaviour="immobile", start_s=8.0, stop_s=12.0)
    >>> clip_bouts([bout], (10.0, 20.0))
    (DetectedBout(behaviour='immobile', start_s=10.0, stop_s=12.0, cut=True),)
    """
    start, stop = window_s
    end = np.inf if recorded_until_s is None else recorded_until_s
    clipped = []
    for bout in bouts:
        a, b = max(bout.start_s, start), min(bout.stop_s, stop)
        if b - a > _SAME_S:
            cut = bout.cut or bout.start_s < start - _SAME_S or bout.stop_s > stop + _SAME_S
            cut |= bout.stop_s >= end - _SAME_S
            clipped.append(DetectedBout(behaviour=bout.behaviour, start_s=a, stop_s=b, cut=bool(cut)))
    return tuple(clipped)


def covered_samples(motion: Motion, bouts: Sequence[DetectedBout] | Sequence[ScoredBout]) -> Bools:
    """Return the samples of a trace whose middle lies in a bout."""
    middle = motion.t_s + motion.step_s / 2
    covered = np.zeros(len(middle), dtype=bool)
    for bout in bouts:
        first, last = np.searchsorted(middle, (bout.start_s, bout.stop_s))
        covered[first:last] = True
    return covered


def runs(mask: Bools) -> list[tuple[int, int]]:
    """Return the half-open index ranges where a mask is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def closed_runs(found: Sequence[tuple[int, int]], gap: float) -> list[tuple[int, int]]:
    """Join runs whose gap is shorter than `gap` samples."""
    joined: list[tuple[int, int]] = []
    for start, stop in found:
        if joined and start - joined[-1][1] < gap - _SAME_S:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return joined


def running_median(values: Floats, width: int) -> Floats:
    """Return the median over `width` samples (an odd number) around each; the ends are held."""
    padded = np.pad(values, width // 2, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1))


def smoothed(values: Floats, motion: Motion, smooth_s: float) -> Floats:
    """Return the running median of one of a trace's series, anew after missing time; missing samples as they were."""
    width = max(1, round(smooth_s / motion.step_s)) | 1
    smooth = np.array(values, dtype=np.float64)
    for start, stop in runs(motion.valid & motion.animal_found):
        smooth[start:stop] = running_median(values[start:stop], width)
    return smooth


def hysteresis(values: Floats, below: float, above: float) -> Bools:
    """Return where a signal is low: low from below one threshold until above the other, high at the start.

    Examples
    --------
    >>> hysteresis(np.array([0.3, 0.06, 0.01, 0.06, 0.3]), 0.05, 0.08).tolist()
    [False, False, True, True, False]
    """
    return switched(values < below, values > above)


def switched(on: Bools, off: Bools) -> Bools:
    """Return a state that is switched on and off, and in between stays as it was; off at the start."""
    marks = np.where(on, 1, np.where(off, 0, -1))
    decided = np.maximum.accumulate(np.where(marks >= 0, np.arange(len(marks)), -1))
    return np.asarray(np.where(decided >= 0, marks[decided], 0) == 1)
