"""Export command: a study's data with a script that repeats its planned analyses in another program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from littermate.cli.options import HERE, Folder
from littermate.cli.printing import out
from littermate.study import open_study

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(export)


def export(
    to: Annotated[str, typer.Option("--to", help="r, spss (also PSPP), prism or jasp.")],
    folder: Annotated[Path | None, typer.Option("--out", help="Where to; export/PROGRAM of the study else.")] = None,
    study: Folder = HERE,
) -> None:
    """Write the data and a script that repeats the planned analyses in R, SPSS, Prism or JASP."""
    for path in open_study(study).export(to, folder):
        out.print(str(path), soft_wrap=True)
