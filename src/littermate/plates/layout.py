"""Layout: which wells of a plate belong together, and what their signals come to.

A `Replicates` is all wells of one content, role, concentration and dilution. Wells without a number, and wells that a
person left out, are kept with their reasons; where one overflowed, the mean of the others would be too low, and there
is none.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from littermate.model.plate import Plate, Well

__all__ = ["OVERFLOWS", "Replicates", "group_wells"]

OVERFLOWS = ("overflow", "out of the reader's range")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicates:
    """The wells of one thing, and `offset`, the blank signal to subtract from each."""

    wells: tuple[Well, ...]
    offset: float = 0.0

    @property
    def name(self) -> str:
        """What is in the wells."""
        return self.wells[0].content

    @property
    def concentration(self) -> float | None:
        """Known concentration of a standard, or what was added to a spiked sample."""
        return self.wells[0].concentration

    @property
    def dilution(self) -> float:
        """Fold dilution of the sample."""
        return self.wells[0].dilution

    @property
    def used(self) -> tuple[Well, ...]:
        """The wells that nobody left out."""
        return tuple(well for well in self.wells if not well.excluded)

    @property
    def signals(self) -> tuple[float, ...]:
        """Blank-corrected signals of the wells that have one; none at all where a well overflowed."""
        if any(well.reason in OVERFLOWS for well in self.used):
            return ()
        return tuple(well.absorbance - self.offset for well in self.used if well.absorbance is not None)

    @property
    def signal(self) -> float | None:
        """Mean signal, or `None`."""
        return statistics.fmean(self.signals) if self.signals else None

    @property
    def cv_percent(self) -> float | None:
        """Standard deviation over mean, in percent; `None` with fewer than two wells or no signal but noise."""
        nothing = self.concentration == 0 and self.offset > 0
        if len(self.signals) < 2 or self.signal is None or self.signal <= 0 or nothing:
            return None
        return 100 * statistics.stdev(self.signals) / self.signal

    @property
    def lost(self) -> str:
        """The wells that do not count and why, in words: ``"A1 overflow, A2 excluded (bubble)"``."""
        words = [(well.name, f"excluded ({well.excluded})" if well.excluded else well.reason) for well in self.wells]
        absent = {well.name for well in self.wells if well.excluded or well.absorbance is None}
        return ", ".join(f"{name} {why}" for name, why in words if name in absent)


def group_wells(plate: Plate, roles: Iterable[str], *, offset: float = 0.0) -> tuple[Replicates, ...]:
    """Group the plate's wells of these roles, in the order in which they come on the plate.

    Examples
    --------
    >>> wells = (Well(name="A1", absorbance=0.5, content="x"), Well(name="A2", absorbance=0.7, content="x"))
    >>> group_wells(Plate(name="p", kind="bca", unit="ug/mL", wells=wells), ["sample"])[0].signal
    0.6
    """
    roles = tuple(roles)
    groups: dict[tuple[str, str, float | None, float], list[Well]] = {}
    for well in plate.wells:
        if well.role in roles:
            groups.setdefault((well.role, well.content, well.concentration, well.dilution), []).append(well)
    return tuple(Replicates(wells=tuple(wells), offset=offset) for wells in groups.values())
