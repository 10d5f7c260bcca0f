"""Options that several commands have, and what is checked of them before anything is measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from littermate.errors import UsageError

__all__ = ["FIGURE_KINDS", "Figure", "Json", "Overlay", "T0", "numbered"]

FIGURE_KINDS = (".png", ".svg", ".pdf")


def _drawable(figure: Path | None) -> Path | None:
    """Refuse a figure of an unknown kind before anything is measured or written."""
    if figure is not None and figure.suffix.lower() not in FIGURE_KINDS:
        raise UsageError(expected="a figure ending in .png, .svg or .pdf", found=figure.name, do="change the ending")
    return figure


def _writable(overlay: Path | None) -> Path | None:
    """Refuse an overlay of an unknown kind before anything is measured or written."""
    if overlay is not None and overlay.suffix.lower() != ".mp4":
        raise UsageError(expected="an overlay ending in .mp4", found=overlay.name, do="change the ending")
    return overlay


Json = Annotated[bool, typer.Option("--json", help="Print raw numbers as one JSON object.")]
Figure = Annotated[
    Path | None,
    typer.Option("--figure", help="Write a picture of the result (PNG, SVG or PDF).", callback=_drawable),
]
Overlay = Annotated[
    Path | None,
    typer.Option("--overlay", help="Write the recording with the result drawn into it (MP4).", callback=_writable),
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
