"""Plate: absorbances in wells, what is in each well, and what was computed from them.

Wells are named as on the plate: row letter, column number from 1 (``"C4"``). A well without a number has
`absorbance` `None` and a `reason` (``"masked"``, ``"overflow"``, ``"empty"``), and never becomes 0.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.errors import DataError

__all__ = ["Limits", "Plate", "SampleResult", "StandardResult", "StandardWell", "Well"]

Limits = tuple[float | None, float | None]
"""A confidence interval's lower and upper limit; `None` on a side that the data leave open."""

ROLES = ("standard", "sample", "blank", "spiked", "empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Well:
    """One well.

    Parameters
    ----------
    name
        ``"A1"`` to ``"H12"`` (or ``"P24"``).
    absorbance
        As the reader gave it, `None` where there is none; then `reason` says why.
    role
        ``"standard"``, ``"sample"``, ``"blank"``, ``"spiked"`` (a sample to which standard was added) or
        ``"empty"``.
    content
        Name of the sample or of the standard; replicates share it.
    concentration
        Of a standard: known; of a spiked well: what was added, in the plate's unit, in the final volume. Else `None`.
    dilution
        Fold dilution of the sample in the well (2 = one half).
    excluded
        Why a person left the well out, in that person's words; empty where nobody did. The signal stays.
    """

    name: str
    absorbance: float | None
    reason: str = ""
    role: str = "sample"
    content: str = ""
    concentration: float | None = None
    dilution: float = 1.0
    excluded: str = ""

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise DataError(
                expected=f"one of {', '.join(ROLES)}",
                found=self.role,
                do="correct the layout",
                where=f"well {self.name}",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """One read of one plate.

    Parameters
    ----------
    name
        As the file calls it; plates of one name in a file are numbered (``"Plate1 (2)"``).
    kind
        ``"bca"`` or ``"elisa"``.
    unit
        Of the standards' concentrations.
    wells
        Those that the file has; a partial plate lacks the others.
    path, sha256
        The file.
    format
        As which the file was recognised (``"SoftMax Pro"``).
    read
        Which of the file's reads this is (``"450"``), empty where it names none.
    notes
        What a person should know of the reading: every part of the file that was not used, and what was taken for
        granted.
    printed
        Concentrations that the reader's own program printed, by well: to compare with, never used.
    """

    name: str
    kind: str
    unit: str
    wells: tuple[Well, ...]
    path: str = ""
    sha256: str = ""
    format: str = ""
    read: str = ""
    notes: tuple[str, ...] = ()
    printed: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardWell:
    """One well of a standard: its blank-corrected signal and what the curve makes of it.

    `studentised` is the externally studentised residual of a well to which the curve was fitted; `outlier` is set where
    it is larger than chance allows. Nothing is left out because of it. `reason` says why there is no signal, `excluded`
    why a person left the well out.
    """

    name: str
    signal: float | None
    back_calculated: float | None
    recovery_percent: float | None
    studentised: float | None = None
    outlier: bool = False
    reason: str = ""
    excluded: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardResult:
    """One standard: its mean signal, what the curve makes of it, and how near that is to the truth.

    `cv_percent` is of the wells' signals and `back_cv_percent` of what they come back as; `usable` whether the standard
    may end the range; `outlier` whether one of its wells (or its mean, where means were fitted) lies off the curve.
    """

    name: str
    concentration: float
    signal: float | None
    back_calculated: float | None
    recovery_percent: float | None
    cv_percent: float | None
    reason: str = ""
    back_cv_percent: float | None = None
    studentised: float | None = None
    outlier: bool = False
    usable: bool = False
    wells: tuple[StandardWell, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleResult:
    """One sample's concentration in the undiluted sample, or the reason why there is none.

    `spiked` marks the half to which standard was added. `ci_reason` says why a limit of `ci` is open.
    """

    name: str
    wells: tuple[str, ...]
    signal: float | None
    concentration: float | None
    unit: str
    ci: Limits | None
    in_range: bool
    cv_percent: float | None
    dilution: float
    reason: str = ""
    spiked: bool = False
    ci_reason: str = ""
