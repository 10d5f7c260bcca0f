"""Write an export: the files of one program in a folder, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from littermate.errors import UsageError
from littermate.files import written_whole
from littermate.formats.analysis_export.dataset import Dataset, build_dataset
from littermate.formats.analysis_export.jasp import jasp_files
from littermate.formats.analysis_export.prism import prism_files
from littermate.formats.analysis_export.r import r_files
from littermate.formats.analysis_export.spss import spss_files
from littermate.model.analysis import Analysis
from littermate.version import __version__

__all__ = ["PROGRAMS", "write_export"]

PROGRAMS: Mapping[str, Callable[[Dataset, str], dict[str, str]]] = {
    "r": r_files,
    "spss": spss_files,
    "prism": prism_files,
    "jasp": jasp_files,
}


def write_export(analyses: Sequence[Analysis], program: str, folder: str | Path) -> tuple[Path, ...]:
    """Write the data of analyses and what repeats them in another program.

    Parameters
    ----------
    analyses
        Fitted models, one or more; mixed ones are named in ``not-exported.txt`` instead. The last digits of their F
        and P are written beside what the program will find.
    program
        ``"r"``, ``"spss"``, ``"prism"`` or ``"jasp"``.
    folder
        Made where it is not there; files of an earlier export are replaced.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    UsageError
        If there is no such program, or no analysis.
    FileError
        If nothing can be written there.
    """
    if program not in PROGRAMS:
        raise UsageError(expected=f"one of {', '.join(PROGRAMS)}", found=repr(program), do="name the program")
    linear = [one for one in analyses if one.mixed is None]
    if not linear:
        found = f"mixed models only: {', '.join(one.plan.formula for one in analyses)}" if analyses else "none"
        raise UsageError(expected="an analysis without random groups", found=found, do="plan one in study.toml")
    folder = Path(folder)
    files = PROGRAMS[program](build_dataset(linear), __version__)
    if len(linear) < len(analyses):
        files["not-exported.txt"] = _not_exported(analyses)
    for name, text in files.items():
        with written_whole(folder / name) as part:
            part.write_text(text, encoding="utf-8", newline="\n")
    return tuple(folder / name for name in files)


def _not_exported(analyses: Sequence[Analysis]) -> str:
    """Say which analyses are not in the files: no script is written for mixed models."""
    formulas = "\n".join(f"  {one.plan.formula}" for one in analyses if one.mixed is not None)
    return f"Mixed models are not exported; in R, lmerTest fits these formulas to the measurements:\n{formulas}\n"
