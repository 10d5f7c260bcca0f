"""Threshold fit: which of a grid of thresholds puts time where a person put it; ROC of the activity.

Conventions. A person's bouts are laid over the samples of the motion trace as seconds, so that a sample cut by a bout's
edge counts in part. Only time counts that the person scored and the trace can show. Each animal weighs the same,
however long or often it was filmed. The objective is the Matthews correlation of time after *all* bout rules.

The objective is flat near its top. Of all settings within `NEAR_BEST` of the best one, the one nearest to their middle
(mean of the logarithms) is taken: it depends less on single seconds, and so on which animals happen to be there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from littermate.assays.agreement import time_in
from littermate.assays.bouts import runs
from littermate.model.bout import ScoredBout
from littermate.model.motion import Motion

__all__ = [
    "NEAR_BEST",
    "CalibrationTrial",
    "Roc",
    "Setting",
    "TimeTables",
    "common_time",
    "roc_curve",
    "smoothed_trial",
]

NEAR_BEST = 0.005
_ROC_POINTS = 200

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Setting = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CalibrationTrial:
    """One trial: its motion, and a person's bouts and scored stretches on the trial clock."""

    name: str
    animal: str
    motion: Motion
    bouts: tuple[ScoredBout, ...]
    scored_s: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Roc:
    """How well the smoothed activity alone, without any bout rule, tells a behaviour from the rest.

    Parameters
    ----------
    thresholds, false_rate, true_rate : (k,) float
        Part of the other time, and of the behaviour's, in which activity is below each threshold.
    auc
        Area under the curve: 1 is perfect, 0.5 is chance.
    """

    thresholds: Floats
    false_rate: Floats
    true_rate: Floats
    auc: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeTables:
    """For each setting and animal, the part of time in both scorings, in the method's or the person's only, in neither.

    Parameters
    ----------
    settings
        Pairs of thresholds.
    animals
        In the order of the second axis.
    tables : (settings, animals, 4) float
        Each animal's four parts sum to 1.
    """

    settings: tuple[Setting, ...]
    animals: tuple[str, ...]
    tables: Floats

    @classmethod
    def of(
        cls,
        trials: Sequence[CalibrationTrial],
        behaviour: str,
        settings: Sequence[Setting],
        predict: Callable[[CalibrationTrial, Setting], Bools],
    ) -> TimeTables:
        """Score every trial under every setting; `predict` says which samples have the behaviour."""
        animals = tuple(dict.fromkeys(trial.animal for trial in trials))
        tables = np.zeros((len(settings), len(animals), 4))
        for trial in trials:
            row = animals.index(trial.animal)
            person, all_s = _seconds(trial, behaviour)
            for index, setting in enumerate(settings):
                tables[index, row] += _four_parts(predict(trial, setting), person, all_s)
        return cls(settings=tuple(settings), animals=animals, tables=tables / tables.sum(axis=2, keepdims=True))

    def best(self, *, without: str | None = None) -> tuple[Setting, float]:
        """Return the setting chosen, and its Matthews correlation, from all animals or all but one."""
        kept = [index for index, name in enumerate(self.animals) if name != without]
        score = _matthews(self.tables[:, kept].sum(axis=1))
        near = np.flatnonzero(score >= score.max() - NEAR_BEST)
        places = np.log(np.array(self.settings))
        middle = places[near].mean(axis=0)
        chosen = int(near[np.argmin(np.sum((places[near] - middle) ** 2, axis=1))])
        return self.settings[chosen], float(score[chosen])

    def rates(self, setting: Setting) -> tuple[float, float]:
        """Return the false and the true rate of a setting after all bout rules, animals weighing the same."""
        both, extra, missed, neither = self.tables[self.settings.index(setting)].sum(axis=0)
        return float(extra / (extra + neither)), float(both / (both + missed))


def common_time(trial: CalibrationTrial) -> tuple[tuple[float, float], ...]:
    """Return the stretches that the person scored and in which the trace shows the animal."""
    motion = trial.motion
    seen = [
        (float(motion.t_s[first]), float(motion.t_s[last - 1] + motion.step_s))
        for first, last in runs(motion.valid & motion.animal_found)
    ]
    parts = ((max(a, start), min(b, stop)) for start, stop in trial.scored_s for a, b in seen)
    return tuple(sorted((start, stop) for start, stop in parts if stop - start > 1e-6))


def roc_curve(trials: Sequence[CalibrationTrial], behaviour: str) -> Roc:
    """Return the ROC curve of activity (as it is in the trace) for a behaviour of low activity.

    Trials are those of `smoothed_trial`; animals weigh the same.
    """
    values, ours, others = (np.concatenate(parts) for parts in zip(*_weighed(trials, behaviour), strict=True))
    order = np.argsort(values, kind="stable")
    values = values[order]
    last = np.flatnonzero(np.append(np.diff(values) > 0, True))
    true_rate, false_rate = (_rate(part[order])[last] for part in (ours, others))
    true_rate, false_rate = np.append(0.0, true_rate), np.append(0.0, false_rate)
    auc = float(np.sum(np.diff(false_rate) * 0.5 * (true_rate[1:] + true_rate[:-1])))
    edges = np.append(0.0, np.append(values[last][1:], np.nextafter(values[-1], np.inf)))
    shown = np.unique(np.linspace(0, len(edges) - 1, _ROC_POINTS).round().astype(int))
    return Roc(thresholds=edges[shown], false_rate=false_rate[shown], true_rate=true_rate[shown], auc=auc)


def smoothed_trial(trial: CalibrationTrial, activity: Floats, upright: Floats | None = None) -> CalibrationTrial:
    """Return the trial with its traces replaced, so that they are smoothed once and not for every setting."""
    return replace(trial, motion=replace(trial.motion, activity=activity, upright=upright))


def _seconds(trial: CalibrationTrial, behaviour: str) -> tuple[Floats, Floats]:
    """Return for each sample the seconds in the person's behaviour, and all seconds that count."""
    starts, stops = trial.motion.t_s, trial.motion.t_s + trial.motion.step_s
    ours, counted = np.zeros(len(starts)), np.zeros(len(starts))
    for start, stop in common_time(trial):
        a, b = np.clip(starts, start, stop), np.clip(stops, start, stop)
        ours += time_in(trial.bouts, behaviour, a, b)
        counted += b - a
    return ours, counted


def _four_parts(predicted: Bools, person: Floats, all_s: Floats) -> Floats:
    both, whole = float(person[predicted].sum()), float(all_s[predicted].sum())
    missed = float(person.sum()) - both
    return np.array([both, whole - both, missed, float(all_s.sum()) - whole - missed])


def _matthews(tables: Floats) -> Floats:
    """Return the Matthews correlation of each row of four parts; -1 where it has none, so that it is never chosen."""
    both, extra, missed, neither = tables.T
    product = (both + extra) * (both + missed) * (neither + extra) * (neither + missed)
    root = np.sqrt(np.maximum(product, 0.0))
    return np.asarray(np.where(root > 1e-9, (both * neither - extra * missed) / np.maximum(root, 1e-9), -1.0))


def _weighed(trials: Sequence[CalibrationTrial], behaviour: str) -> list[tuple[Floats, Floats, Floats]]:
    """Return activity, and weight in the behaviour and outside it, of the samples that count."""
    seconds = [_seconds(trial, behaviour) for trial in trials]
    total = {trial.animal: 0.0 for trial in trials}
    for trial, (_, all_s) in zip(trials, seconds, strict=True):
        total[trial.animal] += float(all_s.sum())
    return [
        (
            trial.motion.activity[all_s > 0],
            ours[all_s > 0] / total[trial.animal],
            (all_s - ours)[all_s > 0] / total[trial.animal],
        )
        for trial, (ours, all_s) in zip(trials, seconds, strict=True)
    ]


def _rate(part: Floats) -> Floats:
    return np.asarray(np.cumsum(part) / max(float(part.sum()), 1e-12))
