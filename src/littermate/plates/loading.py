"""Loading: how much of each sample, and of buffer, for equal protein in an equal volume on a gel.

Volumes are in uL. All lanes get `volume_ul`; `dye_ul` of it is concentrated loading buffer, the same in every lane, and
what is left is filled by sample and then by lysis buffer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from littermate.errors import Complaint, UsageError
from littermate.model.plate import SampleResult
from littermate.units import parse_quantity

__all__ = ["Lanes", "LoadingRow", "loading_table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadingRow:
    """One lane's volumes.

    `flags` are of ``"too dilute"`` (the wanted protein does not fit into the common volume), ``"under 1 uL"`` (cannot
    be pipetted exactly; the number is that of `least_ul`) and ``"over the well"``. Without a concentration there are no
    volumes, but a `reason`. A sample that is too dilute has its volume, but no buffer.
    """

    sample: str
    concentration_ug_ul: float | None
    sample_ul: float | None
    buffer_ul: float | None
    dye_ul: float
    total_ul: float
    flags: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """What all lanes of a gel have in common.

    Parameters
    ----------
    protein_ug, volume_ul
        Wanted protein and total volume of every lane.
    well_ul
        What a well of the gel holds (30 uL: ten wells, 1 mm).
    dye_ul
        Concentrated loading buffer in every lane, part of `volume_ul`.
    least_ul
        The least volume that can be pipetted exactly.

    Raises
    ------
    UsageError
        If an amount or a volume is not above zero, or the loading buffer leaves no room. All complaints at once.

    Examples
    --------
    >>> Lanes(protein_ug=40, volume_ul=30).words
    '40 ug in 30 uL, wells hold 30 uL'
    """

    protein_ug: float
    volume_ul: float
    well_ul: float = 30.0
    dye_ul: float = 0.0
    least_ul: float = 1.0

    @property
    def words(self) -> str:
        """The lanes in words."""
        dye = f", of which {self.dye_ul:g} uL loading buffer" if self.dye_ul else ""
        return f"{self.protein_ug:g} ug in {self.volume_ul:g} uL{dye}, wells hold {self.well_ul:g} uL"

    def row(self, sample: SampleResult) -> LoadingRow:
        """Return one sample's volumes."""
        strength = _strength_ug_ul(sample)
        wanted = None if strength is None else self.protein_ug / strength
        room = self.volume_ul - self.dye_ul
        return LoadingRow(
            sample=sample.name,
            concentration_ug_ul=strength,
            sample_ul=wanted,
            buffer_ul=None if wanted is None or wanted > room else room - wanted,
            dye_ul=self.dye_ul,
            total_ul=self.volume_ul if wanted is None else max(self.volume_ul, wanted + self.dye_ul),
            flags=() if wanted is None else self._flags(wanted, room),
            reason="" if wanted is not None else sample.reason or "no protein found",
        )

    def _flags(self, wanted: float, room: float) -> tuple[str, ...]:
        flags = (
            (wanted > room, "too dilute"),
            (wanted < self.least_ul, f"under {self.least_ul:g} uL"),
            (max(self.volume_ul, wanted + self.dye_ul) > self.well_ul, "over the well"),
        )
        return tuple(flag for true, flag in flags if true)

    def __post_init__(self) -> None:
        complaints = [
            Complaint(expected=f"{name} above 0", found=f"{amount:g}", do="correct it")
            for name in ("protein_ug", "volume_ul", "well_ul", "least_ul")
            if not (amount := getattr(self, name)) > 0
        ]
        if not 0 <= self.dye_ul < self.volume_ul:
            expected = f"dye_ul of 0 or more and below the volume of {self.volume_ul:g} uL"
            complaints.append(Complaint(expected=expected, found=f"{self.dye_ul:g}", do="correct it"))
        if complaints:
            raise UsageError.of(complaints)


def loading_table(samples: Iterable[SampleResult], lanes: Lanes) -> tuple[LoadingRow, ...]:
    """Return each unspiked sample's volumes.

    Parameters
    ----------
    samples
        Of a protein assay; their unit must be a mass concentration.
    lanes
        What every lane is to hold.

    Examples
    --------
    >>> sample = SampleResult(name="CX41", wells=("B1",), signal=0.8, concentration=4000.0, unit="ug/mL", ci=None,
    ...                       in_range=True, cv_percent=None, dilution=1.0)
    >>> row, = loading_table([sample], Lanes(protein_ug=40, volume_ul=20))
    >>> row.sample_ul, row.buffer_ul
    (10.0, 10.0)
    """
    return tuple(lanes.row(sample) for sample in samples if not sample.spiked)


def _strength_ug_ul(sample: SampleResult) -> float | None:
    """Return the sample's protein in ug/uL, or `None` where it is not known or not above zero."""
    if sample.concentration is None or sample.concentration <= 0:
        return None
    return sample.concentration * parse_quantity(f"1 {sample.unit}", "ug/uL")
