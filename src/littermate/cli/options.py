"""Options that several commands have, and what is checked of them before anything is measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from littermate.errors import UsageError

__all__ = [
    "FIGURE_KINDS",
    "HERE",
    "CalibrationFile",
    "Figure",
    "Folder",
    "Json",
    "Overlay",
    "T0",
    "TrackFile",
    "Uncropped",
    "drawable",
    "numbered",
    "rows_of",
]

FIGURE_KINDS = (".png", ".svg", ".pdf")


def require_ending(path: Path | None, *endings: str) -> Path | None:
    """Refuse a result's name of another kind: it could be that of the recording, or of a person's scores."""
    if path is not None and path.suffix.lower() not in endings:
        raise UsageError(expected=f"a name ending in {' or '.join(endings)}", found=path.name, do="change the ending")
    return path


def drawable(figure: Path | None) -> Path | None:
    """Refuse the name of a picture of another kind."""
    return require_ending(figure, *FIGURE_KINDS)


def _playable(overlay: Path | None) -> Path | None:
    return require_ending(overlay, ".mp4")


def _as_csv(track: Path | None) -> Path | None:
    return require_ending(track, ".csv")


def _as_toml(path: Path | None) -> Path | None:
    return require_ending(path, ".toml")


HERE = Path()
Folder = Annotated[Path, typer.Option("--study", help="The study folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print raw numbers as one JSON object.")]
Figure = Annotated[
    Path | None,
    typer.Option("--figure", help="Write a picture of the result (PNG, SVG or PDF).", callback=drawable),
]
Uncropped = Annotated[
    Path | None,
    typer.Option(
        "--uncropped",
        help="Write the uncropped image with labels and crop marks, for a paper (PNG, SVG or PDF).",
        callback=drawable,
    ),
]
Overlay = Annotated[
    Path | None,
    typer.Option("--overlay", help="Write the recording with the result drawn into it (MP4).", callback=_playable),
]
TrackFile = Annotated[Path | None, typer.Option("--track", help="Write the track as CSV.", callback=_as_csv)]
CalibrationFile = Annotated[
    Path | None, typer.Option("--out", help="Write the calibration file (TOML).", callback=_as_toml)
]
T0 = Annotated[float, typer.Option("--t0", help="When the trial starts in the recording, s.")]


def numbered(path: Path, number: int, count: int) -> Path:
    """Return the name of one of several figures.

    Examples
    --------
    >>> numbered(Path("lanes.png"), 2, 4).name
    'lanes-2.png'
    """
    return path if count == 1 else path.with_stem(f"{path.stem}-{number}")


def rows_of(text: str | None) -> tuple[int, int] | None:
    """Read the rows of a crop, ``FIRST:LAST``.

    Raises
    ------
    UsageError
        If the text is not of that form.

    Examples
    --------
    >>> rows_of("120:180"), rows_of(None)
    ((120, 180), None)
    """
    if text is None:
        return None
    first, _, last = text.partition(":")
    if not (first.strip().isdecimal() and last.strip().isdecimal()):
        raise UsageError(expected="rows as FIRST:LAST, such as 120:180", found=repr(text), do="write two whole numbers")
    return int(first), int(last)
