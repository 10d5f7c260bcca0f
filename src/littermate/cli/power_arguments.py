"""Power arguments: what people write for a design, sizes, shares and means; a wrong one is a wrong call."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from littermate.errors import Complaint, TableError, UsageError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["design_of", "means_table", "numbers_of", "share_of", "sizes_of"]

Levels = tuple[tuple[str, int], ...]
_MOST_GROUPS = 256


def design_of(words: Sequence[str]) -> Levels:
    """Read a design: ``2x2``, or factors with their numbers of levels.

    Raises
    ------
    UsageError
        If it is neither.

    Examples
    --------
    >>> design_of(["3x2"])
    (('A', 3), ('B', 2))
    >>> design_of(["magnesium:2", "ketamine:3"])
    (('magnesium', 2), ('ketamine', 3))
    """
    text = " ".join(words)
    crossed = re.sub(r"\s*[x×*X]\s*", "x", text.strip())
    if re.fullmatch(r"\d{1,3}(x\d{1,3})*", crossed):
        counts = crossed.split("x")
        return _of_possible_size(tuple((chr(ord("A") + place), int(count)) for place, count in enumerate(counts)))
    named = [re.fullmatch(r"([^:=*,]+?)\s*[:=]\s*(\d{1,3})", word.strip(" ,")) for word in words]
    if not words or not all(named):
        raise UsageError(
            expected="a design, such as 2x2 or magnesium:2 ketamine:2",
            found=repr(text) if words else "none",
            do="write the number of levels of every factor",
        )
    return _of_possible_size(tuple((one[1], int(one[2])) for one in named if one))


def _of_possible_size(levels: Levels) -> Levels:
    groups = math.prod(count for _, count in levels)
    if groups > _MOST_GROUPS:
        raise UsageError(expected=f"a design of {_MOST_GROUPS} groups at most", found=f"{groups}", do="plan fewer")
    return levels


def numbers_of(text: str, what: str) -> tuple[float, ...]:
    """Read numbers with commas between them.

    Examples
    --------
    >>> numbers_of("0.5, 1", "sizes")
    (0.5, 1.0)
    """
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if not found or not all(map(math.isfinite, found)):
        do = "write them without units, with a decimal point"
        raise UsageError(expected=f"{what}: numbers with commas between them", found=repr(text), do=do)
    return found


def sizes_of(text: str, cells: int, what: str = "units a group") -> tuple[int, ...]:
    """Read one whole number for all groups, or one a group.

    Examples
    --------
    >>> sizes_of("8", 4), sizes_of("8,7,8,6", 4)
    ((8, 8, 8, 8), (8, 7, 8, 6))
    """
    found = numbers_of(text, what)
    if len(found) not in (1, cells) or any(one != round(one) or not 1 <= one <= 1e6 for one in found):
        do = f"write one for all groups, or {cells}"
        raise UsageError(expected=f"{what}: whole numbers of 1 or more", found=repr(text), do=do)
    return tuple(int(one) for one in (found * cells if len(found) == 1 else found))


def share_of(text: str, what: str) -> float:
    """Read a share: ``10%`` or ``0.1``.

    Examples
    --------
    >>> share_of("10%", "lost"), share_of("0.2", "lost")
    (0.1, 0.2)
    """
    percent = text.strip().endswith("%")
    try:
        found = float(text.strip().rstrip("%")) / (100 if percent else 1)
    except ValueError:
        found = math.nan
    if not 0 <= found < 1:
        raise UsageError(expected=f"{what}: a share from 0 to below 1", found=repr(text), do="write 10% or 0.1")
    return found


def means_table(path: Path) -> tuple[Levels, tuple[float, ...]]:
    """Read a CSV table of cell means: a column for every factor, and one called ``mean``.

    Returns
    -------
    tuple
        The design, its levels in the order of the file, and the means, the last factor running fastest.

    Raises
    ------
    TableError
        If a cell is missing or there twice, or a mean is no number.
    """
    from littermate.stats.table import read_table

    frame = read_table(path)
    factors = [name for name in frame.columns if name != "mean"]
    if "mean" not in frame.columns or not factors:
        found = ", ".join(frame.columns)
        do = "name the column of the means 'mean', and have no other column"
        raise TableError(expected="columns of factors and one called mean", found=found, do=do, where=str(path))
    levels = [list(dict.fromkeys(frame[name])) for name in factors]
    means, complaints = [], []
    for cell in itertools.product(*levels):
        rows = frame[(frame[factors] == list(cell)).all(axis=1)]
        value = _mean_of(rows)
        means.append(value)
        if not math.isfinite(value):
            found = ", ".join(rows["mean"]) or "no row"
            do = "give every combination of levels one line with its mean"
            complaints.append(Complaint(expected="one mean", found=found, do=do, where=f"{path}, {', '.join(cell)}"))
    if complaints:
        raise TableError.of(complaints)
    return tuple((name, len(found)) for name, found in zip(factors, levels, strict=True)), tuple(means)


def _mean_of(rows: pd.DataFrame) -> float:
    try:
        return float(rows["mean"].iloc[0]) if len(rows) == 1 else math.nan
    except ValueError:
        return math.nan
