"""RobustAnova: the effects of a plan by a method that does not take equal variances or normal residuals for granted.

It stands beside the planned analysis and never takes its place. Degrees of freedom need not be whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RobustAnova", "RobustEffect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustEffect:
    """One effect: its F, degrees of freedom and P."""

    term: str
    f: float
    df: float
    df_error: float
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustAnova:
    """All effects by one method.

    Parameters
    ----------
    method
        Its short name: ``"HC3"``, ``"Welch-James"``, ``"ATS"``, ``"rank ATS"``, ``"aligned ranks"``.
    words
        What was done, in a sentence with its source.
    effects
        In the order of the model.
    """

    method: str
    words: str
    effects: tuple[RobustEffect, ...]

    def effect(self, term: str) -> RobustEffect:
        """Look one effect up by its term; `KeyError` where there is none of that name."""
        return {effect.term: effect for effect in self.effects}[term]
