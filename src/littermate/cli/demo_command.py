"""Demo: a simulated study with known truth, made alone or walked to its report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from littermate.cli.options import Json
from littermate.cli.printing import Bars, out, print_json, print_table
from littermate.demo import DEMO_PASSPHRASE, DEMO_SEED, Demo, run_demo, simulate_study

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the program."""
    for command in (simulate, demo):
        app.command(command.__name__)(command)


def simulate(
    folder: Path,
    scale: Annotated[str, typer.Option(help="small or full.")] = "small",
    seed: Annotated[int, typer.Option(help="Of groups, mice and pictures.")] = DEMO_SEED,
    template: Annotated[str, typer.Option(help="ketamine-magnesium or ketamine-diet.")] = "ketamine-magnesium",
) -> None:
    """Make a study with simulated recordings, blots and plates, and known truth; not yet scored."""
    with Bars() as bars:
        study, truth = simulate_study(folder, scale=scale, seed=seed, template=template, progress=bars)
    out.print(f"made {study.folder.root} with {len(truth)} true values in truth/truth.csv")
    out.print(f"its passphrase: {DEMO_PASSPHRASE}")


def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path("littermate-demo"),
    scale: Annotated[str, typer.Option(help="small or full.")] = "small",
    seed: Annotated[int, typer.Option(help="Of groups, mice and pictures.")] = DEMO_SEED,
    json: Json = False,
) -> None:
    """Simulate a whole study, walk it to its report, and put truth beside measured."""
    with Bars() as bars:
        result = run_demo(folder, scale=scale, seed=seed, progress=bars)
    if json:
        keys = ("outcome", "code", "truth", "measured")
        truth = [{key: getattr(row, key) for key in keys} for row in result.truth]
        return print_json(None, (), study=str(result.study), report=str(result.report), truth=truth)
    _show_truth(result)
    out.print("\nplanted: less immobility under ketamine, by 0.8 SD; any other effect is chance")
    out.print(f"report: {result.report}")
    return None


def _show_truth(result: Demo) -> None:
    outcomes = dict.fromkeys(row.outcome for row in result.truth if row.code)
    rows = []
    for outcome in outcomes:
        pairs = [row for row in result.truth if row.outcome == outcome]
        seen = [row for row in pairs if row.measured is not None]
        gaps = [abs(row.measured - row.truth) for row in seen if row.measured is not None]
        rows.append(
            (
                outcome,
                f"{sum(row.within is True for row in pairs)} of {len(pairs)}",
                pairs[0].tolerance,
                sum(row.truth for row in seen) / max(len(seen), 1),
                sum(row.measured or 0.0 for row in seen) / max(len(seen), 1),
                max(gaps, default=None),
            )
        )
    columns = ("outcome", "animals within", "tolerance", "mean truth", "mean measured", "largest difference")
    print_table("truth beside measured", columns, rows)
    effects = [row for row in result.truth if not row.code]
    print_table(
        "ANOVA of the true values beside that of the measured ones",
        ("effect", "of truth", "of measured"),
        [(row.outcome, row.truth, row.measured) for row in effects],
    )
