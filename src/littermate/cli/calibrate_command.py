"""Calibrate command: a person's scores and their recordings in, thresholds and their agreement out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from littermate.assays.calibration import Calibration, Fit
from littermate.assays.forced_swim import ForcedSwimRules
from littermate.assays.swim_rules import ClimbingRules
from littermate.cli.arguments import numbers
from littermate.cli.options import CalibrationFile, Figure, Json
from littermate.cli.printing import Bars, out, print_findings, print_json, print_rules, print_table
from littermate.formats.scored_bouts import TableClock
from littermate.single.calibrate import (
    BehaviourNames,
    SwimCalibration,
    calibrate_swim,
    calibrated_rule_set,
    picture_of_calibration,
    read_scores,
)
from littermate.single.calibration_file import agreement_figures, write_calibration
from littermate.single.picture import save

__all__ = ["calibrate", "register"]

_STAGE = "recordings"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(calibrate)


def calibrate(
    scores: Path,
    videos: Annotated[Path, typer.Option(help="Folder with the recordings that were scored.")],
    clock: Annotated[str, typer.Option(help="Times count from the start of the 'recording' or of the 'trial'.")] = (
        "recording"
    ),
    t0: Annotated[float, typer.Option("--t0", help="When trials start, s; where the table has no t0_s.")] = 0.0,
    scored: Annotated[
        str | None, typer.Option(help="Scored part after t0, s (120,360); where the table does not say.")
    ] = None,
    immobile: Annotated[str, typer.Option(help="What the table calls immobility.")] = "immobile",
    climbing: Annotated[str, typer.Option(help="What the table calls climbing.")] = "climbing",
    three_way: Annotated[bool, typer.Option("--three-way", help="Fit climbing, too.")] = False,
    out_file: CalibrationFile = None,
    figure: Figure = None,
    json: Json = False,
) -> None:
    """Fit the forced swim's thresholds to a person's scores, and say how well they agree with animals left out."""
    window = numbers(scored, 2, "--scored") if scored else None
    table_clock = TableClock(zero=clock, t0_s=t0, scored_s=None if window is None else (window[0], window[1]))
    with Bars() as bars:
        result = calibrate_swim(
            read_scores(scores, table_clock),
            videos,
            names=BehaviourNames(immobile=immobile, climbing=climbing),
            base=ForcedSwimRules(climbing=ClimbingRules() if three_way else None),
            on_done=lambda done, total: bars(_STAGE, done, total),
        )
    if out_file:
        write_calibration(result, out_file)
    if figure:
        save(picture_of_calibration(result.calibration), figure)
    rules = calibrated_rule_set(result.calibration.rules(), (120.0, 360.0), result.motion)
    if json:
        return print_json(rules, result.findings, **calibration_json(result))
    _print(result)
    print_findings(result.findings)
    print_rules(rules)
    return None


def calibration_json(result: SwimCalibration) -> dict[str, Any]:
    """Return a calibration as ``calibrate --json`` prints it."""
    calibration = result.calibration
    return {
        "calibrated": calibration.calibrated,
        "animals": calibration.animals,
        "trials": calibration.trials,
        "limits": {name: getattr(calibration.limits, name) for name in calibration.limits.__slots__},
        "immobility": _fit_json(calibration.immobility, ("immobile_below", "mobile_above"))
        | {"auc": calibration.roc.auc},
        "climbing": None
        if calibration.climbing is None
        else _fit_json(calibration.climbing, ("climbing_above", "upright_above")),
        "recordings": [{"video": video, "animal": animal, "sha256": sha} for video, animal, sha in result.recordings],
        "left_out": [{"trial": name, "reason": why} for name, why in result.left_out],
    }


def _fit_json(fit: Fit, names: tuple[str, str]) -> dict[str, Any]:
    return {
        "calibrated": fit.calibrated,
        "reasons": fit.reasons,
        "thresholds": dict(zip(names, fit.thresholds, strict=True)),
        "agreement": agreement_figures(fit.held_out),
        "trials": [
            {
                "trial": one.name,
                "animal": one.animal,
                "scored_s": one.scored_s,
                "person_percent": one.first_percent,
                "held_out_percent": one.second_percent,
                "kappa": one.kappa,
            }
            for one in fit.held_out.trials
        ],
        "folds": [{"without": fold.animal} | dict(zip(names, fold.thresholds, strict=True)) for fold in fit.folds],
    }


def _print(result: SwimCalibration) -> None:
    calibration = result.calibration
    verdict = "calibrated" if calibration.calibrated else "NOT calibrated"
    print_table(
        f"immobility: {verdict} on {calibration.animals} animals; figures are of animals left out",
        ("measure", "value"),
        [*_rows(calibration.immobility, ("immobile below", "mobile above")), ("area under ROC", calibration.roc.auc)],
    )
    print_table(
        "trials (program: with that animal left out)",
        ("trial", "animal", "person (%)", "program (%)", "difference", "kappa"),
        [
            (
                one.name,
                one.animal,
                one.first_percent,
                one.second_percent,
                one.second_percent - one.first_percent,
                one.kappa,
            )
            for one in calibration.immobility.held_out.trials
        ],
    )
    if (fit := calibration.climbing) is not None:
        verdict = "calibrated" if fit.calibrated else "NOT calibrated"
        print_table(f"climbing: {verdict}", ("measure", "value"), _rows(fit, ("climbing above", "upright above")))
    out.print(f"\n{_limits(calibration)}", markup=False, highlight=False)


def _rows(fit: Fit, names: tuple[str, str]) -> list[tuple[str, object]]:
    totals, icc = fit.held_out.totals, fit.held_out.icc
    return [
        *zip(names, fit.thresholds, strict=True),
        ("kappa (1-s bins)", fit.held_out.kappa),
        ("Matthews correlation of time", fit.held_out.mcc),
        ("bias (points of % time)", None if totals is None else totals.bias),
        ("lower limit of agreement", None if totals is None else totals.lower),
        ("upper limit of agreement", None if totals is None else totals.upper),
        ("Pearson r of totals", fit.held_out.r),
        ("ICC(2,1) of totals", None if icc is None else icc.value),
        ("bout F1", fit.held_out.f1),
    ]


def _limits(calibration: Calibration) -> str:
    return calibration.limits.words()
