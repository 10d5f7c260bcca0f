"""Blot command: lanes and bands of one blot image, measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from littermate.blots.recipe_file import read_recipe, write_recipe
from littermate.blots.rules import BandRules, BlotRules
from littermate.cli.json_output import image_json, lanes_json
from littermate.cli.options import Figure, Json, Uncropped, rows_of
from littermate.cli.printing import print_findings, print_json, print_rules, print_table
from littermate.errors import UsageError
from littermate.single.blot import measure_blot, measure_recipe, picture_of_blot, uncropped_blot
from littermate.single.picture import save

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(blot)


def blot(
    image: Path,
    lanes: Annotated[
        int | None, typer.Option(min=0, help="Number of lanes; found otherwise. 0: a person adds them to the recipe.")
    ] = None,
    ladder: Annotated[
        str | None,
        typer.Option(help="Lane and weights of the ladder: 1:250,150,100,75,50,37,25 (or 1:250@45,150@80: kDa@row)"),
    ] = None,
    ladder_fit: Annotated[str, typer.Option(help="point to point, or quadratic.")] = "point to point",
    polarity: Annotated[str, typer.Option(help="auto, bright (high = signal) or dark.")] = "auto",
    background: Annotated[str, typer.Option(help="Under the bands: line, local median or rolling ball.")] = "line",
    overlap: Annotated[str, typer.Option(help="Bands that run into one another: fit or valley.")] = "fit",
    recipe: Annotated[
        Path | None, typer.Option(help="Measure as this recipe says; it has all other choices in it.")
    ] = None,
    other_image: Annotated[
        bool, typer.Option("--other-image", help="The recipe may be of another image of the same membrane and size.")
    ] = False,
    save_recipe: Annotated[Path | None, typer.Option(help="Write the recipe that repeats the volumes (JSON).")] = None,
    figure: Figure = None,
    uncropped: Uncropped = None,
    labels: Annotated[str | None, typer.Option(help="Labels of the lanes for --uncropped: control,A7K,...")] = None,
    crop: Annotated[str | None, typer.Option(help="Rows that the paper shows, for --uncropped: 120:180")] = None,
    json: Json = False,
) -> None:
    """Find lanes and bands in a blot image and measure their volumes."""
    rows = rows_of(crop)
    if recipe is None:
        rules = BlotRules(bands=BandRules(background=background, overlap=overlap, ladder=ladder_fit))
        result = measure_blot(image, n_lanes=lanes, ladder=ladder, polarity=polarity, rules=rules)
    else:
        _require_recipe_alone(
            lanes=lanes, ladder=ladder, polarity=polarity, background=background, overlap=overlap, ladder_fit=ladder_fit
        )
        result = measure_recipe(image, read_recipe(recipe), other_image=other_image)
    if save_recipe:
        write_recipe(save_recipe, result.recipe)
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
        ("lane", "centre (px)", "band at row", "volume", "background", "saturated", "kDa", "notes"),
        [
            (
                lane.index,
                lane.centre_px,
                band.row_px,
                band.volume,
                band.background,
                "yes" if band.saturated else "",
                band.mw_kda,
                "; ".join(band.flags),
            )
            for lane in result.lanes
            for band in lane.bands
        ],
    )
    print_findings(result.findings)
    print_rules(result.rules)
    return None


def _require_recipe_alone(
    *, lanes: int | None, ladder: str | None, polarity: str, background: str, overlap: str, ladder_fit: str
) -> None:
    said = {
        "--lanes": lanes is not None,
        "--ladder": ladder is not None,
        "--polarity": polarity != "auto",
        "--background": background != BandRules().background,
        "--ladder-fit": ladder_fit != BandRules().ladder,
        "--overlap": overlap != BandRules().overlap,
    }
    both = [option for option, given in said.items() if given]
    if both:
        raise UsageError(
            expected="--recipe alone: it has all choices in it",
            found=", ".join(both),
            do="leave them out, or make a new recipe with --save-recipe",
        )
