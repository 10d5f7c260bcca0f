"""Blot command: lanes and bands of one blot image, measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from littermate.blots.linear_range import read_dilution_series
from littermate.blots.recipe_file import read_recipe, write_recipe
from littermate.blots.rules import BandRules, BlotRules
from littermate.cli.blot_ratio import linear_range_json, print_series, show_pair
from littermate.cli.json_output import image_json, lanes_json
from littermate.cli.options import Figure, Json, Uncropped, rows_of
from littermate.cli.printing import print_findings, print_json, print_rules, print_table
from littermate.errors import UsageError
from littermate.single.blot import (
    BlotPairJob,
    measure_blot,
    measure_recipe,
    picture_of_blot,
    picture_of_series,
    series_of_blot,
    uncropped_blot,
)
from littermate.single.blot_signs import series_findings
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
    uncropped: Uncropped = None,
    labels: Annotated[str | None, typer.Option(help="Labels of the lanes for --uncropped: control,A7K,...")] = None,
    crop: Annotated[str | None, typer.Option(help="Rows that the paper shows, for --uncropped: 120:180")] = None,
    json: Json = False,
) -> None:
    """Find lanes and bands in a blot image and measure their volumes; with --relative-to, one ratio a lane."""
    series = read_dilution_series(dilution_series) if dilution_series else ()
    choices = _choices(ladder=ladder, polarity=polarity, background=background, overlap=overlap, ladder_fit=ladder_fit)
    if relative_to is not None:
        files = {"--recipe": recipe, "--save-recipe": save_recipe, "--uncropped": uncropped}
        _require_none("--relative-to without these", [*choices, *(word for word, path in files.items() if path)])
        job = _pair(image, relative_to, lanes, control_kind, _lane_numbers(inter_blot))
        return show_pair(replace(job, series=series), figure=figure, json=json)
    _require_its_use(
        {"--control-kind": control_kind != "band", "--inter-blot": bool(inter_blot)}, "--relative-to IMAGE"
    )
    if uncropped is None:
        _require_its_use({"--labels": labels is not None, "--crop": crop is not None}, "--uncropped FILE")
    rows = rows_of(crop)
    if recipe is None:
        rules = BlotRules(bands=BandRules(background=background, overlap=overlap, ladder=ladder_fit))
        result = measure_blot(image, n_lanes=lanes, ladder=ladder, polarity=polarity, rules=rules)
    else:
        _require_none(
            "--recipe alone: it has all choices in it", [*choices, *(["--lanes"] if lanes is not None else [])]
        )
        result = measure_recipe(image, read_recipe(recipe), other_image=other_image)
    if save_recipe:
        write_recipe(save_recipe, result.recipe)
    found = series_of_blot(result, series, name=image.name) if series else None
    if figure:
        save(picture_of_blot(result, title=image.name) if found is None else picture_of_series(result, found), figure)
    if uncropped:
        names = None if labels is None else labels.split(",")
        marks = None if ladder is None else int(ladder.partition(":")[0])
        save(uncropped_blot(result, labels=names, crop_rows=rows, ladder_lane=marks, title=image.name), uncropped)
    findings = (*result.findings, *(() if found is None else series_findings(found, result.blot.path)))
    if json:
        more = {} if found is None else {"linear_range": linear_range_json(found)}
        return print_json(result.rules, findings, image=image_json(result), lanes=lanes_json(result), **more)
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
    if found is not None:
        print_series(found)
    print_findings(findings)
    print_rules(result.rules)
    return None


def _choices(*, ladder: str | None, polarity: str, background: str, overlap: str, ladder_fit: str) -> list[str]:
    """Return the options by which one image is measured otherwise than by default."""
    said = {
        "--ladder": ladder is not None,
        "--polarity": polarity != "auto",
        "--background": background != BandRules().background,
        "--ladder-fit": ladder_fit != BandRules().ladder,
        "--overlap": overlap != BandRules().overlap,
    }
    return [option for option, given in said.items() if given]


def _require_its_use(given: dict[str, bool], needed: str) -> None:
    """Refuse options that would do nothing without another one."""
    if idle := [option for option, said in given.items() if said]:
        raise UsageError(expected=f"{needed} with {', '.join(idle)}", found="none", do=f"add {needed}, or leave it out")


def _require_none(expected: str, given: list[str]) -> None:
    if given:
        raise UsageError(expected=expected, found=", ".join(given), do="leave them out, or give one image by itself")


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
