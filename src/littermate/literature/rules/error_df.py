"""Degrees of freedom against the design: which the animals leave, and which fit the printed P."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from littermate.literature.design_clues import LOST
from littermate.literature.rules.rule import AuditFacts, Place, Remarks, rule
from littermate.model.audit import PrintedDesign
from littermate.model.paper import Sentence
from littermate.model.reported_test import RecomputedTest

__all__ = [
    "df_fewer",
    "df_from_p",
    "df_more_than_animals",
    "df_of_animals_left",
    "error_df_impossible",
    "one_analysis_two_errors",
]

_WITHIN = re.compile(
    r"repeated[- ]measure|within[- ](?:subjects?|animals?)|mixed[- ](?:effects?|models?|design|ANOVA)|(?:linear"
    r"|generali[sz]ed)"
    r" mixed|multilevel|hierarchical|nested|cross-?over|split-?plot|random[- ]effect",
    re.I,
)
_MODEL = re.compile(
    r"mixed[- ](?:effects?|model)|(?:linear|generali[sz]ed) mixed|multilevel|hierarchical|nested|split-?plot"
    r"|random[- ]effect|Satterthwaite|Kenward",
    re.I,
)
_INTERACTION = re.compile(r"\binteract(?:ions?|ed|s)?\b", re.I)


@rule("error-df-impossible", "critical")
def error_df_impossible(facts: AuditFacts) -> Remarks:
    """More error degrees of freedom are printed than the animals of the design leave.

    A full factorial between N animals in g groups leaves N - g. Lost animals, covariates and blocks make them fewer,
    never more. Either animals, groups or degrees of freedom are printed wrongly, or something other than animals was
    counted. Effects within animals (an F whose error degrees of freedom can be a multiple of these) are not asked.
    """
    for design, found in _by_design(facts, "F").items():
        limit = design.error_df
        if limit is not None:
            wrong = [one for one in found if not _can_be(one, limit)]
            for df2, tests in _by_df2(wrong).items():
                words = f"{_described(design)} leave {limit} error degrees of freedom; {_printed(tests, df2)}"
                yield words, _places(tests)


@rule("df-more-than-animals", "warning")
def df_more_than_animals(facts: AuditFacts) -> Remarks:
    """More degrees of freedom are printed than there are animals.

    One value of each animal leaves at most N - 1. Where cells, sections, trials or days were counted the analysis has
    to say how values of one animal were kept together; else it is pseudoreplication.
    """
    if _WITHIN.search(facts.paper.text):
        return
    for design, found in _by_design(facts, "t", "r", "F").items():
        if design.n is not None:
            limit = design.n - 1
            asked = [one for one in found if one.reported.statistic != "F" or design.error_df is None]
            for df2, tests in _by_df2([one for one in asked if _df2(one) > limit * _steps(one)]).items():
                words = f"{design.n} animals leave at most {limit} degrees of freedom; {_printed(tests, df2)}"
                yield words, _places(tests)


@rule("error-df-fewer", "note")
def df_fewer(facts: AuditFacts) -> Remarks:
    """Fewer error degrees of freedom are printed than the animals of the design leave.

    Lost animals, covariates, blocks, or an analysis of some groups explain it; the text should say which. Asked down
    to half of them, and not of a text that speaks of animals left out.
    """
    if LOST.search(facts.paper.text):
        return
    for design, found in _by_design(facts, "F").items():
        limit = design.error_df
        fewer = [
            one for one in found if limit and limit / 2 <= _df2(one) < limit and not _of_a_part(facts, design, one)
        ]
        if fewer:
            printed = ", ".join(f"{df2:g}" for df2 in sorted(_by_df2(fewer)))
            words = f"{_described(design)} leave {limit} error degrees of freedom; fewer are printed ({printed})"
            yield f"{words}: animals lost, covariates, blocks, or some of the groups", _places(fewer)


@rule("error-df-of-animals-left", "warning")
def df_of_animals_left(facts: AuditFacts) -> Remarks:
    """More error degrees of freedom are printed than the animals leave that were left for the analysis.

    Innocent where an outcome was measured before animals were lost, or in other animals.
    """
    said = [one for one in facts.clues if one.kind == "left" and one.scope != "other"]
    left = {one.numbers[0]: one.place for one in said}
    if len(left) != 1:
        return
    ((n, place),) = left.items()
    for design, found in _by_design(facts, "F").items():
        cells = math.prod(design.levels)
        if design.error_df is None or design.n is None or not cells < n < design.n:
            continue
        more = [one for one in found if n - cells < _df2(one) <= design.error_df]
        for df2, tests in _by_df2(more).items():
            words = f"the {n} animals that were left leave {n - cells} error degrees of freedom in {cells} groups"
            yield f"{words}; {_printed(tests, df2)}", (place, *_places(tests))


def _of_a_part(facts: AuditFacts, design: PrintedDesign, test: RecomputedTest) -> bool:
    """Say whether a test has the degrees of freedom of smaller groups, of which the text speaks somewhere."""
    cells = math.prod(design.levels)
    parts = {cells * (one.numbers[0] - 1) for one in facts.clues if one.kind == "per group"}
    return test.reported.df2 in parts


@rule("one-analysis-two-errors", "warning")
def one_analysis_two_errors(facts: AuditFacts) -> Remarks:
    """The effects of one analysis of variance are printed with error degrees of freedom that do not go together.

    Main effects and interaction of factors between animals share one error; with a factor within animals one error is
    a multiple of the other. Asked in sentences with one interaction. Innocent where the effects are of several outcomes
    with other animals missing, or of a mixed model.
    """
    if _MODEL.search(facts.paper.text):
        return
    for sentence, found in facts.tests_by_sentence():
        effects = [one for one in found if one.reported.statistic == "F" and one.reported.df1 and one.reported.df2]
        if len(effects) > 1 and _is_one_analysis(sentence, effects) and not _go_together(effects):
            printed = ", ".join(f"({one.reported.df1:g}, {one.reported.df2:g})" for one in effects)
            yield f"the effects of one analysis are printed with the degrees of freedom {printed}", _places(effects)


def _is_one_analysis(sentence: Sentence, effects: list[RecomputedTest]) -> bool:
    """Say whether a sentence names one interaction, behind a first effect or beside a main effect."""
    named = list(_INTERACTION.finditer(sentence.text))
    first = effects[0].reported.place[1] - sentence.place[0]
    return len(named) == 1 and (named[0].start() > first or bool(re.search(r"\bmain effect", sentence.text, re.I)))


def _go_together(effects: list[RecomputedTest]) -> bool:
    """Say whether errors are equal, multiples of the least, or multiples by the effects; fractions are not asked."""
    errors = [_df2(one) for one in effects]
    if any(error != int(error) for error in errors):
        return True
    shares = {error / _steps(one) for error, one in zip(errors, effects, strict=True)}
    return len(shares) == 1 or all(error % min(errors) == 0 for error in errors)


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


def _by_design(facts: AuditFacts, *statistics: str) -> dict[PrintedDesign, list[RecomputedTest]]:
    """Return the study's tests with error degrees of freedom by the design they are held against.

    A design that was read from a text with factors within animals is none.
    """
    within = _WITHIN.search(facts.paper.text)
    found: dict[PrintedDesign, list[RecomputedTest]] = {}
    for one in _with_error(facts, *statistics):
        design = facts.design_of(one)
        if design is not None and (design.source == "given" or not within):
            found.setdefault(design, []).append(one)
    return found


def _with_error(facts: AuditFacts, *statistics: str) -> list[RecomputedTest]:
    """Return the study's tests of some statistics that have degrees of freedom of an error."""
    return [one for one in facts.own_tests if one.reported.statistic in statistics and one.reported.df2 is not None]


def _df2(test: RecomputedTest) -> float:
    return test.reported.df2 or 0.0


def _can_be(test: RecomputedTest, limit: int) -> bool:
    """Say whether an F can have its error degrees of freedom, between animals or within them.

    The error of an effect within animals is a multiple of what the animals leave, by a factor of the effect's degrees
    of freedom. It is asked whether animals leave as many, or lost ones down to half of them.
    """
    effect, error = _steps(test), _df2(test)
    whole = effect == int(effect)
    factors = [factor for factor in range(2, int(effect) + 1) if effect % factor == 0] if whole else [effect]
    shares = [error / factor for factor in factors]
    return error <= limit or any(limit / 2 <= share <= limit and (share == int(share) or not whole) for share in shares)


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
