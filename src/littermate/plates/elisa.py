"""ELISA: an analyte from its four-parameter logistic standard curve.

Source of the method: Findlay and Dillard, AAPS J 9:E260-E267, 2007 (4PL and 5PL, weighting by the variance of the
signal). Percent recovery of a spike is in `littermate.plates.recovery`.
"""

from __future__ import annotations

from littermate.model.plate import Plate
from littermate.plates.quantify import PlateResult, quantify
from littermate.plates.rules import ElisaRules, PlateRules

__all__ = ["quantify_elisa"]


def quantify_elisa(plate: Plate, *, rules: PlateRules | None = None) -> PlateResult:
    """Quantify an ELISA plate, by `ElisaRules` unless other rules are given.

    Raises
    ------
    PlateError
        If there are too few standards with a signal for the curve, or a signal of 0 or less with weights.

    Examples
    --------
    >>> from littermate.model.plate import Well
    >>> known = [Well(name=f"A{i + 1}", absorbance=3 - 2.95 / (1 + c / 400), role="standard", content=f"S{i}",
    ...               concentration=c) for i, c in enumerate([0.0, 31.25, 62.5, 125.0, 250.0, 500.0, 1000.0])]
    >>> sample = Well(name="B1", absorbance=3 - 2.95 / 2, content="CX41")
    >>> plate = Plate(name="plate", kind="elisa", unit="pg/mL", wells=(*known, sample))
    >>> round(quantify_elisa(plate).samples[0].concentration, 6)
    400.0
    """
    return quantify(plate, rules=rules or ElisaRules())
