"""The names of the ways of analysing an effect, as people read them, and what each does in a few words."""

from __future__ import annotations

from collections.abc import Iterable

from littermate.model.analysis import PLANNED, REDRAWN, Analysis

__all__ = ["used_ways", "way_name", "way_words"]

_NAMES = {
    PLANNED: "as planned",
    "ATS": "ANOVA-type statistic",
    "rank ATS": "ANOVA-type statistic of ranks",
    "without outliers (grubbs)": "without outliers (Grubbs)",
    "without outliers (rout)": "without outliers (ROUT)",
    "without outliers (mad)": "without outliers (MAD)",
}
_WORDS = {
    REDRAWN: "the randomisation test",
    "HC3": "standard errors that allow groups to spread unequally, after MacKinnon and White 1985",
    "Welch-James": "a test of the group means that allows them to spread unequally, after Johansen 1980",
    "ATS": "each group with a variance of its own, after Brunner, Dette and Munk 1997",
    "rank ATS": "the same of ranks, for outliers and skew, after Akritas, Arnold and Brunner 1997",
    "aligned ranks": "analysis of variance of ranks that no other effect is left in, after Wobbrock et al. 2011",
    "log scale": "differences become ratios",
    "without outliers (grubbs)": "Grubbs's test, alpha = 0.05",
    "without outliers (rout)": "after Motulsky and Brown 2006, Q = 1 %",
    "without outliers (mad)": "further than 3.5 from the group's median, in robust SD",
    "Satterthwaite": "other degrees of freedom",
}


def used_ways(analyses: Iterable[Analysis]) -> tuple[str, ...]:
    """Return the ways beside the planned one that say something of any effect, in their order."""
    each = (row.analysis for one in analyses for effect in one.studied for row in one.other_ways(effect.term))
    return tuple(dict.fromkeys(each))


def way_name(analysis: str) -> str:
    """Name a way of analysing as it is read.

    Examples
    --------
    >>> way_name("planned"), way_name("without outliers (mad)"), way_name("with weight")
    ('as planned', 'without outliers (MAD)', 'with weight')
    """
    return _NAMES.get(analysis, analysis)


def way_words(analyses: Iterable[str]) -> str:
    """Say what each of the ways is, where its name does not.

    Examples
    --------
    >>> way_words(["log scale", "with weight"])
    'log scale (differences become ratios); with weight'
    """
    return "; ".join(f"{way_name(one)} ({_WORDS[one]})" if one in _WORDS else way_name(one) for one in analyses)
