"""Plate: a simulated BCA or ELISA plate, as the grid of absorbances a reader would export, with its layout beside it.

The truth is what the caller gives: concentrations in the undiluted samples. Signals follow a parabola (BCA) or a 4PL
(ELISA); each well has its own pipetting error (a share of its concentration), reader noise, and 4 decimals. Wells above
the reader's limit read ``OVRFLW``. Replicates lie side by side: standards in columns 1 and 2, then the samples in the
order given, down the plate; a sample and its spiked half lie below each other.
"""

from __future__ import annotations

import csv
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from littermate.errors import UsageError
from littermate.files import written_whole

__all__ = ["BCA_STANDARDS_UG_ML", "ELISA_STANDARDS_PG_ML", "layout_path", "write_bca", "write_elisa"]

BCA_STANDARDS_UG_ML = (2000.0, 1500.0, 1000.0, 750.0, 500.0, 250.0, 125.0, 0.0)
ELISA_STANDARDS_PG_ML = (1000.0, 500.0, 250.0, 125.0, 62.5, 31.25, 15.625, 0.0)

_ROWS, _COLUMNS, _REPLICATES = 8, 12, 2
_READER_LIMIT, _READER_SD = 4.0, 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What is pipetted into one pair of wells; `true` is the concentration that makes the colour."""

    role: str
    name: str
    true: float
    known: float | None = None
    dilution: float = 1.0


def write_bca(
    path: str | Path,
    concentrations: Mapping[str, float],
    *,
    seed: int,
    dilution: float = 2.0,
    standards: Sequence[float] = BCA_STANDARDS_UG_ML,
    cv: float = 0.025,
) -> Path:
    """Write a BCA plate and its layout; return the layout's path.

    Parameters
    ----------
    path
        Of the grid, a CSV file; the layout is ``<stem>.layout.csv`` beside it.
    concentrations
        True protein in the undiluted sample (ug/mL) by the sample's name. With 8 standards, 40 samples at most.
    seed
        Of the noise.
    dilution
        Fold dilution of every sample in its wells.
    standards
        Their concentrations, in ug/mL.
    cv
        Coefficient of variation of a single well.

    Raises
    ------
    UsageError
        If the samples do not fit on the plate, or a concentration is negative.

    Examples
    --------
    >>> import tempfile
    >>> grid = Path(tempfile.mkdtemp()) / "bca.csv"
    >>> write_bca(grid, {"CX41": 1500.0}, seed=1).name
    'bca.layout.csv'
    """
    contents = _standards(standards)
    contents += [
        _Content(role="sample", name=n, true=c / dilution, dilution=dilution) for n, c in concentrations.items()
    ]
    return _write(Path(path), contents, _bca_signal, random=np.random.default_rng([seed, 0]), cv=cv)


def write_elisa(
    path: str | Path,
    concentrations: Mapping[str, float],
    *,
    spike: float | None,
    recovery: Mapping[str, float] | float = 1.0,
    seed: int,
    spike_volume_fraction: float = 0.0,
    dilution: float = 1.0,
    standards: Sequence[float] = ELISA_STANDARDS_PG_ML,
    cv: float = 0.025,
) -> Path:
    """Write an ELISA plate and its layout; return the layout's path.

    Parameters
    ----------
    path
        Of the grid, a CSV file; the layout is ``<stem>.layout.csv`` beside it.
    concentrations
        True concentration in the undiluted sample (pg/mL) by the sample's name. With 8 standards, 20 samples with
        their spiked halves at most, or 40 without.
    spike
        What the spike adds to the final volume (pg/mL); `None` for a plate without spiked halves.
    recovery
        The part of the spike (1 = all) that is found again, for every sample or by its name.
    seed
        Of the noise.
    spike_volume_fraction
        Volume of the spike over the final volume: the spiked half's own analyte is diluted by it.
    dilution
        Fold dilution of every sample in its wells.
    standards
        Their concentrations, in pg/mL.
    cv
        Coefficient of variation of a single well.

    Raises
    ------
    UsageError
        If the samples do not fit on the plate, a concentration is negative, or a sample has no recovery.

    Examples
    --------
    >>> import tempfile
    >>> grid = Path(tempfile.mkdtemp()) / "elisa.csv"
    >>> write_elisa(grid, {"CX41": 120.0}, spike=250.0, recovery=0.95, seed=1).name
    'elisa.layout.csv'
    """
    contents = _standards(standards)
    for name, concentration in concentrations.items():
        contents.append(_Content(role="sample", name=name, true=concentration / dilution, dilution=dilution))
        if spike is not None:
            found = (1 - spike_volume_fraction) * concentration + spike * _share(recovery, name)
            half = _Content(role="spiked", name=name, true=found / dilution, known=spike, dilution=dilution)
            contents.append(half)
    return _write(Path(path), contents, _elisa_signal, random=np.random.default_rng([seed, 1]), cv=cv)


def layout_path(path: str | Path) -> Path:
    """Return where the layout of a grid is written.

    Examples
    --------
    >>> layout_path("plates/bca.csv").name
    'bca.layout.csv'
    """
    path = Path(path)
    return path.with_name(f"{path.stem}.layout.csv")


def _bca_signal(concentration: float) -> float:
    """Return the absorbance at 562 nm of ug/mL protein: 0.09 without any, about 1.9 at 2000."""
    return 0.09 + 1.1e-3 * concentration - 1.0e-7 * concentration**2


def _elisa_signal(concentration: float) -> float:
    """Return the absorbance at 450 nm of pg/mL analyte, by a 4PL from 0.06 to 3.4 with its midpoint at 450."""
    power: float = (concentration / 450.0) ** 1.15
    return 3.4 + (0.06 - 3.4) / (1 + power)


def _standards(concentrations: Sequence[float]) -> list[_Content]:
    return [
        _Content(role="standard", name=f"STD{number}", true=concentration, known=concentration)
        for number, concentration in enumerate(concentrations, start=1)
    ]


def _share(recovery: Mapping[str, float] | float, name: str) -> float:
    if not isinstance(recovery, Mapping):
        return float(recovery)
    if name not in recovery:
        raise UsageError(expected="a recovery for every sample", found=f"none for {name}", do="add it")
    return recovery[name]


def _write(
    path: Path,
    contents: Sequence[_Content],
    signal: Callable[[float], float],
    *,
    random: np.random.Generator,
    cv: float,
) -> Path:
    """Pipette, read and write."""
    _check(contents)
    grid = [[""] * _COLUMNS for _ in range(_ROWS)]
    layout: list[Sequence[object]] = [("well", "role", "content", "concentration", "dilution")]
    for place, content in enumerate(contents):
        row, pair = place % _ROWS, place // _ROWS
        for column in range(_REPLICATES * pair, _REPLICATES * (pair + 1)):
            pipetted = content.true * (1 + cv * random.standard_normal())
            grid[row][column] = _as_read(signal(max(pipetted, 0.0)) + _READER_SD * random.standard_normal())
            known = "" if content.known is None else repr(content.known)
            well = f"{string.ascii_uppercase[row]}{column + 1}"
            layout.append((well, content.role, content.name, known, f"{content.dilution:g}"))
    header = ["", *(str(column + 1) for column in range(_COLUMNS))]
    _write_csv(path, [header, *([letter, *row] for letter, row in zip(string.ascii_uppercase, grid, strict=False))])
    _write_csv(layout_path(path), layout)
    return layout_path(path)


def _as_read(absorbance: float) -> str:
    return f"{absorbance:.4f}" if absorbance <= _READER_LIMIT else "OVRFLW"


def _write_csv(path: Path, rows: Iterable[Sequence[object]]) -> None:
    with written_whole(path) as part, part.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _check(contents: Sequence[_Content]) -> None:
    room = _ROWS * _COLUMNS // _REPLICATES
    if len(contents) > room:
        known = sum(content.role == "standard" for content in contents)
        raise UsageError(
            expected=f"{room} pairs of wells or fewer on one plate",
            found=f"{len(contents)}: {known} standards and {len(contents) - known} samples and spiked halves",
            do="spread the samples over several plates",
        )
    wrong = [content.name for content in contents if not content.true >= 0]
    if wrong:
        raise UsageError(expected="concentrations of 0 or more", found=f"less in {', '.join(wrong)}", do="correct them")
