"""SensitivityRow: one effect by one way of analysing it, to be read beside the planned one.

A conclusion that only one row carries is not robust; the planned row stays the primary one all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.interval import Interval

__all__ = ["SensitivityRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityRow:
    """One effect by one analysis.

    Parameters
    ----------
    analysis
        ``"planned"``, ``"HC3"``, ``"ATS"``, ``"log scale"``, ``"without outliers (MAD)"`` ...
    term, n
        The effect; the units in the model.
    f, df, df_error, p
        Its test; `None` where the analysis does not answer it, and `note` says why.
    estimate, ci95
        The difference of marginal means of an effect of two-level factors (for an interaction the difference of
        differences), or the slope of a covariate; `None` for other effects and for ranks.
    measure
        What the estimate is: ``"difference"`` or ``"ratio"``.
    left_out
        Units that this analysis leaves out beside the missing ones.
    note
        What a reader should know, in a sentence.
    """

    analysis: str
    term: str
    n: int
    f: float | None
    df: float | None
    df_error: float | None
    p: float | None
    estimate: float | None = None
    ci95: Interval | None = None
    measure: str = "difference"
    left_out: tuple[str, ...] = ()
    note: str = ""

    @property
    def answers(self) -> bool:
        """Whether it has an answer of its own: an outlier rule that names nobody gives the planned one again."""
        return self.p is not None and not (self.analysis.startswith("without outliers") and not self.left_out)
