"""Blot: one membrane image, or a target's and its loading control's together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from littermate.blots.bands import measure_row, quantify_image
from littermate.blots.image import read_blot
from littermate.blots.ladder import read_ladder, weigh_bands
from littermate.blots.lanes import find_lanes
from littermate.blots.loading import ratio
from littermate.blots.rules import BlotRules
from littermate.blots.rules import rule_set as blot_rules
from littermate.model.blot import Blot, Lane
from littermate.model.finding import Finding
from littermate.model.measurement import Reading
from littermate.model.rules import RuleSet
from littermate.report.blot_figure import draw_blot
from littermate.single.picture import as_png

__all__ = ["BlotPairJob", "BlotPairResult", "BlotTrial", "measure_blot", "measure_pair", "picture_of_blot"]


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
    inter-blot control, `skip` those without a sample.
    """

    target: str
    control: str
    measure: str
    lanes: int
    inter_blot: tuple[int, ...] = ()
    skip: tuple[int, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlotPairResult:
    """Every lane's ratio as a reading, by lane number, the rules, what was noticed, and a picture."""

    readings: Mapping[int, Reading]
    rules: RuleSet
    findings: tuple[Finding, ...]
    picture: bytes


def measure_pair(job: BlotPairJob) -> BlotPairResult:
    """Measure a target relative to its loading control, lane by lane: one band a lane in each image."""
    rules = BlotRules()
    target, target_lanes = _one_band_a_lane(job.target, job.lanes, rules)
    control, control_lanes = _one_band_a_lane(job.control, job.lanes, rules)
    ratios = ratio(target_lanes, control_lanes, reference_lanes=job.inter_blot, rules=rules.loading)
    readings = {
        one.lane: Reading(
            measure=job.measure, value=one.value, unit="ratio", reason=one.reason, flags=_ratio_flags(one.flags)
        )
        for one in ratios
        if one.lane not in job.skip
    }
    figure = draw_blot(target.pixels, target_lanes, title=job.title)
    return BlotPairResult(
        readings=readings,
        rules=blot_rules(rules),
        findings=_blot_findings(target, target_lanes) + _blot_findings(control, control_lanes),
        picture=as_png(figure),
    )


def _one_band_a_lane(path: str, lanes: int, rules: BlotRules) -> tuple[Blot, tuple[Lane, ...]]:
    blot = read_blot(path)
    return blot, measure_row(blot, find_lanes(blot, n=lanes, rules=rules.lanes), rules=rules.bands)


def _ratio_flags(flags: tuple[str, ...]) -> tuple[str, ...]:
    """Say ``"saturated"`` where either band is, besides which of them."""
    return (*(("saturated",) if any("saturated" in flag for flag in flags) else ()), *flags)


def picture_of_blot(trial: BlotTrial, *, title: str = "") -> Figure:
    """Draw the uncropped image with its lanes and bands, and the lanes' profiles."""
    return draw_blot(trial.blot.pixels, trial.lanes, title=title)
