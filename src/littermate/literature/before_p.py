"""What may stand between a statistic and its P: marks, effect sizes, intervals and names of tests."""

from __future__ import annotations

import re

from littermate.literature.numbers import NUMBER

__all__ = ["METHODS", "NAMES", "after_gap", "after_item", "names_a_test"]

METHODS = r"(?:Bonferroni|Holm|Tukey|Dunnett|FDR|FWE|Sidak|Šidák|Scheff|Benjamini)"
"""Ways of adjusting P for several comparisons."""

NAMES = (
    r"(?:(?:un)?paired|(?:one|two|1|2)[- ]?(?:tailed|sided|tails?|way)|Welch'?s?|Student'?s?|ANOVA|t[- ]tests?"
    r"|repeated[- ]measures|Huynh-Feldt|Greenhouse-Geisser|uncorrected|tests?"
    rf"|(?:{METHODS}[- ]?)?(?:corrected|adjusted|adj\.))(?![A-Za-z])"
)
"""Words that name a test, its tails or its correction."""

_LEADING = (
    r"(?:and|with|at|giving|both|all|the|an?|corresponding|associated|exact|resulting|in|which|that|was|is|were|yielding"
    r"|significant|significance|respectively)"
)
_GAP = re.compile(rf"[ ,;:()‡/-]{{0,40}}+(?:{_LEADING}[ ,;:(]{{1,24}}+){{0,6}}")
_SIGNED = rf"(?:[-+±] ?)?{NUMBER}"
_INTERVAL = (
    r"(?:\d{2}(?:\.\d)? ?% ?)?(?:CI|C\.I\.|[cC]onfidence [iI]ntervals?|HDI|CrI)[\w% ]{0,12}[=: ,(]{0,4}"
    rf"{_SIGNED} ?(?:,|;|to|-|:|\.\.) ?{_SIGNED} ?\)?"
)
_LABEL = r"(?:1 ?- ?)?[A-Za-zηωεβφδρλΔ][\wηωεβφδρλ'.-]{0,20}(?: {1,4}(?![pPFtzQ] ?[=<>(])[\w'η-]{1,20}){0,3}"
_EFFECT = (
    rf"{_LABEL} {{0,4}}(?:[=<>≈≤≥:]|(?:of|was) ) {{0,4}}{_SIGNED}"
    rf"(?: ?± ?{NUMBER})? ?%?(?: ?\( ?{_SIGNED} ?(?:,|;|to|-) ?{_SIGNED} ?\))?"
)
_COUNT = (
    r"[nN]s? ?= ?\d{1,6}(?:(?: ?[-,/&] ?| and | vs\.? )\d{1,6}(?![.\d])){0,8}"
    r"(?: {1,2}(?!and|with)[a-z-]{3,14}(?![\w(=])){0,3}(?: ?(?:/|per|in each) ?[a-z]{3,14})?"
)
_NAME = re.compile(NAMES)
_REMARK = rf"\((?![^()]{{0,60}}(?:{METHODS}|[Pp]ost))[A-Za-z][^()=<>\n]{{0,60}}\)"
_ESTIMATE = rf"(?:coefficient|estimate|slope|beta|β) {_SIGNED}"
_ITEM = re.compile(rf"(?:{_INTERVAL}|{NAMES}(?: correction)?(?: applied)?|{_COUNT}|{_EFFECT}|{_REMARK}|{_ESTIMATE})")


def after_gap(plain: str, start: int) -> int:
    """Return where the marks, and words such as "with" and "both", end that begin at a place.

    Examples
    --------
    >>> after_gap("5.2; with P = .03", 3)
    10
    """
    gap = _GAP.match(plain, start)
    return gap.end() if gap else start


def after_item(plain: str, start: int) -> int | None:
    """Return where an effect size, an interval or a name ends that begins at a place; `None` where none does.

    Examples
    --------
    >>> after_item("95% CI (0.1, 0.9), p = .03", 0), after_item("in mice, p = .03", 0)
    (17, None)
    """
    item = _ITEM.match(plain, start)
    return item.end() if item else None


def names_a_test(plain: str, start: int) -> bool:
    """Whether a name of a test begins at a place: the ``t`` of "t-test" is no statistic."""
    return _NAME.match(plain, start) is not None
