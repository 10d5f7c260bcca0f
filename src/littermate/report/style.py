"""How figures look: journal widths, 7-8 pt sans-serif type, a palette safe for colour-blind readers, embedded fonts.

Sizes are millimetres. The colours are Okabe and Ito's (2008, *Color Universal Design*), neutral grey first, so that
the control of a design is grey; hatches and the shapes of points tell the same without colours. PDF files embed
TrueType fonts (type 42, text stays text); in SVG files letters are paths, so that they look the same on every machine.
Names are taken as they are: a $ starts no formula.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib
from matplotlib import font_manager
from matplotlib.colors import to_rgb

__all__ = [
    "DOUBLE_MM",
    "HATCHES",
    "INK",
    "LINES",
    "MARKERS",
    "MM",
    "PALETTE",
    "SINGLE_MM",
    "figure_style",
    "group_colour",
    "group_hatch",
    "group_marker",
    "tinted",
]

MM = 1 / 25.4
SINGLE_MM, DOUBLE_MM = 89.0, 183.0
PALETTE = ("#8a8f94", "#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#0072b2", "#d55e00", "#b8a900")
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----", "||||", "++++")
MARKERS = (("o", 1.0), ("s", 0.76), ("^", 1.0), ("D", 0.52), ("v", 1.0), ("P", 0.9), ("<", 1.0), ("X", 0.9))
"""Shapes of points, and what they need of a circle's area to look as large."""
LINES = ("solid", (0, (4, 1.5)), (0, (1.2, 1.2)), (0, (5, 1.5, 1.2, 1.5)))
INK = "#1b2126"
_ALONE = threading.RLock()
_FONTS = ("Arial", "Helvetica", "Liberation Sans", "DejaVu Sans")


def group_colour(index: int) -> str:
    """Return the colour of a group, the first being the control's."""
    return PALETTE[index % len(PALETTE)]


def tinted(colour: str, share: float) -> tuple[float, float, float]:
    """Return a colour thinned with white: a share of 1 is the colour. It hides what is below, unlike one half clear.

    Examples
    --------
    >>> tinted("#000000", 0.25)
    (0.75, 0.75, 0.75)
    """
    red, green, blue = (1 - share * (1 - part) for part in to_rgb(colour))
    return red, green, blue


def group_hatch(index: int) -> str:
    """Return the hatch of a group's bar: a second sign beside the colour, which is there in print without colours."""
    return HATCHES[index % len(HATCHES)]


def group_marker(index: int) -> tuple[str, float]:
    """Return the shape of a group's points, and the share of a circle's area that makes it look as large."""
    return MARKERS[index % len(MARKERS)]


def _font() -> str:
    have = {entry.name for entry in font_manager.fontManager.ttflist}
    return next((name for name in _FONTS if name in have), "DejaVu Sans")


@contextmanager
def figure_style() -> Iterator[None]:
    """Draw and save figures in this context; one thread at a time, as the settings are the whole program's."""
    settings = {
        "font.family": list(dict.fromkeys((_font(), "DejaVu Sans"))),
        "font.size": 7.0,
        "axes.labelsize": 7.5,
        "axes.titlesize": 8.0,
        "xtick.labelsize": 7.0,
        "ytick.labelsize": 7.0,
        "axes.linewidth": 0.6,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.major.size": 2.5,
        "ytick.major.size": 2.5,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "axes.unicode_minus": True,
        "hatch.linewidth": 0.5,
        "text.parse_math": False,
        "text.hinting": "none",  # letters are as wide at any resolution
        "pdf.fonttype": 42,
        "ps.fonttype": 42,  # matplotlib 3.11 parts the letters of a PDF by it: a minus would get a font of its own
        "svg.fonttype": "path",
        "svg.hashsalt": "littermate",
        "savefig.dpi": 300,
    }
    with _ALONE, matplotlib.rc_context(settings):
        yield
