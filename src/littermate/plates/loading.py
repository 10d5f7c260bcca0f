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

__all__ = ["LoadingRow", "loading_table"]


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


def loading_table(
    samples: Iterable[SampleResult],
    *,
    protein_ug: float,
    volume_ul: float,
    well_ul: float = 30.0,
    least_ul: float = 1.0,
    dye_ul: float = 0.0,
) -> tuple[LoadingRow, ...]:
    """Return each unspiked sample's volumes.

    Parameters
    ----------
    samples
        Of a protein assay; their unit must be a mass concentration.
    protein_ug, volume_ul
        Wanted protein and total volume of every lane.
    well_ul
        What a well of the gel holds.
    least_ul
        The least volume that can be pipetted exactly.
    dye_ul
        Concentrated loading buffer in every lane, part of `volume_ul`.

    Raises
    ------
    UsageError
        If an amount or a volume is not above zero, or the loading buffer leaves no room.

    Examples
    --------
    >>> sample = SampleResult(name="CX41", wells=("B1",), signal=0.8, concentration=4000.0, unit="ug/mL", ci=None,
    ...                       in_range=True, cv_percent=None, dilution=1.0)
    >>> row, = loading_table([sample], protein_ug=40, volume_ul=20)
    >>> row.sample_ul, row.buffer_ul
    (10.0, 10.0)
    """
    lanes = _Lanes(protein_ug=protein_ug, volume_ul=volume_ul, well_ul=well_ul, least_ul=least_ul, dye_ul=dye_ul)
    lanes.check()
    return tuple(lanes.row(sample) for sample in samples if not sample.spiked)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lanes:
    """What all lanes have in common."""

    protein_ug: float
    volume_ul: float
    well_ul: float
    least_ul: float
    dye_ul: float

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
            total_ul=self.volume_ul,
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

    def check(self) -> None:
        """Refuse amounts that cannot be meant."""
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


def _strength_ug_ul(sample: SampleResult) -> float | None:
    """Return the sample's protein in ug/uL, or `None` where it is not known or not above zero."""
    if sample.concentration is None or sample.concentration <= 0:
        return None
    return sample.concentration * parse_quantity(f"1 {sample.unit}", "ug/uL")
