"""Detectable difference: the smallest one that an analysis would have found with a given power, by its own error.

It is the planned power read off the data's spread: what an analysis that shows nothing could have seen. It is no
evidence about the effect itself.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DetectableDifference"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectableDifference:
    """The smallest detectable size of one difference of an analysis.

    Parameters
    ----------
    label
        As that of the difference.
    size
        In the outcome's unit, above 0.
    in_sd
        In residual standard deviations; `None` in a mixed model, which has several.
    power, alpha
        How often it would be found, and at which level.
    """

    label: str
    size: float
    in_sd: float | None
    power: float
    alpha: float
