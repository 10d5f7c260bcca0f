"""Thresholds: an assay's rules as they were fitted to this laboratory's blinded scores and taken into use.

Only a calibration that agreed well enough can be taken into use; `words` say how well. The newest of an assay counts.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Thresholds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Fitted rules of one assay.

    Parameters
    ----------
    assay
        Name of the assay in the protocol.
    settings
        Rules that differ from the assay's own, as (name, value) pairs.
    words
        How many animals, and how the held-out scores agreed.
    """

    assay: str
    settings: tuple[tuple[str, float | str], ...]
    words: str
