"""Picture: figures into files and bytes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from littermate.errors import UsageError
from littermate.files import written_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["as_png", "figure_kind", "save"]


def as_png(figure: Figure, *, dpi: int = 110) -> bytes:
    """Return a figure as the bytes of a PNG file of at most 256 colours, without a text in it but what is drawn.

    Half as large as with all its colours, which a picture to look at does not need; grey stays as it is.
    """
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=dpi)
    picture = Image.open(drawn).convert("RGB")
    red, green, blue = picture.split()
    grey = red.tobytes() == green.tobytes() == blue.tobytes()
    few = red if grey else picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    kept = io.BytesIO()
    few.save(kept, format="png", optimize=True)
    return kept.getvalue()


def save(figure: Figure, path: str | Path) -> None:
    """Write a figure; the ending chooses the format (PNG, SVG, PDF).

    Raises
    ------
    UsageError
        If the ending is none of these.
    """
    path = Path(path)
    kind = figure_kind(path)
    with written_whole(path) as part:
        figure.savefig(part, format=kind, dpi=200)


def figure_kind(path: str | Path) -> str:
    """Return the format that a figure's name asks for.

    Examples
    --------
    >>> figure_kind("trial.PNG")
    'png'
    """
    kind = Path(path).suffix.lower().lstrip(".")
    if kind not in ("png", "svg", "pdf"):
        raise UsageError(
            expected="a figure ending in .png, .svg or .pdf", found=Path(path).name, do="change the ending"
        )
    return kind
