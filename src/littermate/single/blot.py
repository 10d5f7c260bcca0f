"""Blot: one membrane image, or a target's and its loading control's together, as found or as a person corrected it.

A correction says where a band is, never how much it is; see `littermate.model.blot_correction`. It does not change the
rule set: a corrected number is measured by the rules of all others, and its flags say that a person placed the box.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from littermate.blots.bands import quantify_image
from littermate.blots.boxes import measure_boxes
from littermate.blots.image import read_blot
from littermate.blots.ladder import read_ladder, weigh_bands
from littermate.blots.lanes import find_lanes
from littermate.blots.loading import LaneRatio, ratio
from littermate.blots.rules import BlotRules
from littermate.blots.rules import rule_set as blot_rules
from littermate.model.blot import Blot, Lane
from littermate.model.blot_correction import PLACED, BandPlace
from littermate.model.finding import Finding
from littermate.model.measurement import Reading
from littermate.model.rules import RuleSet
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
    "picture_of_blot",
]

_PICTURE_PX = 1600


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlotTrial:
    """One blot image, its lanes with their bands, the rules, and what was noticed."""

    blot: Blot
    lanes: tuple[Lane, ...]
    rules: RuleSet
    findings: tuple[Finding, ...]


def measure_blot(
    path: str | Path, *, n_lanes: int | None = None, ladder: str | None = None, polarity: str = "auto"
) -> BlotTrial:
    """Find the lanes and bands of a blot image.

    Parameters
    ----------
    path
        A TIFF or PNG file.
    n_lanes
        Number of lanes, found from the image where `None`.
    ladder
        Lane and molecular weights (kDa, from the top) of the ladder, as ``"1:250,150,100,75,50,37,25"``.
    polarity
        ``"auto"``, ``"bright"`` (high = signal) or ``"dark"``.

    Raises
    ------
    ImageError
        If the file is no image that numbers can be taken from.
    """
    rules = BlotRules()
    blot = read_blot(path, polarity=polarity)
    result = quantify_image(blot, n_lanes=n_lanes, rules=rules)
    lanes = result.lanes if ladder is None else weigh_bands(result.lanes, *read_ladder(ladder))
    return BlotTrial(blot=blot, lanes=lanes, rules=blot_rules(rules), findings=_blot_findings(blot, lanes))


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
    inter-blot control, `skip` those without a sample. `target_boxes` and `control_boxes` are where a person says the
    band is, on the lanes of either image that the program is not to place.
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlotPairResult:
    """Every lane's ratio as a reading, by lane number, the rules, what was noticed, and a picture.

    `target_lanes` and `control_lanes` are both images' lanes, all of them, each with the one band that was counted.
    """

    readings: Mapping[int, Reading]
    rules: RuleSet
    findings: tuple[Finding, ...]
    picture: bytes
    target_lanes: tuple[Lane, ...]
    control_lanes: tuple[Lane, ...]


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
    control, control_lanes = _one_band_a_lane(job.control, job.lanes, job.control_boxes, rules)
    ratios = ratio(target_lanes, control_lanes, reference_lanes=job.inter_blot, rules=rules.loading)
    readings = {
        one.lane: Reading(
            measure=job.measure, value=one.value, unit="ratio", reason=one.reason, flags=_ratio_flags(one, job)
        )
        for one in ratios
        if one.lane not in job.skip
    }
    from littermate.report.blot_figure import draw_blot

    figure = draw_blot(target.pixels, target_lanes, title=job.title)
    return BlotPairResult(
        readings=readings,
        rules=blot_rules(rules),
        findings=_blot_findings(target, target_lanes) + _blot_findings(control, control_lanes),
        picture=as_png(figure),
        target_lanes=target_lanes,
        control_lanes=control_lanes,
    )


def _one_band_a_lane(
    path: str, lanes: int, boxes: tuple[BandPlace, ...], rules: BlotRules
) -> tuple[Blot, tuple[Lane, ...]]:
    blot = read_blot(path)
    found = find_lanes(blot, n=lanes, rules=rules.lanes)
    return blot, measure_boxes(blot, found, boxes, rules=rules.bands)


def _ratio_flags(one: LaneRatio, job: BlotPairJob) -> tuple[str, ...]:
    """Say ``"saturated"`` and ``"placed by a person"`` where either band is, besides which of them."""
    either = [word for word in ("saturated", PLACED) if any(word in flag for flag in one.flags)]
    scale = {box.lane for box in (*job.target_boxes, *job.control_boxes)} & set(job.inter_blot)
    scaled = [f"inter-blot control {PLACED}"] if scale and not one.reference else []
    return (*either, *one.flags, *scaled)


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

    Raises
    ------
    ImageError
        If the file is no image that numbers can be taken from.
    """
    from littermate.report.blot_figure import as_film

    shown = as_film(read_blot(path).pixels)
    rows, columns = shown.shape
    scale = min(1.0, _PICTURE_PX / columns)
    if scale < 1:
        size = (_PICTURE_PX, max(1, round(rows * scale)))
        shown = np.asarray(cv2.resize(shown, size, interpolation=cv2.INTER_AREA), np.float64)
    grey = np.rint(255 * (1 - shown)).astype(np.uint8)
    return BlotPicture(png=cv2.imencode(".png", grey)[1].tobytes(), scale=scale, image_px=(columns, rows))


def picture_of_blot(trial: BlotTrial, *, title: str = "") -> Figure:
    """Draw the uncropped image with its lanes and bands, and the lanes' profiles."""
    from littermate.report.blot_figure import draw_blot

    return draw_blot(trial.blot.pixels, trial.lanes, title=title)
