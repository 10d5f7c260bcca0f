"""File commands: one file in, one result out; no study is needed, and none can be reached."""

from __future__ import annotations

import csv
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from littermate.cli.json_output import (
    analysis_json,
    field_json,
    image_json,
    lanes_json,
    plate_json,
    record_json,
    recording_json,
    swim_json,
)
from littermate.cli.printing import Bars, print_findings, print_json, print_rules, print_table
from littermate.errors import UsageError
from littermate.files import written_whole
from littermate.model.track import STATES
from littermate.single.blot import measure_blot, picture_of_blot
from littermate.single.field import FieldTrial, picture_of_field, score_field
from littermate.single.picture import figure_kind, save
from littermate.single.plate import measure_plate, picture_of_plate
from littermate.single.swim import SwimTrial, picture_of_swim, score_swim
from littermate.single.table import analysis_findings, analysis_rules, fit_table, picture_of_anova
from littermate.units import parse_quantity

__all__ = ["register"]

Json = Annotated[bool, typer.Option("--json", help="Print raw numbers as one JSON object.")]


def _drawable(figure: Path | None) -> Path | None:
    """Refuse a figure of an unknown kind before anything is measured or written."""
    if figure is not None:
        figure_kind(figure)
    return figure


Figure = Annotated[
    Path | None,
    typer.Option("--figure", help="Write a picture of the result (PNG, SVG or PDF).", callback=_drawable),
]
T0 = Annotated[float, typer.Option("--t0", help="When the trial starts in the recording, s.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the program."""
    for command in (swim, field, blot, plate, anova):
        app.command()(command)


def numbers(text: str, count: int, what: str) -> tuple[float, ...]:
    """Read `count` numbers with commas between them.

    Examples
    --------
    >>> numbers("120,360", 2, "a window")
    (120.0, 360.0)
    """
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if len(found) != count:
        raise UsageError(
            expected=f"{what}: {count} numbers with commas", found=repr(text), do="write them without units"
        )
    return found


def swim(
    video: Path,
    arena: Annotated[list[str] | None, typer.Option(help="Beaker in px, x,y,w,h; repeat for several beakers.")] = None,
    t0: T0 = 0.0,
    window: Annotated[str, typer.Option(help="Scored part on the trial clock, s.")] = "120,360",
    figure: Figure = None,
    json: Json = False,
) -> None:
    """Score immobility in a recording of a forced swim test."""
    start, stop = numbers(window, 2, "--window")
    boxes = [_box(text) for text in arena] if arena else [None]
    trials = []
    with Bars() as bars:
        for number, box in enumerate(boxes, 1):
            stage = "measuring motion (s)" if len(boxes) == 1 else f"beaker {number} (s)"
            trials.append(
                score_swim(
                    video,
                    window_s=(start, stop),
                    t0_s=t0,
                    arena_px=box,
                    on_time=partial(_show_time, bars, stage, t0 + stop),
                )
            )
    findings = [finding for trial in trials for finding in trial.findings]
    for number, trial in enumerate(trials, 1):
        if figure:
            save(picture_of_swim(trial), _numbered(figure, number, len(trials)))
    if json:
        recording, content = recording_json(trials[0].recording), [swim_json(trial) for trial in trials]
        return print_json(trials[0].rules, findings, recording=recording, trials=content)
    for trial in trials:
        print_table(f"{video.name}, {start:g}-{stop:g} s from t0 = {t0:g} s", ("measure", "value"), swim_rows(trial))
    print_findings(findings)
    print_rules(trials[0].rules)
    return None


def _box(text: str) -> tuple[int, int, int, int]:
    left, top, width, height = (round(one) for one in numbers(text, 4, "--arena"))
    return left, top, width, height


def _show_time(bars: Bars, stage: str, until_s: float | None, t_s: float) -> None:
    bars(stage, t_s if until_s is None else min(t_s, until_s), until_s)


def swim_rows(trial: SwimTrial) -> list[tuple[str, object]]:
    """Return the table of a scored forced swim trial."""
    score = trial.score
    censored = ", never immobile: censored" if score.latency_censored else ""
    return [
        ("immobility (s)", score.immobility_s),
        ("immobility (% of scorable time)", score.immobility_percent),
        ("latency (s from t0" + censored + ")", score.latency_s),
        ("bouts", len(score.bouts)),
        ("longest bout (s)", score.longest_bout_s),
        ("scorable (s)", score.scorable_s),
        ("missing (s)", score.missing_s),
    ]


def field(
    video: Path,
    size: Annotated[str, typer.Option(help="Inner side of the square floor, for example 50cm.")],
    corners: Annotated[str | None, typer.Option(help="Floor corners in px: x1,y1,...,x4,y4 from upper left.")] = None,
    grid: Annotated[int, typer.Option(min=1, max=50, help="Cells along one side.")] = 6,
    t0: T0 = 0.0,
    duration: Annotated[float | None, typer.Option(help="Length of the trial, s; to the end by default.")] = None,
    track: Annotated[Path | None, typer.Option(help="Write the track as CSV.")] = None,
    figure: Figure = None,
    json: Json = False,
) -> None:
    """Track the animal in a recording of an open field test and score its path."""
    points = numbers(corners, 8, "--corners") if corners else None
    side_cm = parse_quantity(size, "cm")
    if not side_cm > 0:
        raise UsageError(expected="a floor with a side above 0 cm", found=size, do="give --size, for example 50cm")
    with Bars() as bars:
        trial = score_field(
            video,
            size_cm=side_cm,
            grid=grid,
            corners_px=None if points is None else tuple(zip(points[::2], points[1::2], strict=True)),  # type: ignore[arg-type]
            t0_s=t0,
            duration_s=duration,
            on_time=partial(_show_time, bars, "tracking (s of video)", None),
        )
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


def blot(
    image: Path,
    lanes: Annotated[int | None, typer.Option(min=1, help="Number of lanes; found automatically otherwise.")] = None,
    ladder: Annotated[
        str | None, typer.Option(help="Lane and weights of the ladder: 1:250,150,100,75,50,37,25")
    ] = None,
    polarity: Annotated[str, typer.Option(help="auto, bright (high = signal) or dark.")] = "auto",
    figure: Figure = None,
    json: Json = False,
) -> None:
    """Find lanes and bands in a blot image and measure their volumes."""
    result = measure_blot(image, n_lanes=lanes, ladder=ladder, polarity=polarity)
    if figure:
        save(picture_of_blot(result, title=image.name), figure)
    if json:
        return print_json(result.rules, result.findings, image=image_json(result), lanes=lanes_json(result))
    print_table(
        f"{image.name}: {result.blot.shape}, {result.blot.dtype}, {result.blot.polarity} = signal",
        ("lane", "centre (px)", "band at row", "volume", "background", "saturated", "kDa"),
        [
            (
                lane.index,
                lane.centre_px,
                band.row_px,
                band.volume,
                band.background,
                "yes" if band.saturated else "",
                band.mw_kda,
            )
            for lane in result.lanes
            for band in lane.bands
        ],
    )
    print_findings(result.findings)
    print_rules(result.rules)
    return None


def plate(
    file: Path,
    kind: Annotated[str, typer.Option(help="bca or elisa.")],
    curve: Annotated[str | None, typer.Option(help="linear, quadratic, 4pl or 5pl.")] = None,
    layout: Annotated[Path | None, typer.Option(help="What is in each well (CSV), for a grid of absorbances.")] = None,
    figure: Figure = None,
    json: Json = False,
) -> None:
    """Fit the standard curve of a plate and read its samples from it."""
    results = measure_plate(file, kind=kind, curve=curve, layout=layout)
    findings = [finding for result in results for finding in result.findings]
    for number, result in enumerate(results, 1):
        if figure:
            save(picture_of_plate(result), _numbered(figure, number, len(results)))
    if json:
        recovery = [record_json(one) for result in results for one in result.recovery]
        plates = [plate_json(result) for result in results]
        return print_json(results[0].rules, findings, plates=plates, recovery=recovery)
    for result in results:
        fitted = result.result.curve
        print_table(
            f"{result.result.plate.name}: {fitted.model}, R2 = {fitted.r_squared:.5f}",
            ("sample", "wells", "signal", "concentration", "unit", "CV %", "remark"),
            [
                (
                    one.name + (" + spike" if one.spiked else ""),
                    ", ".join(one.wells),
                    one.signal,
                    one.concentration,
                    one.unit,
                    one.cv_percent,
                    one.reason,
                )
                for one in result.result.samples
            ],
        )
        if result.recovery:
            print_table(
                "percent recovery",
                ("sample", "%", "remark"),
                [(one.sample, one.percent, one.flag or one.reason) for one in result.recovery],
            )
    print_findings(findings)
    print_rules(results[0].rules)
    return None


def anova(
    table: Path,
    formula: Annotated[str, typer.Argument(help="As in R: 'y ~ a * b'.")],
    type: Annotated[int, typer.Option(min=1, max=3, help="Sums of squares: 1, 2 or 3.")] = 3,  # noqa: A002
    figure: Figure = None,
    json: Json = False,
) -> None:
    """Fit a factorial ANOVA to a CSV table."""
    analysis = fit_table(table, formula, type=type)
    if figure:
        save(picture_of_anova(analysis), figure)
    findings = analysis_findings(analysis)
    if json:
        return print_json(analysis_rules(analysis), findings, **analysis_json(analysis))
    print_table(
        f"{analysis.plan.formula}, type {analysis.plan.type} sums of squares, n = {analysis.n}",
        ("effect", "df", "df error", "SS", "F", "P", "partial eta2", "90 % CI"),
        [
            (
                one.term,
                one.df,
                one.df_error,
                one.ss,
                one.f,
                one.p,
                one.partial_eta_squared,
                _interval(one.partial_eta_squared_ci90),
            )
            for one in analysis.effects
        ],
    )
    print_table(
        "groups",
        ("group", "n", "mean", "SD", "SEM"),
        [(", ".join(level for _, level in one.levels), one.n, one.mean, one.sd, one.sem) for one in analysis.groups],
    )
    print_table(
        "differences (unadjusted)",
        ("difference", "estimate", "95 % CI", "P", "Hedges g", "95 % CI"),
        [
            (one.label, one.estimate, _interval(one.ci95), one.p, one.hedges_g, _interval(one.hedges_g_ci95))
            for one in analysis.differences
        ],
    )
    for check in analysis.assumptions:
        print_table(check.name, ("statistic", "P", "says"), [(check.statistic, check.p, check.says)])
    print_findings(findings)
    print_rules(analysis_rules(analysis))
    return None


def _interval(limits: tuple[float, float]) -> str:
    return f"{limits[0]:.3g} to {limits[1]:.3g}"


def _numbered(path: Path, number: int, count: int) -> Path:
    return path if count == 1 else path.with_stem(f"{path.stem}-{number}")
