"""The lines of text below a figure, wrapped to its width."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from littermate.report.style import MM

__all__ = ["figure_with_caption"]

_LETTERS_A_MM, _LINE_MM, _ROOM_MM = 0.77, 3.4, 4.0


def figure_with_caption(texts: Iterable[str], *, width_mm: float, height_mm: float) -> Figure:
    """Return an empty figure of that width, made higher by what its caption takes.

    Parameters
    ----------
    texts
        Sentences, each beginning a line.
    width_mm, height_mm
        Of the figure without its caption.
    """
    lines = [line for text in texts for line in textwrap.wrap(text, int(width_mm * _LETTERS_A_MM))]
    size = (width_mm * MM, (height_mm + _ROOM_MM + len(lines) * _LINE_MM) * MM)
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    figure.supxlabel("\n".join(["", *lines]), x=0.02, ha="left", fontsize=6.5, linespacing=1.35)
    return figure
