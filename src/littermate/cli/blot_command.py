"""Blot command: lanes and bands of one blot image, measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from littermate.blots.linear_range import read_dilution_series
from littermate.cli.blot_ratio import linear_range_json, print_series, show_pair
from littermate.cli.json_output import image_json, lanes_json
from littermate.cli.options import Figure, Json
from littermate.cli.printing import print_findings, print_json, print_rules, print_table
from littermate.errors import UsageError
from littermate.single.blot import (
    BlotPairJob,
    measure_blot,
    picture_of_blot,
    picture_of_series,
    series_of_blot,
)
from littermate.single.blot_signs import series_findings
from littermate.single.picture import save

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(blot)


def blot(
    image: Path,
    lanes: Annotated[int | None, typer.Option(min=1, help="Number of lanes; found automatically otherwise.")] = None,
    ladder: Annotated[
        str | None, typer.Option(help="Lane and weights of the ladder: 1:250,150,100,75,50,37,25")
    ] = None,
    polarity: Annotated[str, typer.Option(help="auto, bright (high = signal) or dark.")] = "auto",
    relative_to: Annotated[
        Path | None, typer.Option(help="Image of the loading control of the same lanes: a ratio a lane.")
    ] = None,
    control_kind: Annotated[
        str, typer.Option(help="band, or total: the image of --relative-to shows all protein of the lanes.")
    ] = "band",
    inter_blot: Annotated[str, typer.Option(help="Lanes of the inter-blot control: 1,18")] = "",
    dilution_series: Annotated[
        str, typer.Option(help="Lanes of a dilution series with the amount on each: 3:1,4:0.5,5:0.25")
    ] = "",
    figure: Figure = None,
    json: Json = False,
) -> None:
    """Find lanes and bands in a blot image and measure their volumes; with --relative-to, one ratio a lane."""
    series = read_dilution_series(dilution_series) if dilution_series else ()
    if relative_to is not None:
        job = _pair(image, relative_to, lanes, control_kind, _lane_numbers(inter_blot))
        return show_pair(replace(job, series=series), figure=figure, json=json)
    result = measure_blot(image, n_lanes=lanes, ladder=ladder, polarity=polarity)
    found = series_of_blot(result, series, name=image.name) if series else None
    if figure:
        save(picture_of_blot(result, title=image.name) if found is None else picture_of_series(result, found), figure)
    findings = (*result.findings, *(() if found is None else series_findings(found, result.blot.path)))
    if json:
        more = {} if found is None else {"linear_range": linear_range_json(found)}
        return print_json(result.rules, findings, image=image_json(result), lanes=lanes_json(result), **more)
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
    if found is not None:
        print_series(found)
    print_findings(findings)
    print_rules(result.rules)
    return None


def _pair(image: Path, control: Path, lanes: int | None, control_kind: str, inter_blot: tuple[int, ...]) -> BlotPairJob:
    if lanes is None:
        raise UsageError(
            expected="the number of lanes, the same in both images", found="none", do="add --lanes, for example 16"
        )
    if control_kind not in ("band", "total"):
        raise UsageError(expected="--control-kind band or total", found=control_kind, do="choose one of the two")
    return BlotPairJob(
        target=str(image),
        control=str(control),
        measure=f"{image.stem}/{control.stem}",
        lanes=lanes,
        inter_blot=inter_blot,
        control_kind=control_kind,
    )


def _lane_numbers(text: str) -> tuple[int, ...]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    if not all(word.isdigit() for word in words):
        raise UsageError(expected="lanes as 1,18", found=text, do="correct --inter-blot")
    return tuple(int(word) for word in words)
