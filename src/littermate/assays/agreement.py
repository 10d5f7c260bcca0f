"""Agreement of two scorings of the same trials: two people, a person and a method, or one person twice.

Conventions. Differences are *second minus first*; give the reference (the person) first. Totals are percent of the time
that both scored, one a trial, so that long and short trials can be put together; differences and limits are points of
that percentage. Time outside `scored_s` belongs to neither scoring. A figure that these data cannot give (no variance,
nothing to match) is `None`, never 0.

The measures of a pair of scorings: bias and 95 % limits of agreement (Bland & Altman 1986, *Lancet* 327:307; several
trials an animal as in 1999, *Stat Methods Med Res* 8:135, section 5); the intraclass correlation ICC(2,1), absolute
agreement of single scores (Shrout & Fleiss 1979, *Psychol Bull* 86:420), with the interval of McGraw & Wong (1996,
*Psychol Methods* 1:30); kappa (Cohen 1960, *Educ Psychol Meas* 20:37) over bins of 1 s, each weighing as much as its
time; the coefficient of Matthews (1975, *Biochim Biophys Acta* 405:442) over time itself; F1 of bouts matched one to
one at an intersection over union of 0.5 or more; Pearson's r.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from littermate.assays.agreement_measures import (
    BlandAltman,
    Icc,
    bland_altman,
    bout_f1,
    icc_absolute,
    kappa,
    matched_bouts,
    matthews,
    pearson,
)
from littermate.errors import DataError
from littermate.model.bout import DetectedBout, ScoredBout

__all__ = [
    "Agreement",
    "BlandAltman",
    "Icc",
    "PairedScores",
    "TrialTotals",
    "agreement",
    "bland_altman",
    "bout_f1",
    "icc_absolute",
    "kappa",
    "matched_bouts",
    "matthews",
    "pearson",
    "state_kappa",
    "time_in",
]

_SAME_S = 1e-6

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Bouts = Sequence[DetectedBout] | Sequence[ScoredBout]
Intervals = list[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedScores:
    """One trial as two scorings see it; times on the trial clock.

    Parameters
    ----------
    name, animal
        The trial, and the animal it is of: trials of one animal are no independent evidence.
    scored_s
        Stretches ``[start, stop)`` that both scored.
    first, second
        Bouts of any behaviours; those of one behaviour do not overlap.
    """

    name: str
    animal: str
    scored_s: tuple[tuple[float, float], ...]
    first: tuple[DetectedBout, ...] | tuple[ScoredBout, ...]
    second: tuple[DetectedBout, ...] | tuple[ScoredBout, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialTotals:
    """One trial's totals as percent of the time both scored, and its own kappa."""

    name: str
    animal: str
    scored_s: float
    first_percent: float
    second_percent: float
    kappa: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How well two scorings of the same trials agree on one behaviour.

    Parameters
    ----------
    behaviour
        The one that was compared with everything else.
    trials
        Each trial's totals, in the order given.
    totals
        Bland-Altman of the totals in points of % time; `None` with fewer than two animals.
    r, icc
        Of the totals; `None` where they do not vary or are too few.
    kappa
        Over bins of `bin_s`, weighted by time, all trials together.
    mcc
        Of time in the behaviour, all trials together.
    f1
        Of bouts, all trials together.
    bin_s
        Length of the bins.
    """

    behaviour: str
    trials: tuple[TrialTotals, ...]
    totals: BlandAltman | None
    r: float | None
    icc: Icc | None
    kappa: float | None
    mcc: float | None
    f1: float | None
    bin_s: float


def agreement(pairs: Sequence[PairedScores], *, behaviour: str = "immobile", bin_s: float = 1.0) -> Agreement:
    """Compare two scorings of one behaviour.

    Parameters
    ----------
    pairs
        Each trial as both see it.
    behaviour
        The behaviour; all others together are its opposite.
    bin_s
        Bins of kappa; each has the state that fills at least half of it.

    Raises
    ------
    DataError
        If there is no trial, or one without scored time.

    Examples
    --------
    >>> one = (ScoredBout(behaviour="immobile", start_s=0.0, stop_s=4.0, scorer="a"),)
    >>> two = (ScoredBout(behaviour="immobile", start_s=0.0, stop_s=5.0, scorer="b"),)
    >>> pair = PairedScores(name="t1", animal="m1", scored_s=((0.0, 10.0),), first=one, second=two)
    >>> result = agreement([pair])
    >>> round(result.kappa, 6), result.f1, [(one.first_percent, one.second_percent) for one in result.trials]
    (0.8, 1.0, [(40.0, 50.0)])
    """
    if not pairs:
        raise DataError(expected="trials scored twice", found="none", do="give at least one trial")
    trials = tuple(_totals(pair, behaviour, bin_s) for pair in pairs)
    first, second = (np.array([getattr(one, f"{which}_percent") for one in trials]) for which in ("first", "second"))
    animals = [pair.animal for pair in pairs]
    binned = [_binned(pair, behaviour, bin_s) for pair in pairs]
    tables = np.sum([_time_table(pair, behaviour) for pair in pairs], axis=0)
    return Agreement(
        behaviour=behaviour,
        trials=trials,
        totals=bland_altman(first, second, animals=animals) if len(set(animals)) > 1 else None,
        r=pearson(first, second),
        icc=icc_absolute(np.column_stack([first, second])) if len(trials) > 2 else None,
        kappa=kappa(*(np.concatenate([one[k] for one in binned]) for k in range(3))),
        mcc=matthews(tables),
        f1=_pooled_f1(pairs, behaviour),
        bin_s=bin_s,
    )


def state_kappa(pairs: Sequence[PairedScores], behaviours: Sequence[str], *, bin_s: float = 1.0) -> float | None:
    """Return kappa of the whole ethogram over bins weighted by time, all trials together.

    Parameters
    ----------
    pairs
        Each trial as both see it.
    behaviours
        Those of the ethogram; what is none of them is a state of its own.
    bin_s
        Each bin has the state that fills most of it; of equal ones the first behaviour, and none last.

    Examples
    --------
    >>> def bouts(*names):
    ...     return tuple(ScoredBout(behaviour=one, start_s=k, stop_s=k + 1, scorer="") for k, one in enumerate(names))
    >>> one, two = bouts("immobile", "swimming", "swimming", "climbing"), bouts("immobile", "swimming", "climbing")
    >>> pair = PairedScores(name="t1", animal="m1", scored_s=((0.0, 4.0),), first=one, second=two)
    >>> round(state_kappa([pair], ["immobile", "swimming", "climbing"]), 6)  # 2 of 4 agree, 1 by chance
    0.333333
    """
    if not pairs:
        raise DataError(expected="trials scored twice", found="none", do="give at least one trial")
    labels = [_labels(pair, behaviours, bin_s) for pair in pairs]
    return kappa(*(np.concatenate([one[k] for one in labels]) for k in range(3)))


def time_in(bouts: Bouts, behaviour: str, starts_s: ArrayLike, stops_s: ArrayLike) -> Floats:
    """Return the time spent in a behaviour within each of many stretches.

    Examples
    --------
    >>> bouts = [DetectedBout(behaviour="immobile", start_s=1.0, stop_s=2.5)]
    >>> time_in(bouts, "immobile", [0, 1, 2], [1, 2, 3]).tolist()
    [0.0, 1.0, 0.5]
    """
    ours = sorted((bout.start_s, bout.stop_s) for bout in bouts if bout.behaviour == behaviour)
    if not ours:
        return np.zeros(len(np.atleast_1d(np.asarray(starts_s))))
    edges = np.array(ours).ravel()
    lengths = np.array([stop - start for start, stop in ours])
    before = np.column_stack([np.concatenate([[0.0], np.cumsum(lengths)[:-1]]), np.cumsum(lengths)]).ravel()
    starts, stops = np.asarray(starts_s, dtype=np.float64), np.asarray(stops_s, dtype=np.float64)
    return np.asarray(np.interp(stops, edges, before) - np.interp(starts, edges, before))


def _totals(pair: PairedScores, behaviour: str, bin_s: float) -> TrialTotals:
    (both, second_only), (first_only, neither) = _time_table(pair, behaviour).tolist()
    scored = both + second_only + first_only + neither
    return TrialTotals(
        name=pair.name,
        animal=pair.animal,
        scored_s=scored,
        first_percent=100 * (both + first_only) / scored,
        second_percent=100 * (both + second_only) / scored,
        kappa=kappa(*_binned(pair, behaviour, bin_s)),
    )


def _cut(bouts: Bouts, behaviour: str, scored_s: Sequence[tuple[float, float]]) -> Intervals:
    """Return the parts of a behaviour's bouts inside the scored stretches."""
    parts = (
        (max(bout.start_s, start), min(bout.stop_s, stop))
        for start, stop in scored_s
        for bout in bouts
        if bout.behaviour == behaviour
    )
    return sorted((start, stop) for start, stop in parts if stop - start > _SAME_S)


def _time_table(pair: PairedScores, behaviour: str) -> NDArray[np.float64]:
    """Return the time in both, in the second only, in the first only, in neither, as 2 x 2."""
    scored = sum(stop - start for start, stop in pair.scored_s)
    if not scored > 0:
        raise DataError(
            expected="time that both scored", found="none", do="say what was scored, or leave it out", where=pair.name
        )
    first, second = (_cut(bouts, behaviour, pair.scored_s) for bouts in (pair.first, pair.second))
    a, b = (sum(stop - start for start, stop in cut) for cut in (first, second))
    both = sum(max(0.0, min(s, v) - max(r, u)) for r, s in first for u, v in second)
    return np.array([[both, b - both], [a - both, scored - a - b + both]])


def _binned(pair: PairedScores, behaviour: str, bin_s: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_], Floats]:
    """Return both states bin by bin, and the bins' lengths; the last bin of a stretch may be shorter."""
    starts, stops = (np.concatenate(edges) for edges in zip(*_bins(pair.scored_s, bin_s), strict=True))
    length = stops - starts
    one, two = (time_in(bouts, behaviour, starts, stops) >= 0.5 * length for bouts in (pair.first, pair.second))
    return one, two, length


def _labels(pair: PairedScores, behaviours: Sequence[str], bin_s: float) -> tuple[Indices, Indices, Floats]:
    """Return the index of each bin's state as both see it, that of none being the last, and the bins' lengths."""
    starts, stops = (np.concatenate(edges) for edges in zip(*_bins(pair.scored_s, bin_s), strict=True))
    length = stops - starts
    first, second = (_fullest(bouts, behaviours, starts, stops) for bouts in (pair.first, pair.second))
    return first, second, length


def _fullest(bouts: Bouts, behaviours: Sequence[str], starts: Floats, stops: Floats) -> Indices:
    times = [time_in(bouts, behaviour, starts, stops) for behaviour in behaviours]
    none = stops - starts - np.sum(times, axis=0)
    return np.asarray(np.argmax(np.round([*times, none], 9), axis=0), dtype=np.intp)


def _bins(scored_s: Sequence[tuple[float, float]], bin_s: float) -> Iterator[tuple[Floats, Floats]]:
    for start, stop in scored_s:
        count = max(1, int(np.ceil((stop - start) / bin_s - _SAME_S)))
        starts = np.asarray(start + bin_s * np.arange(count), dtype=np.float64)
        yield starts, np.minimum(starts + bin_s, stop)


def _pooled_f1(pairs: Sequence[PairedScores], behaviour: str) -> float | None:
    cuts = [tuple(_cut(bouts, behaviour, pair.scored_s) for bouts in (pair.first, pair.second)) for pair in pairs]
    count = sum(len(first) + len(second) for first, second in cuts)
    return 2 * sum(matched_bouts(first, second) for first, second in cuts) / count if count else None
