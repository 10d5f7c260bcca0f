"""Outlier: one unit that a rule finds too far from the others of its group, and by how much.

Rules name units; they leave nobody out of a planned analysis unless the plan says so.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Outlier", "OutlierRule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlierRule:
    """A rule with its threshold.

    Parameters
    ----------
    name
        ``"grubbs"``, ``"rout"`` or ``"mad"``.
    limit
        Grubbs: the level of the test (0.05); ROUT: Q, the share of false outliers (0.01); MAD: the modified z (3.5).
    """

    name: str
    limit: float

    @property
    def words(self) -> str:
        """The rule in words.

        Examples
        --------
        >>> OutlierRule(name="mad", limit=3.5).words
        'MAD, modified z above 3.5, within groups'
        """
        said = {
            "grubbs": f"Grubbs, alpha = {self.limit:g}",
            "rout": f"ROUT, Q = {100 * self.limit:g} %",
            "mad": f"MAD, modified z above {self.limit:g}",
        }
        return f"{said.get(self.name, self.name)}, within groups"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlier:
    """One unit that a rule names.

    Parameters
    ----------
    unit, levels, value
        Its name, its group as (factor, level) pairs, its outcome.
    rule
        What named it.
    score
        Grubbs: G; ROUT: the adjusted P; MAD: the modified z.
    because
        The rule and the score in words: the reason of an exclusion.
    """

    unit: str
    levels: tuple[tuple[str, str], ...]
    value: float
    rule: OutlierRule
    score: float
    because: str
