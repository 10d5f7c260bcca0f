"""Plan: how one outcome will be analysed, stated before its values are known; and the family it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from littermate.errors import Complaint, UsageError

__all__ = ["COMPARISONS", "OUTLIER_RULES", "SCALES", "Family", "Plan"]

COMPARISONS = ("pairs", "control")
SCALES = ("log", "sqrt")
OUTLIER_RULES = ("grubbs", "rout", "mad")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The planned analysis of one outcome.

    Parameters
    ----------
    outcome
        Its name.
    factors
        Crossed in full.
    blocks
        Additive fixed terms (the membrane).
    type, alpha
        Type of the sums of squares; level of significance.
    covariates
        Additive numbers (the body weight).
    terms
        Where given, the whole right side instead, in the order written: a model that is not crossed in full
        (``("a", "b")``).
    random
        Random intercepts (``"cage"``); the model is then a mixed one.
    contrasts
        Planned contrasts in words: ``"ketamine - saline at magnesium = magnesium"``.
    compare
        What else is compared: ``"pairs"`` of all groups, every group with the ``"control"``, or nothing (``""``).
    adjust
        How these are adjusted for being several; where it is ``""`` contrasts by Holm, pairs by Tukey, those with the
        control by Dunnett.
    scale
        On which the outcome is analysed: ``"log"``, ``"sqrt"``, or as it is (``""``).
    outliers
        A rule by which outliers are left out (``"mad"``, ``"grubbs"``, ``"rout"``), or none (``""``).
    family
        The family of outcomes over which P is adjusted, or none (``""``).

    Raises
    ------
    UsageError
        If there is no such comparison, scale or rule.
    """

    outcome: str
    factors: tuple[str, ...]
    blocks: tuple[str, ...] = ()
    type: int = 3
    alpha: float = 0.05
    covariates: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    random: tuple[str, ...] = ()
    contrasts: tuple[str, ...] = ()
    compare: str = ""
    adjust: str = ""
    scale: str = ""
    outliers: str = ""
    family: str = ""

    def __post_init__(self) -> None:
        known = {"compare": COMPARISONS, "scale": SCALES, "outliers": OUTLIER_RULES}
        complaints = [
            Complaint(expected=f"{name}: {', '.join(choices)}, or nothing", found=given, do="choose one of them")
            for name, choices in known.items()
            if (given := getattr(self, name)) not in ("", *choices)
        ]
        if complaints:
            raise UsageError.of(complaints)

    @property
    def adjusted_for(self) -> tuple[str, ...]:
        """What is in the model for precision only: blocks and covariates."""
        return (*self.blocks, *self.covariates)

    @property
    def formula(self) -> str:
        """The model in R's notation.

        Examples
        --------
        >>> Plan(outcome="immobility", factors=("magnesium", "ketamine"), blocks=("membrane",)).formula
        'immobility ~ membrane + magnesium * ketamine'
        """
        crossed = " * ".join(self.factors)
        terms = self.terms or (*self.adjusted_for, crossed)
        random = (f"(1 | {name})" for name in self.random)
        outcome = f"{self.scale}({self.outcome})" if self.scale else self.outcome
        return f"{outcome} ~ {' + '.join((*terms, *random))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Outcomes that answer one question together, and how their P are adjusted for being several."""

    name: str
    adjust: str
