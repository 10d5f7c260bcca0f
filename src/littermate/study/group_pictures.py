"""Group pictures: what the groups did over time and where they were, drawn once the study is unblinded.

They are of the program's bouts and tracks. Animals that are excluded from an assay are not in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from littermate.assays.open_field import OpenFieldRules
from littermate.assays.path import stretches
from littermate.assays.time_bins import bin_edges, distance_in_bins, time_share_in_bins
from littermate.model.arena import Arena
from littermate.model.bout import DetectedBout, ScoredBout
from littermate.model.protocol import AssayPlan
from littermate.model.track import Track
from littermate.model.trial import Trial
from littermate.report.content import Picture
from littermate.report.field_figure import draw_group_maps, floor_map
from littermate.report.time_course_figure import TimeCourse, draw_time_course
from littermate.single.picture import as_png
from littermate.store.tracks import StoredMotion, StoredTrack
from littermate.study.record import StudyRecord
from littermate.study.trial_sources import Traces

__all__ = ["group_pictures"]

_CENTIMETRES = Arena(corners_px=((0, 0), (1, 0), (1, 1), (0, 1)), width_cm=1, height_cm=1)
"""The map of what is in cm already: a stored track is."""
_CELLS = 24
_DPI = 150

Floats = NDArray[np.float64]
Groups = Mapping[str, Sequence[Trial]]


def group_pictures(study: StudyRecord, traces: Traces) -> Iterator[Picture]:
    """Give, for every assay, the time course of what was measured, and a map of the time on an open field's floor."""
    for plan in study.protocol.assays:
        groups = _groups(study, plan, traces)
        if not groups:
            continue
        for course in _courses(study, plan, traces, groups):
            width = course.edges_s[1] - course.edges_s[0]
            caption = f"{plan.name}: {course.name[:1].lower()}{course.name[1:]}, every {width:g} s, by the program."
            words = f"{caption} Thin lines are animals, points are means ± SEM."
            png = as_png(draw_time_course(course), dpi=_DPI)
            yield Picture(title="Time course by group", caption=words, code="", png=png)
        if plan.kind == "open field" and plan.size_cm is not None:
            words = f"{plan.name}: mean time per area of each group, seen from above."
            png = as_png(_maps(plan.size_cm, traces, groups), dpi=_DPI)
            yield Picture(title="Heat maps by group", caption=words, code="", png=png)


def _groups(study: StudyRecord, plan: AssayPlan, traces: Traces) -> Groups:
    """Return the trials of each group that has any, in the order of the design: one an animal, its newest."""
    animals = {tag.code: tag.animal for tag in study.tags}
    cells = {one.animal: one.cell for one in study.allocation.assignments}
    out = _left_out(study, plan)
    groups: dict[str, list[Trial]] = {" + ".join(cell): [] for cell in study.protocol.design.cells}
    newest = {trial.code: trial for trial in study.trials if trial.assay == plan.name and trial.id in traces}
    for trial in newest.values():
        cell = cells.get(animals.get(trial.code, ""))
        if cell is not None and trial.code not in out:
            groups[" + ".join(cell)].append(trial)
    return {label: trials for label, trials in groups.items() if trials}


def _left_out(study: StudyRecord, plan: AssayPlan) -> set[str]:
    """Return the codes that are excluded from every outcome of an assay."""
    outcomes = {one.name for one in study.protocol.outcomes if one.assay == plan.name}
    excluded: dict[str, set[str]] = {}
    for one in study.database.exclusions():
        excluded.setdefault(one.code, set()).update(outcomes if not one.outcome else {one.outcome})
    return {code for code, of in excluded.items() if outcomes and outcomes <= of}


def _courses(study: StudyRecord, plan: AssayPlan, traces: Traces, groups: Groups) -> Iterator[TimeCourse]:
    """Give the share of time of each behaviour that the program detects, and the distance along tracks."""
    edges = bin_edges(plan.window_s)
    motions = {name: trace.motion for name, trace in traces.items() if isinstance(trace, StoredMotion)}
    for behaviour in sorted(study.database.detected_behaviours(plan.name)):
        shares = {
            trial.id: time_share_in_bins(motions[trial.id], _spans(study.database.bouts(trial.id), behaviour), edges)
            for trials in groups.values()
            for trial in trials
            if trial.id in motions
        }
        name = f"{behaviour[:1].upper()}{behaviour[1:]} (% of the time seen)"
        yield from _course(name, edges, groups, shares)
    tracks = {name: trace for name, trace in traces.items() if isinstance(trace, StoredTrack)}
    lengths = {
        trial.id: _distance(tracks[trial.id], edges)
        for trials in groups.values()
        for trial in trials
        if trial.id in tracks
    }
    yield from _course("Distance (cm a bin)", edges, groups, lengths)


def _course(name: str, edges: Floats, groups: Groups, values: Mapping[str, Floats]) -> Iterator[TimeCourse]:
    """Put values by trial into their groups; groups without any are left out, and nothing is given where all are."""
    mine = {label: [values[trial.id] for trial in trials if trial.id in values] for label, trials in groups.items()}
    found = tuple((label, np.stack(rows)) for label, rows in mine.items() if rows)
    if found:
        yield TimeCourse(name=name, edges_s=edges, groups=found)


def _spans(bouts: Iterable[DetectedBout | ScoredBout], behaviour: str) -> list[tuple[float, float]]:
    return [(one.start_s, one.stop_s) for one in bouts if one.behaviour == behaviour]


def _distance(trace: StoredTrack, edges: Floats) -> Floats:
    """Return the length of the path in each bin by the open field's rules."""
    rules = OpenFieldRules()
    parts = stretches(
        Track(t_s=trace.track.t_s, xy_px=trace.xy_cm, state=trace.track.state),
        _CENTIMETRES,
        stop_s=float(edges[-1]),
        max_gap_s=rules.max_gap_s,
        smooth_s=rules.smooth_s,
        step_cm=rules.step_cm,
    )
    return distance_in_bins(parts, edges)


def _maps(side_cm: float, traces: Traces, groups: Groups) -> Figure:
    """Draw the mean map of each group's tracks."""
    found = []
    for label, trials in groups.items():
        tracks = [trace for trial in trials if isinstance(trace := traces[trial.id], StoredTrack)]
        maps = [floor_map(one.track.t_s, one.xy_cm, (side_cm, side_cm), cells=_CELLS) for one in tracks]
        if maps:
            found.append((label, maps))
    return draw_group_maps(found, side_cm)
