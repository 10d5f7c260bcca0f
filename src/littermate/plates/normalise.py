"""Normalise: an analyte per mg of the tissue, or of the protein, that it was found in.

The sample is the undiluted lysate. Per tissue: concentration x volume of the lysate / weight of the tissue. Per
protein: concentration / protein of the same lysate, by its own protein assay. A weight or a protein that is not known
leaves the value missing, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.plate import Limits, SampleResult
from littermate.units import parse_quantity

__all__ = ["Normalised", "TissueAmount", "per_protein", "per_tissue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TissueAmount:
    """How much tissue (mg) was lysed, and the volume of the lysate (mL); `None` where nobody wrote it down."""

    tissue_mg: float | None
    lysate_ml: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalised:
    """A sample's analyte in pg/mg, with the interval of its concentration carried along, or the reason for none."""

    value: float | None
    ci: Limits | None = None
    reason: str = ""


def per_tissue(sample: SampleResult, amount: TissueAmount | None) -> Normalised:
    """Return pg of the analyte per mg of tissue.

    Examples
    --------
    >>> sample = SampleResult(name="CX41", wells=("B1",), signal=0.8, concentration=120.0, unit="pg/mL",
    ...                       ci=(90.0, 150.0), in_range=True, cv_percent=None, dilution=1.0)
    >>> per_tissue(sample, TissueAmount(tissue_mg=30.0, lysate_ml=0.5))
    Normalised(value=2.0, ci=(1.5, 2.5), reason='')
    >>> per_tissue(sample, TissueAmount(tissue_mg=None, lysate_ml=0.5)).reason
    'the weight of its tissue is not known'
    """
    if amount is None or amount.tissue_mg is None:
        return Normalised(value=None, reason="the weight of its tissue is not known")
    if amount.lysate_ml is None:
        return Normalised(value=None, reason="the volume of its lysate is not known")
    return _scaled(sample, amount.lysate_ml / amount.tissue_mg)


def per_protein(sample: SampleResult, protein: SampleResult | None) -> Normalised:
    """Return pg of the analyte per mg of protein; the interval is that of the analyte alone.

    Examples
    --------
    >>> sample = SampleResult(name="CX41", wells=("B1",), signal=0.8, concentration=120.0, unit="pg/mL", ci=None,
    ...                       in_range=True, cv_percent=None, dilution=1.0)
    >>> protein = SampleResult(name="CX41", wells=("C1",), signal=0.8, concentration=4000.0, unit="ug/mL", ci=None,
    ...                        in_range=True, cv_percent=None, dilution=1.0)
    >>> per_protein(sample, protein).value
    30.0
    """
    if protein is None:
        return Normalised(value=None, reason="its protein was not measured")
    if protein.concentration is None or protein.concentration <= 0:
        return Normalised(value=None, reason=f"its protein is not known: {protein.reason or 'none found'}")
    return _scaled(sample, 1 / (protein.concentration * parse_quantity(f"1 {protein.unit}", "mg/mL")))


def _scaled(sample: SampleResult, factor: float) -> Normalised:
    if sample.concentration is None:
        return Normalised(value=None, reason=sample.reason)
    factor *= parse_quantity(f"1 {sample.unit}", "pg/mL")
    low, high = (None if limit is None else limit * factor for limit in sample.ci or (None, None))
    return Normalised(value=sample.concentration * factor, ci=None if sample.ci is None else (low, high))
