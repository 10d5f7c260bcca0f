"""Degrees of freedom against the design: which the animals leave, and which fit the printed P."""

from __future__ import annotations

import re
from collections.abc import Iterable

from littermate.literature.printed_design import LOST
from littermate.literature.rules.rule import AuditFacts, Place, Remarks, rule
from littermate.model.audit import PrintedDesign
from littermate.model.reported_test import RecomputedTest

__all__ = ["df_fewer", "df_from_p", "df_more_than_animals", "error_df_impossible"]

_WITHIN = re.compile(
    r"repeated[- ]measure|within[- ](?:subjects?|animals?)|mixed[- ](?:effects?|models?|design|ANOVA)|(?:linear"
    r"|generali[sz]ed)"
    r" mixed|multilevel|hierarchical|nested|cross-?over|split-?plot|random[- ]effect",
    re.I,
)


@rule("error-df-impossible", "critical")
def error_df_impossible(facts: AuditFacts) -> Remarks:
    """More error degrees of freedom are printed than the animals of the design leave.

    A full factorial between N animals in g groups leaves N - g. Lost animals, covariates and blocks make them fewer,
    never more. Either animals, groups or degrees of freedom are printed wrongly, or something other than animals was
    counted. Effects within animals (an F whose error degrees of freedom can be a multiple of these) are not asked.
    """
    design = _decisive(facts)
    if design is None or design.error_df is None:
        return
    limit = design.error_df
    wrong = [one for one in _with_error(facts, "F") if _df2(one) > limit * _steps(one)]
    for df2, tests in _by_df2(wrong).items():
        words = f"{_described(design)} leave {limit} error degrees of freedom; {_printed(tests, df2)}"
        yield words, _places(tests)


@rule("df-more-than-animals", "warning")
def df_more_than_animals(facts: AuditFacts) -> Remarks:
    """More degrees of freedom are printed than there are animals.

    One value of each animal leaves at most N - 1. Where cells, sections, trials or days were counted the analysis has
    to say how values of one animal were kept together; else it is pseudoreplication.
    """
    design = _decisive(facts)
    if design is None or design.n is None or _WITHIN.search(facts.paper.text):
        return
    limit = design.n - 1
    asked = _with_error(facts, "t", "r", *(() if design.error_df is not None else "F"))
    for df2, tests in _by_df2([one for one in asked if _df2(one) > limit * _steps(one)]).items():
        yield f"{design.n} animals leave at most {limit} degrees of freedom; {_printed(tests, df2)}", _places(tests)


@rule("error-df-fewer", "note")
def df_fewer(facts: AuditFacts) -> Remarks:
    """Fewer error degrees of freedom are printed than the animals of the design leave.

    Lost animals, covariates, blocks, or an analysis of some groups explain it; the text should say which. Asked down
    to half of them, and not of a text that speaks of animals left out.
    """
    design = _decisive(facts)
    limit = design.error_df if design else None
    if design is None or limit is None or LOST.search(facts.paper.text):
        return
    fewer = [one for one in _with_error(facts, "F") if limit / 2 <= _df2(one) < limit]
    if fewer:
        printed = ", ".join(f"{df2:g}" for df2 in sorted(_by_df2(fewer)))
        words = f"{_described(design)} leave {limit} error degrees of freedom; fewer are printed ({printed})"
        yield f"{words}: animals lost, covariates, blocks, or some of the groups", _places(fewer)


@rule("p-fits-other-df", "warning")
def df_from_p(facts: AuditFacts) -> Remarks:
    """The printed P fit other error degrees of freedom better than the printed ones.

    Programs compute P with the right degrees of freedom, and people copy them: where most P of several tests follow
    from other degrees of freedom than those printed beside them, the printed ones are probably the mistake.
    """
    for one in facts.df_inference:  # the best are those of the most consistent tests, so never the printed ones here
        needed = 1 if facts.design and facts.design.error_df in one.best else 2
        most = one.consistent >= 3 and 2 * one.consistent > one.tests
        if one.printed is None or not most or one.consistent < one.as_printed + needed:
            continue
        same = [test for test in facts.tests if test.reported.df2 == one.printed]
        yield (
            f"{one.tests} tests are printed with {one.printed:g} error degrees of freedom: {one.as_printed} of their P "
            f"follow from them, {one.consistent} would follow from {one.best_words}",
            _places(same),
        )


def _decisive(facts: AuditFacts) -> PrintedDesign | None:
    """Return the design to hold tests against; one read from a text that has factors within animals is none."""
    design = facts.design
    if design is None or design.source == "given" or not _WITHIN.search(facts.paper.text):
        return design
    return None


def _with_error(facts: AuditFacts, *statistics: str) -> list[RecomputedTest]:
    """Return the tests of some statistics that have degrees of freedom of an error."""
    return [one for one in facts.tests if one.reported.statistic in statistics and one.reported.df2 is not None]


def _df2(test: RecomputedTest) -> float:
    return test.reported.df2 or 0.0


def _steps(test: RecomputedTest) -> float:
    """Return by how much an effect within animals multiplies the error degrees of freedom."""
    return max(test.reported.df1 or 1.0, 1.0)


def _by_df2(tests: Iterable[RecomputedTest]) -> dict[float, list[RecomputedTest]]:
    found: dict[float, list[RecomputedTest]] = {}
    for one in tests:
        found.setdefault(_df2(one), []).append(one)
    return found


def _described(design: PrintedDesign) -> str:
    if len(design.levels) == 1:
        return f"{design.n} animals in {design.levels[0]} groups"
    return f"{design.n} animals in a {' x '.join(map(str, design.levels))} design"


def _printed(tests: list[RecomputedTest], df2: float) -> str:
    times = "once" if len(tests) == 1 else f"{len(tests)} times"
    return f"{df2:g} are printed {times} ({tests[0].reported.text})"


def _places(tests: Iterable[RecomputedTest]) -> tuple[Place, ...]:
    return tuple(one.reported.place for one in tests)
