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
        Fitted models, one or more; the last digits of their F and P are written beside what the program will find.
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
    if not analyses:
        raise UsageError(expected="an analysis to export", found="none", do="plan one in study.toml")
    folder = Path(folder)
    files = PROGRAMS[program](build_dataset(analyses), __version__)
    for name, text in files.items():
        with written_whole(folder / name) as part:
            part.write_text(text, encoding="utf-8", newline="\n")
    return tuple(folder / name for name in files)
