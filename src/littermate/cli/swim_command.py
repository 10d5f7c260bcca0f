"""Swim command: one recording of a forced swim test, with one or several beakers, scored."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from littermate.assays.swim_rules import ClimbingRules, ForcedSwimRules
from littermate.cli.arguments import box, numbers
from littermate.cli.json_output import recording_json, swim_json
from littermate.cli.options import T0, Figure, Json, Overlay, numbered
from littermate.cli.printing import Bars, VideoBar, print_findings, print_json, print_rules, print_table
from littermate.single.picture import save
from littermate.single.swim import SwimTrial, picture_of_swim, score_swims, write_swim_overlay

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(swim)


def swim(
    video: Path,
    arena: Annotated[list[str] | None, typer.Option(help="Beaker in px, x,y,w,h; repeat for several beakers.")] = None,
    t0: T0 = 0.0,
    window: Annotated[str, typer.Option(help="Scored part on the trial clock, s.")] = "120,360",
    climbing: Annotated[bool, typer.Option("--climbing", help="Tell climbing from swimming, too.")] = False,
    calibration: Annotated[
        Path | None, typer.Option(help="Thresholds fitted to your own scores, by littermate calibrate.")
    ] = None,
    overlay: Overlay = None,
    figure: Figure = None,
    json: Json = False,
) -> None:
    """Score immobility in a recording of a forced swim test."""
    start, stop = numbers(window, 2, "--window")
    rules = _rules(calibration, climbing)
    boxes = [box(text) for text in arena] if arena else None
    with Bars() as bars:
        trials = score_swims(
            video,
            boxes,
            window_s=(start, stop),
            t0_s=t0,
            scoring=rules,
            on_frame=VideoBar(bars, "measuring motion (s)", t0 + stop),
        )
        if overlay:
            write_swim_overlay(trials, overlay, on_frame=VideoBar(bars, "writing overlay (s)", t0 + stop))
    findings = list(dict.fromkeys(finding for trial in trials for finding in trial.findings))
    for number, trial in enumerate(trials, 1):
        if figure:
            save(picture_of_swim(trial), numbered(figure, number, len(trials)))
    if json:
        recording, content = recording_json(trials[0].recording), [swim_json(trial) for trial in trials]
        return print_json(trials[0].rules, findings, recording=recording, trials=content)
    for number, trial in enumerate(trials, 1):
        which = f", beaker {number} from the left" if len(trials) > 1 and boxes is None else ""
        which = f", beaker {number}" if len(trials) > 1 and boxes is not None else which
        title = f"{video.name}{which}, {start:g}-{stop:g} s from t0 = {t0:g} s"
        print_table(title, ("measure", "value"), swim_rows(trial))
    print_findings(findings)
    print_rules(trials[0].rules)
    return None


def _rules(calibration: Path | None, climbing: bool) -> ForcedSwimRules:
    """Return the rules that were fitted to a person's scores, or the uncalibrated ones."""
    if calibration is None:
        return ForcedSwimRules(climbing=ClimbingRules() if climbing else None)
    from littermate.single.calibration_file import read_calibration

    return read_calibration(calibration).rules(three_way=climbing)


def swim_rows(trial: SwimTrial) -> list[tuple[str, object]]:
    """Return the table of a scored forced swim trial."""
    score = trial.score
    censored = ", never immobile: censored" if score.latency_censored else ""
    return [
        ("immobility (s)", score.immobility_s),
        ("immobility (% of scorable time)", score.immobility_percent),
        ("latency (s from t0" + censored + ")", score.latency_s),
        ("bouts", score.bout_count),
        ("longest bout (s)", score.longest_bout_s),
        ("scorable (s)", score.scorable_s),
        ("missing (s)", score.missing_s),
        *((f"{one.behaviour} (s)", one.total_s) for one in score.active),
    ]
