"""Blot ratio: a target relative to its loading control or to total protein, lane by lane, in words and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from littermate.cli.options import numbered
from littermate.cli.printing import figures, print_findings, print_json, print_rules, print_table
from littermate.files import sha256_of
from littermate.single.blot import BlotPairJob, BlotPairResult, measure_pair, pictures_of_pair
from littermate.single.blot_signs import Series
from littermate.single.picture import save

__all__ = ["linear_range_json", "print_series", "show_pair"]


def show_pair(job: BlotPairJob, *, figure: Path | None, json: bool) -> None:
    """Measure and show one target relative to one control."""
    result = measure_pair(job)
    if figure:
        pictures = pictures_of_pair(job, result)
        for number, picture in enumerate(pictures, 1):
            save(picture, numbered(figure, number, len(pictures)))
    rows = _rows(job, result)
    if json:
        series = {one.which: linear_range_json(one) for one in result.series}
        more = {"linear_range": series} if series else {}
        files = {"target": job.target, "control": job.control}
        images = {which: {"path": path, "sha256": sha256_of(path)} for which, path in files.items()}
        return print_json(result.rules, result.findings, images=images, expression=rows, **more)
    keys = ("lane", "holds", "value", "unscaled", "target", "control")
    print_table(
        f"{job.measure}, {job.lanes} lanes",
        (*keys, "remarks"),
        [(*(row[key] for key in keys), row["reason"] or ", ".join(row["flags"])) for row in rows],
    )
    for one in result.series:
        print_series(one)
    print_findings(result.findings)
    print_rules(result.rules)
    return None


def _rows(job: BlotPairJob, result: BlotPairResult) -> list[dict[str, Any]]:
    amounts = dict(job.series)
    return [
        {
            "lane": one.lane,
            "holds": f"dilution {amounts[one.lane]:g}" if one.lane in amounts else "control" if one.reference else "",
            "value": one.value,
            "unscaled": one.unscaled,
            "target": one.target,
            "control": one.control,
            "reason": one.reason,
            "flags": list(result.readings[one.lane].flags if one.lane in result.readings else one.flags),
        }
        for one in result.ratios
    ]


def linear_range_json(one: Series) -> dict[str, Any]:
    """Return a dilution series as ``blot --json`` has it."""
    found = one.found
    keys = ("volumes", "per_amount", "intercept", "intercept_ci95", "slope", "r_squared", "log_slope")
    return {key: getattr(found, key) for key in (*keys, "log_slope_ci95", "proportional", "amounts")} | {
        "dilutions": [
            {key: getattr(part, key) for key in ("amount", "volume", "lanes", "residual_percent", "in_range")}
            for part in found.dilutions
        ]
    }


def print_series(one: Series) -> None:
    """Print a dilution series: amounts, volumes, and how far each is off the line through 0."""
    found = one.found
    low, high = found.log_slope_ci95
    print_table(
        f"{one.name}: slope of log volume on log amount {figures(found.log_slope)}"
        f" (95 % CI {figures(low)} to {figures(high)}), R2 {figures(found.r_squared)}",
        ("amount", "volume", "lanes", "off the line (%)", "in the linear range"),
        [
            (part.amount, part.volume, part.lanes, part.residual_percent, "yes" if part.in_range else "no")
            for part in found.dilutions
        ],
    )
