"""AuditRules: by which rules a printed P is judged.

The rules of rounding are fixed; what can be chosen is where a decision lies and how tails and a printed zero are taken.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.errors import UsageError

__all__ = ["AuditRules"]

_TAILS = ("as printed", "two", "one")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRules:
    """How printed tests are judged.

    Parameters
    ----------
    alpha
        The level of significance that decides.
    alpha_is_significant
        Whether P = alpha counts as significant.
    zero_is_wrong
        Whether a P printed as .000 is inconsistent, as no P is zero.
    tails
        Of t, r and z: ``"as printed"``: one-tailed where the text beside says so and the printed P is right as such,
        ``"two"`` or ``"one"``: all of them.

    Raises
    ------
    UsageError
        Where `alpha` is no probability or `tails` none of these.
    """

    alpha: float = 0.05
    alpha_is_significant: bool = True
    zero_is_wrong: bool = True
    tails: str = "as printed"

    def __post_init__(self) -> None:
        """Refuse what no test can be judged by."""
        if not 0 < self.alpha < 1:
            raise UsageError(expected="alpha between 0 and 1", found=str(self.alpha), do="give a level such as 0.05")
        if self.tails not in _TAILS:
            raise UsageError(
                expected=f"tails as one of {', '.join(_TAILS)}", found=self.tails, do="choose one of these"
            )
