"""Checks of completeness: every coded animal has its trials, and every trial its number or a reason."""

from __future__ import annotations

from collections.abc import Iterable

from littermate.checks.facts import StudyFacts, listed
from littermate.checks.rule import Remarks, check
from littermate.model.measurement import Measurement

__all__ = ["measurement_missing", "trial_cut_short", "trial_missing"]


@check("trial-missing", "warning")
def trial_missing(facts: StudyFacts) -> Remarks:
    """A coded animal has no trial of a planned assay.

    An animal that goes missing without a word can bias the result. Add its recording, or exclude it and say why.
    """
    for assay in facts.protocol.assays:
        done = {trial.code for trial in facts.trials if trial.assay == assay.name}
        absent = sorted({tag.code for tag in facts.tags} - done - facts.excluded())
        if absent:
            yield (
                assay.name,
                f"{_how_many(absent, facts)}: {listed(absent)}; add recordings, or exclude and say why",
            )


def _how_many(absent: list[str], facts: StudyFacts) -> str:
    return f"no trial of {len(absent)} of {len(facts.tags)} animals"


@check("measurement-missing", "warning")
def measurement_missing(facts: StudyFacts) -> Remarks:
    """A coded animal has no value of an outcome.

    The reason stands beside it where there is one; a missing value is never zero and is left out of the analysis.
    Measure it, or exclude the animal from this outcome and say why.
    """
    for outcome in facts.protocol.outcomes:
        measured = facts.measured(outcome.name)
        left_out = facts.excluded(outcome.name)
        yield from ((outcome.name, text) for text in _reasons(one for one in measured if one.code not in left_out))
        absent = sorted({tag.code for tag in facts.tags} - {one.code for one in measured} - left_out)
        if absent:
            yield (
                outcome.name,
                f"never measured in {len(absent)} of {len(facts.tags)} animals: {listed(absent)}; measure or exclude",
            )


def _reasons(measured: Iterable[Measurement]) -> list[str]:
    return [f"no value of {one.code}: {one.reason}" for one in measured if one.value is None]


@check("trial-cut-short", "warning")
def trial_cut_short(facts: StudyFacts) -> Remarks:
    """A trial ended before its scored window did.

    Its times have a smaller denominator than the others'. Compare percentages, not seconds, and tell the reader; or
    exclude the trial by a rule of the plan.
    """
    lengths = {recording.sha256: (recording.duration_s, 1 / recording.fps_median) for recording in facts.recordings}
    windows = {assay.name: assay.window_s for assay in facts.protocol.assays}
    for trial in facts.trials:
        if trial.sha256 not in lengths or trial.assay not in windows:
            continue
        duration_s, frame_s = lengths[trial.sha256]
        start_s, stop_s = windows[trial.assay]
        if trial.t0_s + stop_s > duration_s + frame_s:
            there_s = max(0.0, duration_s - trial.t0_s - start_s)
            yield (
                f"{trial.assay} of {trial.code}",
                f"{there_s:.1f} s of the window's {stop_s - start_s:.1f} s are there",
            )
    for one in facts.measurements:
        if "cut short" in one.flags:
            yield f"{one.outcome} of {one.code}", f"from a trial cut short ({one.source.place})"
