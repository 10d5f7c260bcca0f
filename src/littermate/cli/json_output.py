"""JSON output: results under the keys of the command line's contract. Raw numbers, never rounded."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from littermate.model.analysis import Analysis
    from littermate.model.mixed_model import MixedModel
    from littermate.model.recording import Recording
    from littermate.model.repeated_measures import RepeatedMeasures
    from littermate.single.blot import BlotTrial
    from littermate.single.field import FieldTrial
    from littermate.single.plate import PlateTrial
    from littermate.single.swim import SwimTrial

__all__ = [
    "analysis_json",
    "field_json",
    "image_json",
    "lanes_json",
    "plate_json",
    "record_json",
    "recording_json",
    "repeated_json",
    "swim_json",
]


def record_json(record: Any) -> dict[str, Any]:
    """Return a flat record's fields."""
    return {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}


def swim_json(trial: SwimTrial) -> dict[str, Any]:
    """Return one trial as json-output.md wants it."""
    score = trial.score
    return {
        "arena_px": trial.arena_px,
        "t0_s": trial.t0_s,
        "window_s": score.window_s,
        "scorable_s": score.scorable_s,
        "missing_s": score.missing_s,
        "immobility_s": score.immobility_s,
        "immobility_percent": score.immobility_percent,
        "latency_s": score.latency_s,
        "latency_censored": score.latency_censored,
        "bouts": [(bout.start_s, bout.stop_s) for bout in score.bouts],
        "animal_found": score.animal_found,
        "reason": score.reason,
        "behaviours": {
            one.behaviour: {
                "total_s": one.total_s,
                "percent": one.percent,
                "latency_s": one.latency_s,
                "latency_censored": one.latency_censored,
                "bouts": [(bout.start_s, bout.stop_s) for bout in one.bouts],
            }
            for one in score.active
        },
        "calibration": trial.scoring.calibration or "not calibrated",
    }


def recording_json(recording: Recording) -> dict[str, Any]:
    """Return a recording as json-output.md wants it."""
    return record_json(recording)


def field_json(trial: FieldTrial) -> dict[str, Any]:
    """Return one trial as json-output.md wants it."""
    score = trial.score
    zone_keys = (
        "time_s",
        "percent",
        "area_percent",
        "visits",
        "entries",
        "latency_s",
        "latency_censored",
        "distance_cm",
    )
    return {
        "corners_px": trial.arena.corners_px,
        "corners_found": trial.tracked.corners_found,
        "t0_s": trial.t0_s,
        "animal_found": trial.tracked.animal_found,
        "scorable_s": score.scorable_s,
        "missing_s": score.missing_s,
        "distance_cm": score.distance_cm,
        "lines_crossed": score.lines_crossed,
        "squares_entered": score.squares_entered,
        "mean_speed_cm_s": score.mean_speed_cm_s,
        "zones": {zone.name: {key: getattr(zone, key) for key in zone_keys} for zone in score.zones},
        "thigmotaxis": record_json(score.thigmotaxis),
    }


def image_json(result: BlotTrial) -> dict[str, Any]:
    """Return the image's part of ``blot --json``."""
    keys = ("path", "sha256", "dtype", "shape", "polarity", "saturated_px", "saturation_level")
    return {key: getattr(result.blot, key) for key in keys}


def lanes_json(result: BlotTrial) -> list[dict[str, Any]]:
    """Return the lanes' part of ``blot --json``."""
    keys = ("row_px", "volume", "background", "saturated", "mw_kda", "box_px", "noise", "fwhm_px", "strips_px", "flags")
    return [
        {
            "index": lane.index,
            "centre_px": lane.centre_px,
            "width_px": lane.width_px,
            "bands": [{key: getattr(band, key) for key in keys} for band in lane.bands],
        }
        for lane in result.lanes
    ]


def plate_json(result: PlateTrial) -> dict[str, Any]:
    """Return one plate as json-output.md wants it."""
    found = result.result
    fitted = found.curve
    return {
        "name": found.plate.name,
        "format": found.plate.format,
        "read": found.plate.read,
        "curve": {
            "model": fitted.model,
            "parameters": dict(fitted.parameters),
            "r_squared": fitted.r_squared,
            "lloq": fitted.lloq,
            "uloq": fitted.uloq,
            "weights": fitted.weights,
            "fit_to": found.rules.fit_to,
            "df": fitted.df,
            "residual_sd": fitted.residual_sd,
            "verdict": found.verdict,
            "faults": [record_json(fault) for fault in found.faults],
        },
        "blank": found.blank,
        "standards": [
            record_json(one) | {"wells": [record_json(well) for well in one.wells]} for one in found.standards
        ],
        "samples": [record_json(one) | {"flags": list(result.flags_of(one))} for one in found.samples],
        "combined": [record_json(one) for one in found.combined],
        "parallelism": [record_json(one) for one in found.parallelism],
        "excluded": [
            {"well": well.name, "role": well.role, "content": well.content, "reason": well.excluded}
            for well in found.plate.wells
            if well.excluded
        ],
    }


def analysis_json(analysis: Analysis) -> dict[str, Any]:
    """Return an analysis as json-output.md wants it."""
    sizes = ("label", "hedges_g", "hedges_g_ci95")
    return {
        "outcome": analysis.plan.outcome,
        "formula": analysis.plan.formula,
        "type": analysis.plan.type,
        "n": analysis.n,
        "missing": analysis.missing,
        "notes": analysis.notes,
        "df_error": analysis.df_error,
        "ss_error": analysis.ss_error,
        "effects": [record_json(effect) for effect in analysis.effects],
        "groups": [record_json(group) | {"levels": dict(group.levels)} for group in analysis.groups],
        "marginal_means": [record_json(one) | {"levels": dict(one.levels)} for one in analysis.marginal_means],
        "contrasts": [record_json(one) | {"within": dict(one.within)} for one in analysis.differences],
        "not_estimable": analysis.not_estimable,
        "comparisons": [dataclasses.asdict(one) for one in analysis.comparisons],
        "effect_sizes": [{name: getattr(one, name) for name in sizes} for one in analysis.differences],
        "equivalence": None if analysis.equivalence is None else dataclasses.asdict(analysis.equivalence),
        "bayes_factors": [
            record_json(one) | {"bf10": one.bf10, "bf01": one.bf01, "says": one.says, "robust": one.robust}
            for one in analysis.bayes_factors
        ],
        "randomization": None if analysis.randomization is None else dataclasses.asdict(analysis.randomization),
        "assumptions": [record_json(one) for one in analysis.assumptions],
        "sensitivity": [record_json(one) for one in analysis.sensitivity],
        "outliers": [{"unit": one.unit, "value": one.value, "because": one.because} for one in analysis.left_out],
        "mixed": None if analysis.mixed is None else _mixed_json(analysis.mixed),
    }


def _mixed_json(model: MixedModel) -> dict[str, Any]:
    """Return what a mixed model has beside an analysis: variances, other tests, likelihoods."""
    keys = ("satterthwaite", "naive", "coefficients", "satterthwaite_coefficients", "components")
    return {
        **{key: [record_json(one) for one in getattr(model, key)] for key in keys},
        "singular": model.singular,
        "log_likelihood": model.log_likelihood,
        "ml_log_likelihood": model.ml_log_likelihood,
    }


def repeated_json(repeated: RepeatedMeasures) -> dict[str, Any]:
    """Return a repeated-measures analysis."""
    return {
        "outcome": repeated.plan.outcome,
        "formula": repeated.formula,
        "type": 3,
        "n": repeated.n,
        "effects": [dataclasses.asdict(one) | {"p_corrected": one.p_corrected} for one in repeated.effects],
        "groups": [record_json(group) | {"levels": dict(group.levels)} for group in repeated.groups],
        "friedman": None if repeated.friedman is None else record_json(repeated.friedman),
        "left_out": repeated.left_out,
        "notes": repeated.notes,
    }
