"""BCA: total protein from the bicinchoninic acid assay, by a quadratic standard curve.

Source of the method: Smith et al., Anal Biochem 150:76-85, 1985. The colour rises a little less than in proportion to
the protein, which a parabola follows between its standards (commonly 0 to 2000 ug/mL albumin) and nowhere else.
"""

from __future__ import annotations

from littermate.model.plate import Plate
from littermate.plates.quantify import PlateResult, quantify
from littermate.plates.rules import BcaRules, PlateRules

__all__ = ["quantify_bca"]


def quantify_bca(plate: Plate, *, rules: PlateRules | None = None) -> PlateResult:
    """Quantify a BCA plate, by `BcaRules` unless other rules are given.

    Raises
    ------
    PlateError
        If there are too few standards with a signal for the curve.

    Examples
    --------
    >>> from littermate.model.plate import Well
    >>> known = [Well(name=f"A{i + 1}", absorbance=0.1 + c / 1000, role="standard", content=f"S{i}", concentration=c)
    ...          for i, c in enumerate([0.0, 250.0, 500.0, 1000.0, 2000.0])]
    >>> sample = Well(name="B1", absorbance=0.85, content="CX41")
    >>> plate = Plate(name="plate", kind="bca", unit="ug/mL", wells=(*known, sample))
    >>> round(quantify_bca(plate).samples[0].concentration, 6)
    750.0
    """
    return quantify(plate, rules=rules or BcaRules())
