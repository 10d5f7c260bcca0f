"""Meta: one CSV table of other people's results, one meta-analysis, and the words it is accompanied by."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from littermate.literature.asymmetry import publication_bias
from littermate.literature.effect_table import read_effects
from littermate.literature.influence import cumulative, leave_one_out
from littermate.literature.moderators import arrays
from littermate.literature.pooling import Pooling
from littermate.literature.synthesis import Asked, findings_of, synthesise
from littermate.model.finding import Finding
from littermate.model.meta_analysis import MetaAnalysis, PooledStudies
from littermate.model.publication_bias import PublicationBias
from littermate.model.rules import RuleSet
from littermate.stats.table import read_table

__all__ = ["MetaOptions", "MetaResult", "meta_findings", "meta_rules", "pool_table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaOptions:
    """What is asked of a literature table.

    Parameters
    ----------
    measure
        ``"SMD"``, ``"MD"``, ``"ROM"``, ``"RR"``, ``"OR"``, ``"given"``; told by the columns where it is empty.
    shared
        A control group of several effects: ``"keep"`` it whole for each, or ``"split"`` its animals among them.
    asked
        How effects are pooled and told apart.
    """

    measure: str = ""
    shared: str = "keep"
    asked: Asked = field(default_factory=Asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaResult:
    """A meta-analysis, the funnel's tests, the pooled effect without each study and after each year."""

    analysis: MetaAnalysis
    bias: PublicationBias
    without: tuple[tuple[str, PooledStudies], ...]
    by_year: tuple[tuple[float, PooledStudies], ...]
    notes: tuple[str, ...] = ()


def pool_table(path: str | Path, options: MetaOptions | None = None) -> MetaResult:
    """Pool the effects of a CSV table.

    Parameters
    ----------
    path
        One row an effect; docs/meta.md has the columns.
    options
        What is asked; see there.

    Raises
    ------
    TableError
        If the columns say no effect, or entries cannot be; all at once.
    AnalysisError
        If the studies cannot tell moderators apart.
    UsageError
        If an option is none of those there are.
    """
    options = options or MetaOptions()
    frame = read_table(path)
    analysis = synthesise(read_effects(frame, measure=options.measure, shared=options.shared), options.asked)
    how: Pooling = options.asked.how
    return MetaResult(
        analysis=analysis,
        bias=publication_bias(arrays(analysis.effects), how),
        without=leave_one_out(analysis.effects, how),
        by_year=cumulative(analysis.effects, how),
        notes=tuple(frame.attrs["notes"]),
    )


def meta_findings(result: MetaResult) -> tuple[Finding, ...]:
    """Say what a reader must know of a result."""
    read = (Finding(id="table-read", importance="note", message=note) for note in result.notes)
    return (*read, *findings_of(result.analysis))


_TESTS = {
    "z": "tested by z",
    "t": "tested by t on k - p degrees of freedom",
    "knha": "tested by Knapp and Hartung",
    "adhoc": "tested by Knapp and Hartung, the variance not made smaller",
}


def meta_rules(result: MetaResult, options: MetaOptions) -> RuleSet:
    """Return the rules of a result as words and a hash."""
    how = options.asked.how
    words = (
        f"Measure {result.analysis.measure}; tau2 by {how.method}, its interval by Q-profile; {_TESTS[how.test]};"
        f" {100 * how.level:g} % intervals.",
        "g with the exact correction, variance 1/n1 + 1/n2 + g^2 / (2 (n1 + n2)); 1/2 added to counts only where one"
        " is 0.",
        "Prediction interval with the quantile of the test, as metafor's predict.",
    )
    return RuleSet.of("meta", options, words)
