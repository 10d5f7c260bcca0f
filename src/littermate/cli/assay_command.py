"""Assay command: one recording of any registered assay, scored; a new assay needs no line here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from littermate.cli.arguments import box, corners, numbers
from littermate.cli.json_output import recording_json
from littermate.cli.options import T0, Figure, Json, Overlay, numbered
from littermate.cli.printing import Bars, VideoBar, print_findings, print_json, print_rules, print_table
from littermate.errors import UsageError
from littermate.model.measurement import Reading
from littermate.model.placement import Box, Corners
from littermate.single.picture import save
from littermate.single.trial import TrialJob, TrialResult, assay_window, draw_trials, write_overlay
from littermate.units import parse_quantity

__all__ = ["register", "trial_json"]


def register(app: typer.Typer) -> None:
    """Add the command of this file to the program."""
    app.command()(trial)


def trial(
    video: Path,
    assay: Annotated[str, typer.Option(help="For example 'elevated plus maze' or 'tail suspension'.")],
    window: Annotated[str | None, typer.Option(help="Scored part on the trial clock, s: start,stop.")] = None,
    t0: T0 = 0.0,
    arena: Annotated[list[str] | None, typer.Option(help="Box in px, x,y,w,h; repeat for several animals.")] = None,
    corner: Annotated[
        list[str] | None,
        typer.Option("--corners", help="Four points in px, x1,y1,...,x4,y4; the assay says which. Repeat as --arena."),
    ] = None,
    size: Annotated[str | None, typer.Option(help="Size of the floor or of the maze from end to end: 65cm.")] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="A rule of the assay, name=value; repeat for several.")
    ] = None,
    overlay: Overlay = None,
    figure: Figure = None,
    json: Json = False,
) -> None:
    """Score a recording of any assay."""
    scored = numbers(window, 2, "--window") if window else assay_window(assay)
    job = TrialJob(
        kind=assay,
        path=str(video),
        window_s=(scored[0], scored[1]),
        t0_s=t0,
        size_cm=None if size is None else parse_quantity(size, "cm"),
        settings=tuple(_pair(text) for text in setting or ()),
        title=video.name,
    )
    jobs = _placed(job, arena or [], corner or [])
    with Bars() as bars:
        drawn = draw_trials(jobs, on_frame=VideoBar(bars, "reading (s of video)", t0 + scored[1]))
        results = [result for result, _ in drawn]
        for number, (_, draw) in enumerate(drawn, 1):
            if figure:
                save(draw(), numbered(figure, number, len(drawn)))
        if overlay:
            write_overlay(jobs, results, overlay, on_frame=VideoBar(bars, "overlay (s of video)", t0 + scored[1]))
    _show(jobs, results, json=json)


def _placed(job: TrialJob, arenas: list[str], points: list[str]) -> list[TrialJob]:
    """Return one job a place; with neither boxes nor points, one job for the whole picture."""
    if arenas and points and len(arenas) != len(points):
        raise UsageError(
            expected="as many --corners as --arena", found=f"{len(points)} and {len(arenas)}", do="give one of each"
        )
    count = max(len(arenas), len(points), 1)
    boxes: list[Box | None] = [box(text) for text in arenas] or [None] * count
    fours: list[Corners | None] = [corners(text) for text in points] or [None] * count
    return [replace(job, arena_px=one, corners_px=four) for one, four in zip(boxes, fours, strict=True)]


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name.strip() and equals):
        raise UsageError(expected="--set name=value", found=repr(text), do="write it with '='")
    return name.strip(), value.strip()


def _show(jobs: list[TrialJob], results: list[TrialResult], *, json: bool) -> None:
    first = results[0]
    findings = list(dict.fromkeys(finding for result in results for finding in result.findings))
    if json:
        trials = [trial_json(job, result) for job, result in zip(jobs, results, strict=True)]
        return print_json(first.rules, findings, recording=recording_json(first.recording), trials=trials)
    for number, result in enumerate(results, 1):
        which = f", animal {number}" if len(results) > 1 else ""
        print_table(
            f"{Path(result.recording.path).name}{which}: {jobs[0].kind}, {result.place}",
            ("measure", "value", "unit", "remark"),
            [(one.measure, one.value, one.unit, _remark(one)) for one in result.readings],
        )
    print_findings(findings)
    return print_rules(first.rules)


def _remark(reading: Reading) -> str:
    return "; ".join(part for part in (reading.reason, *reading.flags) if part)


def trial_json(job: TrialJob, result: TrialResult) -> Mapping[str, Any]:
    """Return one trial: where and when, its readings as a list and their values by name, and its bouts."""
    return {
        "assay": job.kind,
        "arena_px": job.arena_px,
        "corners_px": job.corners_px if result.arena is None else job.corners_px or result.arena.corners_px,
        "t0_s": job.t0_s,
        "window_s": job.window_s,
        **{one.measure: one.value for one in result.readings},
        "readings": [
            {"measure": one.measure, "value": one.value, "unit": one.unit, "reason": one.reason, "flags": one.flags}
            for one in result.readings
        ],
        "bouts": [(bout.start_s, bout.stop_s) for bout in result.bouts],
    }
