"""Blot signs: what a membrane's ratios tell of themselves, before anyone knows a group.

How the inter-blot control repeats, whether the loading control varies wildly, whether it takes the load out, and what a
dilution series says of each image: findings about the membrane, and flags on the lanes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from littermate.blots.linear_range import OUTSIDE_RANGE, LinearRange, linear_range
from littermate.blots.loading import LaneRatio
from littermate.blots.proportionality import control_use
from littermate.blots.replicates import cv_percent
from littermate.blots.rules import LoadingRules
from littermate.errors import DataError
from littermate.model.blot import Lane
from littermate.model.finding import Finding

if TYPE_CHECKING:
    from littermate.report.linear_range_figure import SeriesPicture

__all__ = [
    "Series",
    "outside_flags",
    "ratio_findings",
    "read_series",
    "require_series",
    "series_findings",
    "series_picture",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What the dilution series says of one image: `which` is ``"target"`` or ``"control"``, `name` what is on it."""

    which: str
    name: str
    found: LinearRange


def read_series(
    which: str, name: str, lanes: Sequence[Lane], series: Sequence[tuple[int, float]], rules: LoadingRules
) -> Series | None:
    """Find the linear range of an image by the lanes of its dilution series; `None` where it has none.

    Raises
    ------
    DataError
        If the series is too short, or too little of it stands above background.
    """
    if not series:
        return None
    volumes = {lane.index: max((band.volume for band in lane.bands), default=0.0) for lane in lanes}
    there = [(amount, volumes[lane]) for lane, amount in series if lane in volumes]
    found = linear_range([amount for amount, _ in there], [volume for _, volume in there], rules=rules)
    return Series(which=which, name=name, found=found)


def require_series(series: Sequence[tuple[int, float]], lanes: int, where: str) -> None:
    """Refuse a dilution series on lanes that are not there."""
    strange = [str(lane) for lane, _ in series if lane > lanes]
    if strange:
        raise DataError(
            expected=f"a dilution series on lanes 1 to {lanes}",
            found=f"lanes {', '.join(strange)}",
            do="count lanes from 1, from left to right",
            where=where,
        )


def outside_flags(one: LaneRatio, series: Sequence[Series]) -> tuple[str, ...]:
    """Say ``"outside the linear range"`` where either band is, and which: ``"target outside the linear range"``."""
    volumes = {"target": one.target, "control": one.control}
    out = [
        part.which for part in series if (volume := volumes[part.which]) is not None and not part.found.holds(volume)
    ]
    return (*([OUTSIDE_RANGE] if out else []), *(f"{which} {OUTSIDE_RANGE}" for which in out))


def ratio_findings(
    ratios: Sequence[LaneRatio], samples: Sequence[int], series: Sequence[Series], rules: LoadingRules, about: str
) -> tuple[Finding, ...]:
    """Say what must be known of a membrane's ratios; `samples` are the lanes of animals."""
    counted = [one for one in ratios if one.lane in set(samples)]
    said = [*_series_signs(series), *_reference_signs(ratios, rules), *_control_signs(counted, rules)]
    return tuple(
        Finding(id=name, importance=importance, message=message, about=about) for name, importance, message in said
    )


def _reference_signs(ratios: Sequence[LaneRatio], rules: LoadingRules) -> Iterator[tuple[str, str, str]]:
    values = [one.unscaled for one in ratios if one.reference and one.unscaled is not None]
    spread = cv_percent(values)
    if spread is None:
        return
    wide = spread > rules.max_reference_cv_percent
    words = f"the {len(values)} lanes of the inter-blot control differ: CV {spread:.1f} %"
    if wide:
        words += (
            f", above {rules.max_reference_cv_percent:g} %: the scale of this membrane is uncertain by about as much"
        )
    yield "inter-blot-control-varies", "warning" if wide else "note", words


def _control_signs(counted: Sequence[LaneRatio], rules: LoadingRules) -> Iterator[tuple[str, str, str]]:
    spread = cv_percent([one.control for one in counted if one.control is not None])
    if spread is not None and spread > rules.max_control_cv_percent:
        yield (
            "loading-control-varies",
            "warning",
            f"the loading control's CV over {len(counted)} lanes is {spread:.0f} %, above"
            f" {rules.max_control_cv_percent:g} %: look at the loading and the transfer",
        )
    use = control_use(counted)
    if use is not None and use.depends:
        low, high = use.slope_ci99
        yield (
            "ratio-follows-control",
            "warning",
            f"the ratio goes with its loading control over {use.lanes} lanes (slope of the logarithms {use.slope:.2f},"
            f" 99 % CI {low:.2f} to {high:.2f}; 0 where dividing takes the load out)",
        )


def series_findings(one: Series, about: str) -> tuple[Finding, ...]:
    """Say what a dilution series says against its image."""
    return tuple(
        Finding(id=name, importance=importance, message=message, about=about)
        for name, importance, message in _series_signs([one])
    )


def _series_signs(series: Sequence[Series]) -> Iterator[tuple[str, str, str]]:
    for one in series:
        if one.found.volumes is None:
            yield (
                "no-linear-range",
                "critical",
                f"{one.name}: too few neighbouring amounts of the dilution series lie near one line through 0:"
                " a ratio of its volumes depends on the load",
            )
        elif not one.found.proportional:
            low, high = one.found.log_slope_ci95
            yield (
                "not-proportional",
                "critical",
                f"{one.name}: the volume is not in proportion to the amount (slope of the logarithms"
                f" {one.found.log_slope:.2f}, 95 % CI {low:.2f} to {high:.2f}): a ratio depends on the load",
            )


def series_picture(one: Series, lanes: Sequence[Lane], samples: Sequence[int]) -> SeriesPicture:
    """Return what is drawn of a series, with the volumes of the sample lanes."""
    from littermate.report.linear_range_figure import SeriesPicture

    found = one.found
    amounts = found.amounts
    says = "no linear range" if amounts is None else f"linear from {amounts[0]:g} to {amounts[1]:g}"
    return SeriesPicture(
        title=one.name,
        says=f"{says}; slope of logarithms {found.log_slope:.2f}",
        amounts=[part.amount for part in found.dilutions],
        volumes=[part.volume for part in found.dilutions],
        in_range=[part.in_range for part in found.dilutions],
        per_amount=found.per_amount,
        samples=[band.volume for lane in lanes if lane.index in set(samples) for band in lane.bands],
    )
