"""Field command: one recording of an open field test, tracked and scored."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer

from littermate.cli.arguments import corners as read_corners
from littermate.cli.json_output import field_json, recording_json
from littermate.cli.options import T0, Figure, Json, Overlay, TrackFile
from littermate.cli.printing import Bars, VideoBar, print_findings, print_json, print_rules, print_table
from littermate.errors import UsageError
from littermate.files import written_whole
from littermate.model.track import STATES
from littermate.single.field import FieldTrial, picture_of_field, score_field, write_field_overlay
from littermate.single.picture import save
from littermate.units import parse_quantity

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(field)


def field(
    video: Path,
    size: Annotated[str, typer.Option(help="Inner side of the square floor, for example 50cm.")],
    corners: Annotated[str | None, typer.Option(help="Floor corners in px: x1,y1,...,x4,y4 from upper left.")] = None,
    grid: Annotated[int, typer.Option(min=1, max=50, help="Cells along one side.")] = 6,
    t0: T0 = 0.0,
    duration: Annotated[float | None, typer.Option(help="Length of the trial, s; to the end by default.")] = None,
    track: TrackFile = None,
    overlay: Overlay = None,
    figure: Figure = None,
    json: Json = False,
) -> None:
    """Track the animal in a recording of an open field test and score its path."""
    floor = read_corners(corners) if corners else None
    side_cm = parse_quantity(size, "cm")
    if not side_cm > 0:
        raise UsageError(expected="a floor with a side above 0 cm", found=size, do="give --size, for example 50cm")
    with Bars() as bars:
        trial = score_field(
            video,
            size_cm=side_cm,
            grid=grid,
            corners_px=floor,
            t0_s=t0,
            duration_s=duration,
            on_frame=VideoBar(bars, "tracking (s of video)", None if duration is None else t0 + duration),
        )
        if overlay:
            write_field_overlay(trial, overlay, on_frame=VideoBar(bars, "writing overlay (s)", None))
    if track:
        write_track_csv(track, trial)
    if figure:
        save(picture_of_field(trial, title=video.name), figure)
    if json:
        return print_json(
            trial.rules, trial.findings, recording=recording_json(trial.recording), trials=[field_json(trial)]
        )
    score = trial.score
    print_table(
        f"{video.name}, floor {side_cm:g} cm, {grid} x {grid}",
        ("measure", "value"),
        [
            ("distance (cm)", score.distance_cm),
            ("lines crossed", score.lines_crossed),
            ("squares entered", score.squares_entered),
            ("mean speed (cm/s)", score.mean_speed_cm_s),
            ("scorable (s)", score.scorable_s),
            ("missing (s)", score.missing_s),
        ],
    )
    print_table(
        "zones",
        ("zone", "time (s)", "% of time", "% of floor", "entries", "latency (s)", "distance (cm)"),
        [
            (zone.name, zone.time_s, zone.percent, zone.area_percent, zone.entries, zone.latency_s, zone.distance_cm)
            for zone in score.zones
        ],
    )
    print_findings(trial.findings)
    print_rules(trial.rules)
    return None


def write_track_csv(path: Path, trial: FieldTrial) -> None:
    """Write the track: t_s, x_px, y_px, x_cm, y_cm, state; empty where missing."""
    track = trial.tracked.track
    xy_cm = trial.arena.to_cm(track.xy_px)
    with written_whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["t_s", "x_px", "y_px", "x_cm", "y_cm", "state"])
        for t, px, cm, state in zip(track.t_s, track.xy_px, xy_cm, track.state, strict=True):
            cells = ["" if value != value else repr(float(value)) for value in (*px, *cm)]
            writer.writerow([repr(float(t)), *cells, STATES[state]])
