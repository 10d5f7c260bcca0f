"""Blot command: lanes and bands of one blot image, measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from littermate.cli.json_output import image_json, lanes_json
from littermate.cli.options import Figure, Json, Uncropped, rows_of
from littermate.cli.printing import print_findings, print_json, print_rules, print_table
from littermate.single.blot import measure_blot, picture_of_blot, uncropped_blot
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
    figure: Figure = None,
    uncropped: Uncropped = None,
    labels: Annotated[str | None, typer.Option(help="Labels of the lanes for --uncropped: control,A7K,...")] = None,
    crop: Annotated[str | None, typer.Option(help="Rows that the paper shows, for --uncropped: 120:180")] = None,
    json: Json = False,
) -> None:
    """Find lanes and bands in a blot image and measure their volumes."""
    rows = rows_of(crop)
    result = measure_blot(image, n_lanes=lanes, ladder=ladder, polarity=polarity)
    if figure:
        save(picture_of_blot(result, title=image.name), figure)
    if uncropped:
        names = None if labels is None else labels.split(",")
        marks = None if ladder is None else int(ladder.partition(":")[0])
        save(uncropped_blot(result, labels=names, crop_rows=rows, ladder_lane=marks, title=image.name), uncropped)
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
