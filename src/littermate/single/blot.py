"""Blot: one membrane image, or a target's and its loading control's together, as found or as a person corrected it.

A correction says where a band is, never how much it is; see `littermate.model.blot_correction`. It does not change the
rule set: a corrected number is measured by the rules of all others, and its flags say that a person placed the box.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from littermate.blots.bands import quantify_image
from littermate.blots.boxes import measure_boxes
from littermate.blots.image import read_blot, see_blot
from littermate.blots.ladder import read_ladder, weigh_bands
from littermate.blots.lanes import find_lanes, spacing_error
from littermate.blots.loading import LaneRatio, ratio
from littermate.blots.recipe import apply_recipe, recipe_of, rules_of
from littermate.blots.rules import BlotRules
from littermate.blots.rules import rule_set as blot_rules
from littermate.blots.total_protein import lane_totals
from littermate.errors import DataError, ImageError, UsageError
from littermate.model.blot import Blot, Lane
from littermate.model.blot_correction import PLACED, BandPlace
from littermate.model.blot_recipe import BlotRecipe
from littermate.model.finding import Finding
from littermate.model.measurement import Reading
from littermate.model.rules import RuleSet
from littermate.single.blot_signs import (
    Series,
    outside_flags,
    ratio_findings,
    read_series,
    require_series,
    series_picture,
)
from littermate.single.picture import as_png

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "BlotPairJob",
    "BlotPairResult",
    "BlotPicture",
    "BlotTrial",
    "blot_picture",
    "measure_blot",
    "measure_pair",
    "measure_recipe",
    "picture_of_blot",
    "uncropped_blot",
    "uncropped_picture",
    "picture_of_series",
    "pictures_of_pair",
    "series_of_blot",
]

_PICTURE_PX = 1600
_UNEVEN = 0.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlotTrial:
    """One blot image, its lanes with their bands, the rules, what was noticed, and the recipe that repeats it."""

    blot: Blot
    lanes: tuple[Lane, ...]
    rules: RuleSet
    findings: tuple[Finding, ...]
    recipe: BlotRecipe


def measure_blot(
    path: str | Path,
    *,
    n_lanes: int | None = None,
    ladder: str | None = None,
    polarity: str = "auto",
    rules: BlotRules | None = None,
) -> BlotTrial:
    """Find the lanes and bands of a blot image.

    Parameters
    ----------
    path
        A TIFF or PNG file.
    n_lanes
        Number of lanes, found from the image where `None`; 0: none, and a person adds them to the recipe.
    ladder
        Lane and molecular weights (kDa, from the top) of the ladder, as ``"1:250,150,100,75,50,37,25"``.
    polarity
        ``"auto"``, ``"bright"`` (high = signal) or ``"dark"``.
    rules
        What counts as a lane and a band, and how it is summed.

    Raises
    ------
    ImageError
        If the file is no image that numbers can be taken from.
    """
    rules = rules or BlotRules()
    blot = read_blot(path, polarity=polarity)
    lanes = () if n_lanes == 0 else quantify_image(blot, n_lanes=n_lanes, rules=rules).lanes
    recipe = recipe_of(blot, lanes, rules, n_lanes=n_lanes, ladder=ladder if lanes else None)
    lanes = lanes if ladder is None or not lanes else weigh_bands(lanes, read_ladder(ladder), fit=rules.bands.ladder)
    findings = (*_blot_findings(blot, lanes), *(_lane_findings(blot, lanes) if n_lanes is None else ()))
    return BlotTrial(blot=blot, lanes=lanes, rules=blot_rules(rules), findings=findings, recipe=recipe)


def _lane_findings(blot: Blot, lanes: Sequence[Lane]) -> Iterator[Finding]:
    """Say where lanes that nobody counted are spaced so unevenly that their number may be wrong."""
    if spacing_error([lane.centre_px for lane in lanes]) > _UNEVEN:
        message = (
            f"the {len(lanes)} lanes that were found are unevenly spaced: one may be missing, or two taken for one;"
            " look at the picture (--figure), or give their number (--lanes)"
        )
        yield Finding(id="lanes-uneven", importance="warning", message=message, about=blot.path)


def measure_recipe(path: str | Path, recipe: BlotRecipe, *, other_image: bool = False) -> BlotTrial:
    """Measure a blot image as a recipe says: the same image gives the same volumes to the bit.

    Parameters
    ----------
    path
        A TIFF or PNG file.
    recipe
        As `measure_blot` gave it, or as a person corrected it.
    other_image
        Whether it may be of another image of the same size; it is then said in the findings.

    Raises
    ------
    DataError
        If the recipe is of another image, or asks for something that is not there (`apply_recipe` says when).
    """
    rules = rules_of(recipe)
    blot = read_blot(path, polarity=recipe.polarity)
    lanes = apply_recipe(blot, recipe, other_image=other_image)
    findings = (*_blot_findings(blot, lanes), *_recipe_findings(blot, recipe, lanes, blot_rules(rules)))
    return BlotTrial(blot=blot, lanes=lanes, rules=blot_rules(rules), findings=findings, recipe=recipe)


def _recipe_findings(blot: Blot, recipe: BlotRecipe, lanes: Iterable[Lane], rules: RuleSet) -> Iterator[Finding]:
    """Say where a recipe is not of this image or this program, and which lanes a person corrected."""
    if blot.sha256 != recipe.sha256:
        message = "measured with the recipe of another image: lanes and boxes were found there, not here"
        yield Finding(id="recipe-of-another-image", importance="warning", message=message, about=blot.path)
    if rules.hash != recipe.rules_hash:
        message = f"the recipe is of version {recipe.program}, whose rules had other words: numbers may differ"
        yield Finding(id="recipe-of-another-version", importance="warning", message=message, about=blot.path)
    placed = [str(lane.index) for lane in lanes if any(PLACED in flag for band in lane.bands for flag in band.flags)]
    if recipe.corrections:
        people = Counter(one.by or "a person without a name" for one in recipe.corrections)
        message = f"corrections: {', '.join(f'{count} by {who}' for who, count in sorted(people.items()))}"
        message += f"; placed bands on lanes {', '.join(placed)}" if placed else ""
        yield Finding(id="corrected-by-a-person", importance="note", message=message, about=blot.path)


def _blot_findings(blot: Blot, lanes: Iterable[Lane]) -> tuple[Finding, ...]:
    about = blot.path
    found = [Finding(id="image-quality", importance="warning", message=word, about=about) for word in blot.warnings]
    saturated = [str(lane.index) for lane in lanes if any(band.saturated for band in lane.bands)]
    if saturated:
        message = f"saturated bands on lanes {', '.join(saturated)}: their volumes are too small"
        found.append(Finding(id="saturated-band", importance="critical", message=message, about=about))
    elif blot.saturated_px:
        message = f"{blot.saturated_px} pixels at the clipping level {blot.saturation_level:g}"
        found.append(Finding(id="saturated-pixels", importance="warning", message=message, about=about))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlotPairJob:
    """A target's image and that of its loading control on the same membrane.

    `measure` names the ratio (``"BDNF/beta-actin"``), `lanes` is their number, `inter_blot` are the lanes of the
    inter-blot control, `skip` those without a sample, `series` the lanes of the dilution series with the amount on
    each. `control_kind` is ``"band"``, or ``"total"`` where the control's image shows all protein of the lane.
    `target_boxes` and `control_boxes` are where a person says the band is, on the lanes of either image that the
    program is not to place.
    """

    target: str
    control: str
    measure: str
    lanes: int
    inter_blot: tuple[int, ...] = ()
    skip: tuple[int, ...] = ()
    title: str = ""
    target_boxes: tuple[BandPlace, ...] = ()
    control_boxes: tuple[BandPlace, ...] = ()
    series: tuple[tuple[int, float], ...] = ()
    control_kind: str = "band"

    @property
    def samples(self) -> tuple[int, ...]:
        """The lanes of animals: all but the inter-blot control, the dilution series and those to skip."""
        others = {*self.inter_blot, *self.skip, *(lane for lane, _ in self.series)}
        return tuple(lane for lane in range(1, self.lanes + 1) if lane not in others)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlotPairResult:
    """Every lane's ratio as a reading, by lane number, the rules, what was noticed, and a picture.

    `target_lanes` and `control_lanes` are both images' lanes, all of them, each with the one band that was counted
    (of total protein: the whole lane). `ratios` are all lanes', `series` what the dilution series says of either image,
    and `series_picture` shows it; empty where there is no series. `polarities` are those with which the target's and
    the control's image were read. `recipes` repeat both images' volumes to the bit (of total protein there is none: the
    whole lane is summed).
    """

    readings: Mapping[int, Reading]
    rules: RuleSet
    findings: tuple[Finding, ...]
    picture: bytes
    target_lanes: tuple[Lane, ...]
    control_lanes: tuple[Lane, ...]
    ratios: tuple[LaneRatio, ...] = ()
    series: tuple[Series, ...] = ()
    series_picture: bytes = b""
    polarities: tuple[str, str] = ("auto", "auto")
    recipes: tuple[BlotRecipe, ...] = ()


def measure_pair(job: BlotPairJob) -> BlotPairResult:
    """Measure a target relative to its loading control, lane by lane: one band a lane in each image.

    A reading whose target or control a person placed is flagged ``"placed by a person"``, and which of them. Where that
    is a lane of the inter-blot control, all other lanes are flagged ``"inter-blot control placed by a person"``.

    Raises
    ------
    ImageError
        If a file is no image that numbers can be taken from, or shows no row of bands.
    DataError
        If a person's box cannot be measured (`measure_boxes` says when).
    """
    rules = BlotRules()
    target, target_lanes = _one_band_a_lane(job.target, job.lanes, job.target_boxes, rules)
    control, control_lanes = _control_lanes(job, rules)
    ratios = ratio(target_lanes, control_lanes, reference_lanes=job.inter_blot, rules=rules.loading)
    require_series(job.series, job.lanes, job.target)
    names = job.measure.partition("/")
    read = (
        read_series("target", names[0], target_lanes, job.series, rules.loading),
        read_series("control", names[2], control_lanes, job.series, rules.loading),
    )
    series = tuple(one for one in read if one is not None)
    unread = {*job.skip, *(lane for lane, _ in job.series)}
    readings = {
        one.lane: Reading(
            measure=job.measure, value=one.value, unit="ratio", reason=one.reason, flags=_ratio_flags(one, job, series)
        )
        for one in ratios
        if one.lane not in unread
    }
    from littermate.report.blot_figure import draw_blot

    figure = draw_blot(target.pixels, target_lanes, title=job.title)
    return BlotPairResult(
        readings=readings,
        rules=blot_rules(rules),
        findings=_blot_findings(target, target_lanes)
        + _blot_findings(control, control_lanes)
        + ratio_findings(ratios, job.samples, series, rules.loading, job.target),
        picture=as_png(figure),
        target_lanes=target_lanes,
        control_lanes=control_lanes,
        ratios=ratios,
        series=series,
        series_picture=_series_picture(job, series, {"target": target_lanes, "control": control_lanes}),
        polarities=(target.polarity, control.polarity),
        recipes=tuple(
            recipe_of(blot, lanes, rules, n_lanes=job.lanes)
            for blot, lanes in ((target, target_lanes), (control, control_lanes))
            if blot is target or job.control_kind != "total"
        ),
    )


def _control_lanes(job: BlotPairJob, rules: BlotRules) -> tuple[Blot, tuple[Lane, ...]]:
    if job.control_kind != "total":
        return _one_band_a_lane(job.control, job.lanes, job.control_boxes, rules)
    if job.control_boxes:
        raise DataError(
            expected="no box on an image of total protein: the whole lane is summed",
            found=f"a box on lane {job.control_boxes[0].lane}",
            do="take the box back",
            where=job.control,
        )
    blot = _total_protein(job.control, job.lanes, rules)
    return blot, lane_totals(blot, find_lanes(blot, n=job.lanes, rules=rules.lanes))


def _total_protein(path: str, lanes: int, rules: BlotRules) -> Blot:
    """Read an image whose lanes are stained from top to bottom.

    The gaps between such lanes stand out as the lanes do, so the polarity is asked of the number of lanes too.
    """
    blot = read_blot(path)
    if _counted(blot, rules) == lanes:
        return blot
    other = read_blot(path, polarity="dark" if blot.polarity == "bright" else "bright")
    if _counted(other, rules) != lanes:
        return blot
    return replace(other, warnings=(*other.warnings, f"{other.polarity} is signal: so the {lanes} lanes are seen"))


def _counted(blot: Blot, rules: BlotRules) -> int:
    try:
        return len(find_lanes(blot, rules=rules.lanes))
    except ImageError:
        return 0


def _series_picture(job: BlotPairJob, series: Iterable[Series], lanes: Mapping[str, tuple[Lane, ...]]) -> bytes:
    from littermate.report.linear_range_figure import draw_linear_ranges

    pictures = [series_picture(one, lanes[one.which], job.samples) for one in series]
    return as_png(draw_linear_ranges(pictures)) if pictures else b""


def _one_band_a_lane(
    path: str, lanes: int, boxes: tuple[BandPlace, ...], rules: BlotRules
) -> tuple[Blot, tuple[Lane, ...]]:
    blot = read_blot(path)
    found = find_lanes(blot, n=lanes, rules=rules.lanes)
    return blot, measure_boxes(blot, found, boxes, rules=rules.bands)


def _ratio_flags(one: LaneRatio, job: BlotPairJob, series: tuple[Series, ...]) -> tuple[str, ...]:
    """Say ``"saturated"`` and ``"placed by a person"`` where either band is, besides which of them."""
    either = [word for word in ("saturated", PLACED) if any(word in flag for flag in one.flags)]
    scale = {box.lane for box in (*job.target_boxes, *job.control_boxes)} & set(job.inter_blot)
    scaled = [f"inter-blot control {PLACED}"] if scale and not one.reference else []
    return (*either, *one.flags, *outside_flags(one, series), *scaled)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlotPicture:
    """A blot image to look at, never to measure.

    Parameters
    ----------
    png
        The bytes of an 8-bit grey PNG that holds pixels and nothing else: no name, no date, no tags of the imager.
    scale
        Px of the picture for one px of the image, 1 at most: a box of the image is drawn at `scale` times its numbers.
    image_px
        Width and height of the image, in which boxes are given.
    """

    png: bytes
    scale: float
    image_px: tuple[int, int]


def blot_picture(path: str | Path) -> BlotPicture:
    """Draw a blot image alone, uncropped, dark = signal, contrast stretched, at most 1600 px wide.

    A JPEG is shown too, though nothing is measured on one.

    Raises
    ------
    ImageError
        If the file is no image of a kind that is known here, or cannot be read whole.
    """
    from littermate.report.blot_figure import as_film

    shown = as_film(see_blot(path).pixels)
    rows, columns = shown.shape
    scale = min(1.0, _PICTURE_PX / columns)
    if scale < 1:
        size = (_PICTURE_PX, max(1, round(rows * scale)))
        shown = np.asarray(cv2.resize(shown, size, interpolation=cv2.INTER_AREA), np.float64)
    grey = np.rint(255 * (1 - shown)).astype(np.uint8)
    return BlotPicture(png=cv2.imencode(".png", grey)[1].tobytes(), scale=scale, image_px=(columns, rows))


def series_of_blot(trial: BlotTrial, series: Sequence[tuple[int, float]], *, name: str = "") -> Series:
    """Read the dilution series on one image: the strongest band of each of its lanes.

    Raises
    ------
    DataError
        If a lane of the series is not there, or too little of the series stands above background.
    """
    require_series(series, len(trial.lanes), trial.blot.path)
    found = read_series("target", name or Path(trial.blot.path).name, trial.lanes, series, BlotRules().loading)
    if found is None:
        raise UsageError(expected="the lanes of a dilution series", found="none", do="give --dilution-series")
    return found


def pictures_of_pair(job: BlotPairJob, result: BlotPairResult) -> tuple[Figure, ...]:
    """Draw both uncropped images with their lanes and bands, and the dilution series where there is one."""
    from littermate.report.blot_figure import draw_blot
    from littermate.report.linear_range_figure import draw_linear_ranges

    lanes = {"target": result.target_lanes, "control": result.control_lanes}
    images = [
        draw_blot(read_blot(path, polarity=polarity).pixels, shown, title=Path(path).name)
        for path, polarity, shown in zip((job.target, job.control), result.polarities, lanes.values(), strict=True)
    ]
    series = [series_picture(one, lanes[one.which], job.samples) for one in result.series]
    return (*images, *([draw_linear_ranges(series)] if series else []))


def picture_of_series(trial: BlotTrial, series: Series) -> Figure:
    """Draw the dilution series of one image."""
    from littermate.report.linear_range_figure import draw_linear_ranges

    return draw_linear_ranges([series_picture(series, trial.lanes, ())])


def picture_of_blot(trial: BlotTrial, *, title: str = "") -> Figure:
    """Draw the uncropped image with its lanes and bands, and the lanes' profiles."""
    from littermate.report.blot_figure import draw_blot

    return draw_blot(trial.blot.pixels, trial.lanes, title=title)


def uncropped_blot(
    trial: BlotTrial,
    *,
    labels: Sequence[str] | None = None,
    crop_rows: tuple[int, int] | None = None,
    ladder_lane: int | None = None,
    title: str = "",
) -> Figure:
    """Draw a blot for a paper's supplement: the strip that is shown, and the uncropped image with the crop marked.

    `labels` are one a lane; the bands on `ladder_lane` give the marks of molecular weight.

    Raises
    ------
    UsageError
        If there is not one label a lane, or the crop lies outside the image.
    """
    from littermate.report.blot_uncropped import draw_uncropped

    bands = [band for lane in trial.lanes if lane.index == ladder_lane for band in lane.bands]
    marks = [(float(f"{band.mw_kda:.3g}"), band.row_px) for band in bands if band.mw_kda is not None]
    return draw_uncropped(trial.blot.pixels, trial.lanes, labels=labels, crop_rows=crop_rows, kda=marks, title=title)


def uncropped_picture(
    path: str | Path, labels: Mapping[int, str], *, recipe: BlotRecipe | None = None, title: str = ""
) -> bytes:
    """Draw an uncropped blot with what is on its lanes, as a PNG.

    Lanes and polarity are those of the recipe that the image was measured with; without one (total protein) they are
    found as they are when lanes are summed whole.

    Raises
    ------
    ImageError
        If the file is no image that numbers can be taken from.
    DataError
        If the recipe is of another image.
    """
    from littermate.report.blot_uncropped import draw_uncropped

    rules, count = BlotRules(), max(labels)
    if recipe is None:
        blot = _total_protein(str(path), count, rules)
        lanes: Sequence[Lane] = find_lanes(blot, n=count, rules=rules.lanes)
    else:
        blot = read_blot(path, polarity=recipe.polarity)
        lanes = apply_recipe(blot, recipe)
    names = [labels.get(lane.index, str(lane.index)) for lane in lanes]
    return as_png(draw_uncropped(blot.pixels, lanes, labels=names, title=title), dpi=150)
