"""Rules: the choices by which a plate becomes concentrations. All are explicit, recorded and printed.

`BcaRules` and `ElisaRules` have the same fields and differ in their defaults.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.errors import Complaint, UsageError
from littermate.model.rules import RuleSet
from littermate.plates.curve import MODEL_NAMES, WEIGHTS

__all__ = ["BcaRules", "ElisaRules", "PlateRules", "rule_set"]

_FIT_TO = ("means", "wells")
_BLANKS = ("subtract", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateRules:
    """How a plate is quantified.

    Parameters
    ----------
    curve
        ``"linear"``, ``"quadratic"``, ``"4pl"`` or ``"5pl"``.
    weights
        Of squared residuals: ``"none"``, ``"1/y"`` or ``"1/y2"``.
    fit_to
        ``"means"`` of each standard's replicates, or single ``"wells"``.
    blank
        ``"subtract"`` the mean of the blank wells (of the zero standard where there are none) from every well, or
        ``"none"``.
    standard_within_percent
        A standard can be used as an end of the range if it comes back within this of its true concentration.
    r_squared_limit, cv_limit_percent
        Below, and above which, a warning is given.
    ci_level
        Of the confidence intervals of concentrations.
    spike_volume_fraction
        Volume of the spike over the final volume of the spiked sample: it dilutes the sample.
    recovery_percent
        Percent recovery outside these limits is flagged.
    """

    curve: str = "4pl"
    weights: str = "none"
    fit_to: str = "wells"
    blank: str = "none"
    standard_within_percent: float = 25.0
    r_squared_limit: float = 0.98
    cv_limit_percent: float = 15.0
    ci_level: float = 0.95
    spike_volume_fraction: float = 0.0
    recovery_percent: tuple[float, float] = (80.0, 120.0)

    def __post_init__(self) -> None:
        if complaints := [*_wrong_choices(self), *_wrong_numbers(self)]:
            raise UsageError.of(complaints)

    def words(self) -> tuple[str, ...]:
        """Return the rules as sentences."""
        spread = {"none": "unweighted", "1/y": "weighted by 1/signal", "1/y2": "weighted by 1/signal^2"}[self.weights]
        points = {"means": "means of replicate wells", "wells": "single wells"}[self.fit_to]
        blank = {
            "subtract": "The mean of the blank wells (of the zero standard where there are none) is subtracted.",
            "none": "No blank is subtracted.",
        }[self.blank]
        low, high = self.recovery_percent
        return (
            f"Standard curve: {self.curve}, least squares, {spread}, fitted to {points}.",
            blank,
            "A concentration is read from the mean of a sample's wells and multiplied by the sample's dilution.",
            "Below the lowest or above the highest usable standard there is no concentration, but a reason;"
            f" usable means: comes back within {self.standard_within_percent:g} % of its true value.",
            "A masked, empty or overflowed well is never 0; where one well overflowed, its replicates have no mean.",
            f"Intervals: {100 * self.ci_level:g} %, delta method (for 4PL and 5PL on the logarithm), from the"
            " parameters' uncertainty and the wells' spread: that about the curve or that between the replicates of all"
            " samples, whichever is greater.",
            f"Warned of: R2 below {self.r_squared_limit:g}, a coefficient of variation above"
            f" {self.cv_limit_percent:g} %.",
            "Percent recovery = (spiked - (1 - v) x unspiked) / added x 100, with v ="
            f" {self.spike_volume_fraction:g} the spike's share of the final volume; flagged outside"
            f" {low:g}-{high:g} %; results are not multiplied by it.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BcaRules(PlateRules):
    """Rules of a BCA protein assay: a quadratic curve, blank subtracted."""

    curve: str = "quadratic"
    blank: str = "subtract"


@dataclass(frozen=True, slots=True, kw_only=True)
class ElisaRules(PlateRules):
    """Rules of an ELISA: a 4PL whose wells have a constant coefficient of variation, blank not subtracted."""

    curve: str = "4pl"
    weights: str = "1/y2"


def rule_set(rules: PlateRules) -> RuleSet:
    """Turn the rules into words and a hash.

    Examples
    --------
    >>> rule_set(BcaRules()).words[0]
    'Standard curve: quadratic, least squares, unweighted, fitted to single wells.'
    """
    name = {BcaRules: "bca", ElisaRules: "elisa"}.get(type(rules), "plate")
    return RuleSet.of(name, rules, rules.words())


def _wrong_choices(rules: PlateRules) -> list[Complaint]:
    choices = (
        ("curve", rules.curve, MODEL_NAMES),
        ("weights", rules.weights, WEIGHTS),
        ("fit_to", rules.fit_to, _FIT_TO),
        ("blank", rules.blank, _BLANKS),
    )
    return [
        Complaint(expected=f"{what}: one of {', '.join(known)}", found=str(choice), do="choose one of these")
        for what, choice, known in choices
        if choice not in known
    ]


def _wrong_numbers(rules: PlateRules) -> list[Complaint]:
    low, high = rules.recovery_percent
    wrong = (
        (0 <= rules.spike_volume_fraction < 1, "a spike_volume_fraction of 0 or more and below 1"),
        (0 < rules.ci_level < 1, "a ci_level between 0 and 1"),
        (rules.standard_within_percent > 0, "a standard_within_percent above 0"),
        (0 < low < high, "recovery_percent as (low, high)"),
    )
    return [
        Complaint(expected=words, found="another number", do="correct the rules") for right, words in wrong if not right
    ]
