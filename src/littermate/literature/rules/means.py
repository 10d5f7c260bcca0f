"""Means: whole numbers behind them, SD against SEM, intervals against standard errors, t and F against both."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator

from littermate.literature.granularity import PrintedNumber, grim, grimmer, printed_number
from littermate.literature.printed_means import NUMBER, PrintedMean, bare_means, printed_means
from littermate.literature.rules.rule import AuditFacts, Remarks, rule
from littermate.literature.spread_columns import SpreadRow, spread_rows
from littermate.model.paper import Paper, Sentence
from littermate.model.reported_test import RecomputedTest, ReportedTest

__all__ = [
    "estimate_outside_interval",
    "f_not_t_squared",
    "interval_against_error",
    "mean_of_whole_numbers",
    "means_against_test",
    "sem_against_sd",
    "spread_of_whole_numbers",
    "spread_too_large",
    "spread_two_names",
]

_COUNTS = re.compile(
    r"\b(?:numbers? of|crossings?|crossed|(?:arm |zone |cent(?:re|er) )?entries|rear(?:ing)?s|head[- ]dips|boli"
    r"|(?:nose[- ]?)?pokes|lever[- ]presses|pups|litter size|visits|jumps|transitions|errors)\b",
    re.I,
)
_NOT_COUNTS = re.compile(
    r"\bper\b|/|%|percent|ratio|\brate|fold|normali[sz]|relative|densit|averag|adjust|estimat|least[- ]square"
    r"|marginal|\blog"
    r"|median|cells?\b|neurons?|nuclei|spines|vessels|fib(?:er|re)s|copies|reads|CFU|×|index|score|time|duration"
    r"|latency|weight"
    r"|distance|years|\bage\b|across|over (?:the|all)|blocks?|sessions|trials",
    re.I,
)
_INTERVAL = re.compile(
    rf"(?P<m>{NUMBER}) ?(?:%|[cm]?m|m?g|kg|s|min|h|mmHg|points?)? ?[(\[,;] ?95 ?% ?(?:CIs?"
    rf"|confidence intervals?)[:,;=]? ?"
    rf"[(\[]? ?(?P<a>{NUMBER}) ?%?(?:,? to |; ?|, | ?[–-] ?)(?P<b>{NUMBER})",
    re.I,
)
_ESTIMATE = re.compile(
    r"(?:[=:;,(\[]|\b(?:of|was|is|were|are|by|ratio|OR|HR|RR|IRR|difference|mean|median|and|estimate|rate)) ?$"
)
_NO_ESTIMATE = re.compile(r"(?:\b[pPnNtFrQz]|χ2?|\bdf|\bS\.?[DE]\.?M?\.?|\)) ?[=<>≤≥:,]? ?$")
_SE_AND_INTERVAL = re.compile(
    rf"(?P<m>{NUMBER}) ?\w{{0,6}} ?[(\[]? ?(?:±|,? ?S\.?E\.?[M]?\.?[ =]+) ?(?P<se>{NUMBER})[^.;]{{0,4}}[;,(\[] ?95 ?% ?"
    rf"(?:CI|confidence interval)[:,;=]? ?[(\[]? ?(?P<a>{NUMBER}) ?(?:,? to |; ?|, | ?[–-] ?)(?P<b>{NUMBER})",
    re.I,
)
_BOTH_SPREADS = re.compile(
    rf"\bSD\W{{1,4}}(?P<sd>{NUMBER})[^.]{{0,25}}?\bSEM\W{{1,4}}(?P<sem>{NUMBER})[^.]{{0,25}}?\b[nN] ?= ?(?P<n>\d+)\b"
)
_WHOLE_NUMBERS = re.compile(r"\bwhole (?:numbers?|points?)\b|\bintegers?\b", re.I)
_SCORED = re.compile(
    r"\b(?P<thing>[a-z]{4,})(?: [a-z]+){0,4} (?:scores?|scored|counted|graded|grades?|ratings?)\b"
    r"|\bnumber of (?:[a-z]+ )?(?P<counted>[a-z]{4,})\b",
    re.I,
)
_AVERAGED = re.compile(
    r"\b(?:averaged?|mean) (?:over|across|of) (?:the )?(?:two|three|both|all) (?:\w+ )?"
    r"(?:observers?|scorers?|raters?|scores)",
    re.I,
)
_PAIRED = re.compile(
    r"pair|repeated|within|before and after|baseline|change|adjust|covari|Mann|Wilcoxon|post[- ]?hoc", re.I
)


@rule("mean-of-whole-numbers", "warning")
def mean_of_whole_numbers(facts: AuditFacts) -> Remarks:
    """No whole numbers of these animals have the printed mean (GRIM).

    The mean of n counts is a multiple of 1/n. Innocent where a count was itself a mean (of two scorers, of trials) or
    an animal was left out; where n is as large as the decimals allow, nothing can be said and nothing is.
    """
    for one, n in itertools.chain(_counts(facts), _bare_counts(facts)):
        found = grim(one.mean, n)
        if found.testable and not found.possible:
            near = " or ".join(found.nearest)
            yield f"{n} whole numbers cannot have the mean {one.mean} (near it: {near})", (one.place,)


@rule("spread-of-whole-numbers", "warning")
def spread_of_whole_numbers(facts: AuditFacts) -> Remarks:
    """Whole numbers can have the printed mean, but not with its SD or SEM (GRIMMER).

    The sum of the squares is whole too, and odd where the sum is. Innocent where the count was itself a mean.
    """
    for one, n in _counts(facts):
        if one.spread_is and n > 1 and grim(one.mean, n).possible:
            found = grimmer(one.mean, one.spread, n, spread_is=one.spread_is)
            if found.testable and not found.possible:
                words = f"{n} whole numbers with the mean {one.mean} cannot have the {one.spread_is} {one.spread}"
                yield words, (one.place,)


@rule("spread-too-large", "warning")
def spread_too_large(facts: AuditFacts) -> Remarks:
    """The spread of a count is larger than counts of 0 or more allow.

    Were all counts 0 but one, the SEM would equal the mean. A larger one is an SD called SEM, or a slip.
    """
    for one, n in _counts(facts):
        error = float(printed_number(one.spread).low) / (math.sqrt(n) if one.spread_is == "SD" else 1.0)
        if one.spread_is and error > float(printed_number(one.mean).high) > 0:
            yield (
                f"{one.spread_is} {one.spread} of {n} counts with the mean {one.mean}: it can be no larger",
                (one.place,),
            )


@rule("sem-against-sd", "critical")
def sem_against_sd(facts: AuditFacts) -> Remarks:
    """An SD and an SEM of the same numbers do not fit: SD = SEM times the root of n.

    One of the three numbers is wrong, or the two spreads are of different animals.
    """
    for row in itertools.chain(_beside_each_other(facts.paper), spread_rows(facts.paper)):
        sd, sem = printed_number(row.sd), printed_number(row.sem)
        low, high = (float(edge) * math.sqrt(row.n) for edge in (sem.low, sem.high))
        if row.n > 1 and (float(sd.high) < low or float(sd.low) > high):
            words = f"SEM {row.sem} with n = {row.n} is an SD of {float(sem.value) * math.sqrt(row.n):.3g}"
            yield f"{words}, printed {row.sd}", (row.place,)


def _beside_each_other(paper: Paper) -> Iterator[SpreadRow]:
    """Yield SD, SEM and n that a sentence gives of one mean."""
    for sentence in _with("SEM", paper):
        for match in _BOTH_SPREADS.finditer(sentence.text):
            start = sentence.place[0]
            place = (start + match.start(), start + match.end())
            yield SpreadRow(n=int(match["n"]), sd=match["sd"], sem=match["sem"], place=place)


@rule("spread-two-names", "warning")
def spread_two_names(facts: AuditFacts) -> Remarks:
    """The same mean and spread are called SEM in one place and SD in another.

    They differ by the root of n: with 8 animals, almost threefold.
    """
    known: dict[tuple[str, str, str], PrintedMean] = {}
    for one in printed_means(facts.paper):
        if not one.said_here or len(re.sub(r"\D", "", one.mean + one.spread)) < 5:
            continue
        first = known.setdefault((one.mean, one.spread, one.unit), one)
        if first.spread_is != one.spread_is:
            words = f"{one.mean} ± {one.spread} is called {first.spread_is} in one place, {one.spread_is} in another"
            yield words, (first.place, one.place)


@rule("estimate-outside-interval", "critical")
def estimate_outside_interval(facts: AuditFacts) -> Remarks:
    """An estimate lies outside its own confidence interval."""
    for sentence in _with("95", facts.paper):
        for match in _INTERVAL.finditer(sentence.text):
            before = sentence.text[: match.start()][-12:]
            if _NO_ESTIMATE.search(before) or not _ESTIMATE.search(before):
                continue
            number, low, high = (printed_number(match[name]) for name in "mab")
            if not any(_inside(number, low, high, scale) for scale in (1, 100)):
                start = sentence.place[0]
                words = f"{match['m']} lies outside its interval {match['a']} to {match['b']}"
                yield words, ((start + match.start(), start + match.end()),)


def _inside(number: PrintedNumber, low: PrintedNumber, high: PrintedNumber, scale: int) -> bool:
    """Say whether an estimate lies in an interval, with its sign or without, in percent of it or not."""
    slack = number.half + scale * max(low.half, high.half)
    least, most = sorted((scale * low.value, scale * high.value))
    return any(least - slack <= value <= most + slack for value in (number.value, -number.value))


@rule("interval-against-error", "warning")
def interval_against_error(facts: AuditFacts) -> Remarks:
    """A 95 % confidence interval is too narrow for the standard error beside it.

    It reaches 1.96 standard errors to each side, and more with few animals; less than 1.6 is asked about. Perhaps the
    number called SE is an SD, or the interval is one of another number.
    """
    for sentence in _with("95", facts.paper):
        for match in _SE_AND_INTERVAL.finditer(sentence.text):
            if re.search(r"\bSD\b|standard deviation", sentence.text, re.I):
                continue
            error, low, high = (printed_number(match[name]) for name in ("se", "a", "b"))
            widest = float(high.high - low.low) / 2
            if 0 < widest < 1.6 * float(error.low):
                start = sentence.place[0]
                words = (
                    f"an interval of ±{widest:.3g} is {widest / float(error.value):.2g} times the error {match['se']}"
                )
                yield f"{words}; 95 % are 1.96 times or more", ((start + match.start(), start + match.end()),)


@rule("means-against-test", "warning")
def means_against_test(facts: AuditFacts) -> Remarks:
    """A printed t or F does not follow from the two means, spreads and n of its sentence.

    Asked only where the degrees of freedom are those of these two groups. Innocent where the test was on transformed
    or adjusted values.
    """
    means: dict[int, list[PrintedMean]] = {}
    for one in printed_means(facts.paper):
        around = facts.paper.sentence_at(one.place[0])
        means.setdefault(around.place[0] if around else -1, []).append(one)
    for sentence, tests in facts.tests_by_sentence():
        here = means.get(sentence.place[0], [])
        if len(here) != 2 or len(tests) != 1 or here[0].unit != here[1].unit or _PAIRED.search(sentence.text):
            continue
        if _two_sample(tests[0].reported):
            yield from _t_of_means(tests[0], here[0], here[1])


def _two_sample(test: ReportedTest) -> bool:
    return test.relation == "=" and (test.statistic == "t" or (test.statistic == "F" and test.df1 == 1))


def _t_of_means(test: RecomputedTest, one: PrintedMean, other: PrintedMean) -> Remarks:
    """Compare a printed t with the largest and least that two printed means allow."""
    sizes = (one.n, other.n)
    if None in sizes or one.spread_is != other.spread_is or not one.spread_is:
        return
    n = [size for size in sizes if size is not None]
    if test.reported.df2 != sum(n) - 2:
        return
    first, second = printed_number(one.mean), printed_number(other.mean)
    apart = abs(float(first.value - second.value))
    slack = float(first.half + second.half)
    low = max(apart - slack, 0.0) / _error(one, other, n, 1)
    error = _error(one, other, n, -1)
    high = (apart + slack) / error if error > 0 else math.inf
    value = abs(test.reported.value)
    t = math.sqrt(value) if test.reported.statistic == "F" else value
    half = 0.5 * 10.0**-test.reported.decimals
    if not 0.95 * low - half <= t <= 1.05 * high + half:
        words = f"{one.mean} ± {one.spread} and {other.mean} ± {other.spread} ({one.spread_is}, n = {n[0]} and {n[1]})"
        places = (one.place, other.place, test.reported.place)
        yield f"{words} give |t| of {low:.3g} to {high:.3g}, printed {test.reported.text}", places


def _error(one: PrintedMean, other: PrintedMean, n: list[int], edge: int) -> float:
    """Return the pooled standard error of the difference, with each spread at one edge (-1, 1) of what rounds to it."""
    squares = 0.0
    for each, size in zip((one, other), n, strict=True):
        spread = printed_number(each.spread)
        variance = float(spread.value + edge * spread.half) ** 2 * (size if each.spread_is == "SEM" else 1)
        squares += (size - 1) * variance
    return math.sqrt(squares / (sum(n) - 2) * (1 / n[0] + 1 / n[1]))


@rule("f-not-t-squared", "warning")
def f_not_t_squared(facts: AuditFacts) -> Remarks:
    """A t and an F with one degree of freedom, said to be the same ("or", "that is"), disagree: F is t squared."""
    for one, other in itertools.pairwise(sorted(facts.tests, key=lambda test: test.reported.place)):
        if {one.reported.statistic, other.reported.statistic} != {"t", "F"} or one.reported.df2 != other.reported.df2:
            continue
        between = facts.paper.text[one.reported.place[1] : other.reported.place[0]]
        t, f = (one, other) if one.reported.statistic == "t" else (other, one)
        if f.reported.df1 == 1 and re.fullmatch(
            r"[\s,;()\[\]]*(?:or|i\.e\.,?|that is,?|equivalently,?)[\s,;()\[\]]*", between
        ):
            edges = [(abs(t.reported.value) + side * 0.5 * 10.0**-t.reported.decimals) ** 2 for side in (-1, 1)]
            half = 0.5 * 10.0**-f.reported.decimals
            if not edges[0] - half <= f.reported.value <= edges[1] + half:
                words = f"t = {t.reported.value:g} is F = {t.reported.value**2:.4g}, printed {f.reported.value:g}"
                yield words, (t.reported.place, f.reported.place)


def _with(word: str, paper: Paper) -> list[Sentence]:
    return [sentence for sentence in paper.sentences if word in sentence.text]


def _counts(facts: AuditFacts) -> Iterator[tuple[PrintedMean, int]]:
    """Yield the means of counts whose n is known: printed beside them, or one for each group of the only design."""
    for one in printed_means(facts.paper):
        n = one.n or facts.per_group
        sentence = facts.paper.sentence_at(one.place[0])
        words = sentence.text if sentence else ""
        if n and not one.unit and _COUNTS.search(one.before) and not _NOT_COUNTS.search(words):
            yield one, n


def _bare_counts(facts: AuditFacts) -> Iterator[tuple[PrintedMean, int]]:
    """Yield means without a spread of what the paper says to be whole numbers, with the n beside them or of a group."""
    whole = _whole_things(facts.paper)
    for one in bare_means(facts.paper) if whole and not _AVERAGED.search(facts.paper.text) else ():
        sentence = facts.paper.sentence_at(one.place[0])
        n = one.n or facts.per_group
        if n and sentence and any(re.search(rf"\b{thing}\b", sentence.text, re.I) for thing in whole):
            yield one, n


def _whole_things(paper: Paper) -> set[str]:
    """Return what a paper says to be counted or scored in whole numbers: "colitis" was scored in whole points."""
    return {
        match["thing"] or match["counted"]
        for sentence in paper.sentences
        if _WHOLE_NUMBERS.search(sentence.text)
        for match in _SCORED.finditer(sentence.text)
    }
