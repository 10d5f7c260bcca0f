"""Agreement command: how alike people, or a person and the program, scored a study; and the hand scores as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from littermate.cli.options import HERE, Figure, Folder, Json, require_ending
from littermate.cli.printing import out, print_json, print_rules, print_table
from littermate.errors import UsageError
from littermate.single.calibration_file import agreement_figures
from littermate.single.picture import save
from littermate.study import Study, open_study
from littermate.study.agreeing import Comparison, ScorerAgreement

__all__ = ["agreement_json", "register"]


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the program."""
    app.command()(agreement)
    app.command("hand-scores")(hand_scores)


def agreement(
    assay: Annotated[str, typer.Argument(help="Name of the assay in study.toml.")],
    first: Annotated[str, typer.Option(help="A scorer; differences are second minus first.")] = "",
    second: Annotated[str, typer.Option(help="Another, 'program', 'consensus', or the same for the repeats.")] = "",
    behaviour: Annotated[str, typer.Option(help="Compared with everything else; the first that both score.")] = "",
    figure: Figure = None,
    json: Json = False,
    study: Folder = HERE,
) -> None:
    """Say how alike two scorings of an assay are; without names, which can be compared."""
    opened = open_study(study)
    if not (first or second):
        return _list(assay, opened.comparisons(assay), json=json)
    if not (first and second):
        raise UsageError(expected="--first and --second", found="one of them", do="name both, or none for a list")
    result = opened.agreement(assay, first, second, behaviour)
    if figure:
        save(opened.agreement_figure(result), figure)
    rules = opened.hand_rules(assay)
    if json:
        return print_json(rules, (), **agreement_json(result))
    _print(opened, result)
    return print_rules(rules)


def _list(assay: str, found: tuple[Comparison, ...], *, json: bool) -> None:
    if json:
        rows = [
            {"first": one.first, "second": one.second, "trials": one.trials, "behaviours": one.behaviours}
            for one in found
        ]
        return print_json(None, (), assay=assay, comparisons=rows)
    if not found:
        out.print(f"nothing of {assay} can be compared yet: it needs trials that two have finished")
        return None
    rows_ = [(one.first, one.second, one.trials, ", ".join(one.behaviours)) for one in found]
    return print_table(f"{assay}: what can be compared", ("first", "second", "trials", "behaviours"), rows_)


def agreement_json(result: ScorerAgreement) -> dict[str, Any]:
    """Return an agreement as ``agreement --json`` prints it; a figure that these data cannot give is null."""
    error, drift = result.error, result.drift
    return {
        "assay": result.assay,
        "first": result.first,
        "second": result.second,
        "behaviour": result.behaviour,
        "agreement": agreement_figures(result.agreement) | {"ethogram_kappa": result.ethogram_kappa},
        "repeatability": None
        if drift is None
        else {
            "within_scorer_sd": None if error is None else error.sd,
            "within_scorer_sd_ci95": None if error is None else error.sd_ci95,
            "coefficient": None if error is None else error.coefficient,
            "coefficient_ci95": None if error is None else error.coefficient_ci95,
            "drift": drift.mean,
            "drift_ci95": drift.ci95,
            "slope_per_clip": drift.slope,
            "slope_per_clip_ci95": drift.slope_ci95,
        },
        "trials": [
            {
                "trial": one.name,
                "animal": one.animal,
                "scored_s": one.scored_s,
                "first_percent": one.first_percent,
                "second_percent": one.second_percent,
                "kappa": one.kappa,
                "settled": one.name in result.settled,
            }
            for one in result.agreement.trials
        ],
    }


def _print(study: Study, result: ScorerAgreement) -> None:
    again = " again" if result.repeats else ""
    print_table(
        f"{result.assay}, {result.behaviour}: {result.first} and {result.second}{again}",
        ("measure", "value", "95 % from", "to", "unit"),
        [(one.name, one.value, *(one.ci95 or (None, None)), one.unit) for one in study.agreement_rows(result)],
    )
    print_table(
        "trials, the largest difference first",
        ("trial", "animal", f"{result.first} (%)", f"{result.second}{again} (%)", "difference", "kappa", ""),
        [
            (
                one.name,
                one.animal,
                one.first_percent,
                one.second_percent,
                one.second_percent - one.first_percent,
                one.kappa,
                "settled" if one.name in result.settled else "",
            )
            for one in sorted(result.agreement.trials, key=lambda one: -abs(one.second_percent - one.first_percent))
        ],
    )


def hand_scores(
    assay: Annotated[str, typer.Argument(help="Name of the assay in study.toml.")],
    table: Annotated[
        Path, typer.Option("--out", help="The CSV file.", callback=lambda path: require_ending(path, ".csv"))
    ],
    scorer: Annotated[str, typer.Option(help="Whose; everybody's where it is left out.")] = "",
    study: Folder = HERE,
) -> None:
    """Write finished hand scores as a table: one row a bout, trials and animals by their codes."""
    count = open_study(study).write_hand_scores(assay, table, scorer)
    out.print(f"{count} clips in {table}", soft_wrap=True)
