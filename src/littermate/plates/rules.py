"""Rules: the choices by which a plate becomes concentrations. All are explicit, recorded and printed.

`BcaRules` and `ElisaRules` have the same fields and differ in their defaults.

Source of the limits on standards and dilutions: ICH M10, Bioanalytical method validation and study sample analysis,
2022 (ligand-binding assays), and FDA, Bioanalytical Method Validation, 2018: standards come back within 20 %, at the
two ends of the range within 25 %, and 75 % of them must; the dilutions of a sample agree within a CV of 30 %.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from littermate.errors import Complaint, UsageError
from littermate.model.rules import RuleSet
from littermate.plates.curve import CI_METHODS, MODEL_NAMES, WEIGHTS

__all__ = ["BcaRules", "ElisaRules", "PlateRules", "rule_set", "rules_with"]

_FIT_TO = ("wells", "means", "counted means")
_BLANKS = ("subtract", "none")
_DILUTIONS = ("mean", "least diluted")


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
        Single ``"wells"``; ``"means"`` of each standard's replicates, every mean counting once; or ``"counted means"``,
        a mean of n wells counting n-fold (not the same only where the standards have different numbers of wells).
    blank
        ``"subtract"`` the mean of the blank wells (of the zero standard where there are none) from every well, or
        ``"none"``.
    standard_within_percent, standard_cv_percent
        A standard can be used as an end of the range if it comes back within this of its true concentration, and if
        the concentrations that its wells come back as have no larger coefficient of variation.
    inner_within_percent
        A standard inside the range is warned of where it comes back farther from its true concentration.
    standards_passing_percent
        The curve is doubtful where fewer of its standards above zero come back within these limits.
    outlier_level
        Probability of calling any well of a good curve an outlier (Bonferroni, on studentised residuals).
    r_squared_limit, cv_limit_percent
        Below, and above which, a warning is given.
    ci_level, ci_method
        Of the confidence intervals of concentrations; ``"delta"`` or ``"profile"``.
    dilutions
        One value of a sample that was measured at several dilutions: the ``"mean"`` of those in range, or the ``"least
        diluted"`` of them. There is none where they do not agree.
    parallel_cv_percent
        The largest coefficient of variation of dilutions that agree.
    parallel_level
        Level of the test for a trend of three dilutions or more.
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
    standard_cv_percent: float = 25.0
    inner_within_percent: float = 20.0
    standards_passing_percent: float = 75.0
    outlier_level: float = 0.05
    r_squared_limit: float = 0.98
    cv_limit_percent: float = 15.0
    ci_level: float = 0.95
    ci_method: str = "delta"
    dilutions: str = "mean"
    parallel_cv_percent: float = 30.0
    parallel_level: float = 0.05
    spike_volume_fraction: float = 0.0
    recovery_percent: tuple[float, float] = (80.0, 120.0)

    def __post_init__(self) -> None:
        if complaints := [*_wrong_choices(self), *_wrong_numbers(self)]:
            raise UsageError.of(complaints)

    def words(self) -> tuple[str, ...]:
        """Return the rules as sentences."""
        spread = {"none": "unweighted", "1/y": "weighted by 1/signal", "1/y2": "weighted by 1/signal^2"}[self.weights]
        points = {
            "wells": "single wells",
            "means": "means of replicate wells, each counting once",
            "counted means": "means of replicate wells, each counting as often as it has wells",
        }[self.fit_to]
        method = {"delta": "delta method (for 4PL and 5PL on the logarithm)", "profile": "profile likelihood"}[
            self.ci_method
        ]
        dilutions = {"mean": "the mean of its dilutions in range", "least diluted": "its least diluted one in range"}[
            self.dilutions
        ]
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
            f" usable means: comes back within {self.standard_within_percent:g} % of its true value, its wells with a"
            f" CV of {self.standard_cv_percent:g} % or less.",
            f"Warned of: standards inside the range off by more than {self.inner_within_percent:g} %, fewer than"
            f" {self.standards_passing_percent:g} % of the standards within these limits, outliers (studentised"
            f" residuals, Bonferroni, {self.outlier_level:g}). No standard is left out unless a person says so, with a"
            " reason.",
            "A masked, empty or overflowed well is never 0; where one well overflowed, its replicates have no mean.",
            f"A sample measured at several dilutions has one value, {dilutions}, and none where they disagree (CV above"
            f" {self.parallel_cv_percent:g} %, or of three or more a trend with p < {self.parallel_level:g}).",
            f"Intervals: {100 * self.ci_level:g} %, {method}, from the parameters' uncertainty and the wells' spread:"
            " that about the curve or that between the replicates of all samples, whichever is greater.",
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


def rules_with(rules: PlateRules, settings: Mapping[str, Any]) -> PlateRules:
    """Return the rules with some of them set otherwise.

    Raises
    ------
    UsageError
        If there is no rule of that name, or it cannot have that value.

    Examples
    --------
    >>> rules_with(ElisaRules(), {"weights": "none"}).weights
    'none'
    """
    known = [field.name for field in dataclasses.fields(rules)]
    if unknown := sorted(set(settings) - set(known)):
        raise UsageError(expected=f"rules of a plate: {', '.join(known)}", found=", ".join(unknown), do="correct them")
    return dataclasses.replace(rules, **settings)


def _wrong_choices(rules: PlateRules) -> list[Complaint]:
    choices = (
        ("curve", rules.curve, MODEL_NAMES),
        ("weights", rules.weights, WEIGHTS),
        ("fit_to", rules.fit_to, _FIT_TO),
        ("blank", rules.blank, _BLANKS),
        ("ci_method", rules.ci_method, CI_METHODS),
        ("dilutions", rules.dilutions, _DILUTIONS),
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
        (rules.standard_cv_percent > 0, "a standard_cv_percent above 0"),
        (rules.inner_within_percent > 0, "an inner_within_percent above 0"),
        (0 <= rules.standards_passing_percent <= 100, "standards_passing_percent from 0 to 100"),
        (0 <= rules.outlier_level < 1, "an outlier_level of 0 or more and below 1"),
        (rules.parallel_cv_percent > 0, "a parallel_cv_percent above 0"),
        (0 <= rules.parallel_level < 1, "a parallel_level of 0 or more and below 1"),
        (0 < low < high, "recovery_percent as (low, high)"),
    )
    return [
        Complaint(expected=words, found="another number", do="correct the rules") for right, words in wrong if not right
    ]
