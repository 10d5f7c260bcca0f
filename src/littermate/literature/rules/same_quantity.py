"""The same quantity twice: sizes, colours, temperatures, doses, animals and tests that a paper gives differently."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator

from littermate.literature.design_clues import LOST, Clue
from littermate.literature.number_words import WHOLE, whole_number
from littermate.literature.printed_quantities import Mention, mentions
from littermate.literature.rules.rule import AuditFacts, Place, Remarks, rule
from littermate.model.paper import Paper, Sentence
from littermate.model.reported_test import RecomputedTest, ReportedTest

__all__ = [
    "abstract_test_not_in_text",
    "animals_two_totals",
    "area_in_cubic_units",
    "arena_two_colours",
    "one_test_two_p",
    "one_test_two_values",
    "two_values",
]

_COLOUR = re.compile(
    r"\b(?P<colour>black|white|gr[ae]y)\b(?!(?:[- ](?:and|or|to)[- ](?:black|white))|,? (?:adhesive )?(?:lines?"
    r"|tapes?|curtains?|cloth"
    r"|marks?|markers?|mice|mouse|rats?|backgrounds?|dots?|stripes?|walls?|floors?|lights?|noise|box|matter|side))",
    re.I,
)
_ARENA = re.compile(r"\b(?:arena|open[- ]field|apparatus)s?\b", re.I)
_CUBIC = r"(?:cm|mm|m) ?\^?(?:3|³)|cubic (?:centi|milli)?met(?:er|re)s?|cc\b"
_FLAT = re.compile(
    rf"(?P<all>(?<![×x] )(?<![×x\d.])\d+(?:\.\d+)? ?(?:cm|mm)? ?[x×] ?\d+(?:\.\d+)? ?(?:{_CUBIC}))(?!\d)"
    rf"|\b(?:arena|floor|area|field|surface)\b[^.;\d]{{0,30}}?(?P<one>(?<![\d.×x])\d+(?:[.,]\d+)? ?(?:{_CUBIC}))(?!\d)"
    rf"|(?<![\d.×x])(?<![×x] )(?P<before>\d+(?:[.,]\d+)?[ -]?(?:{_CUBIC}))(?!\d)"
    r" (?:[a-z-]+ ){0,3}(?:arena|floor|field)\b",
    re.I,
)
_OF_VOLUME = re.compile(r"volume|tumou?r|ventric|brain|lesion|infarct|water|tank|litre|liter|capacity", re.I)
_BODY_ANIMALS = re.compile(r"\b(?:mice|rats?|animals|gerbils|hamsters|rabbits|pigs|piglets|offspring|pups)\b", re.I)
_LONGEST_LABEL = 400
_SMALL_WORDS = re.compile(r"(?:and|are|for|from|had|not|that|the|there|this|was|were|with)$")


@rule("two-values", "warning")
def two_values(facts: AuditFacts) -> Remarks:
    """One thing is given with two values that cannot both be true.

    Sizes of squares, temperatures, hours of light, and doses of a drug of which the paper otherwise gives one. Innocent
    where two set-ups are described in the same words.
    """
    found: dict[str, list[Mention]] = {}
    for one in mentions(facts.paper):
        found.setdefault(one.thing, []).append(one)
    for thing, all_of_it in found.items():
        pair = _one_dose_against_the_others(all_of_it) if thing.startswith("the dose") else _apart(all_of_it)
        if pair is not None:
            first, second = pair
            yield f"{thing}: {first.words} in one place, {second.words} in another", (first.place, second.place)


def _apart(found: list[Mention]) -> tuple[Mention, Mention] | None:
    """Return the first two mentions in different sentences whose intervals do not touch."""
    for one, other in itertools.combinations(found, 2):
        low, high = max(one.value[0], other.value[0]), min(one.value[1], other.value[1])
        if one.sentence != other.sentence and low > high:
            return one, other
    return None


def _one_dose_against_the_others(found: list[Mention]) -> tuple[Mention, Mention] | None:
    """Return a dose that stands once beside one that stands twice or more, where there are no others."""
    times = Counter(one.value for one in found)
    if len(times) != 2 or len({one.sentence.place for one in found}) < 3:
        return None
    (usual, often), (odd, once) = times.most_common()
    if once != 1 or often < 2:
        return None
    kept = {value: next(one for one in found if one.value == value) for value in (usual, odd)}
    return (kept[usual], kept[odd]) if kept[usual].sentence != kept[odd].sentence else None


@rule("arena-two-colours", "warning")
def arena_two_colours(facts: AuditFacts) -> Remarks:
    """The arena has one colour in one place and another in another.

    Colour changes what an albino or a dark animal does, and whether a camera sees it. Innocent where two arenas were
    used.
    """
    seen: dict[str, Place] = {}
    for sentence in facts.paper.sentences:
        found = list(_colours(sentence.text))
        if len({colour for colour, _ in found}) == 1:
            colour, (start, stop) = found[0]
            seen.setdefault(colour, (sentence.place[0] + start, sentence.place[0] + stop))
    if len(seen) > 1:
        yield f"the arena is {' in one place, '.join(seen)} in another", tuple(seen.values())


def _colours(text: str) -> Iterator[tuple[str, Place]]:
    """Yield the colours within a few words of the arena."""
    for arena in _ARENA.finditer(text):
        for match in _COLOUR.finditer(text):
            between = (
                text[arena.end() : match.start()] if match.start() > arena.end() else text[match.end() : arena.start()]
            )
            if len(between) <= 40 and not re.search(r"[.;]|\b(?:box|maze|walls?|floors?|mice|mouse|rats?)\b", between):
                yield match["colour"].lower().replace("gray", "grey"), match.span()


@rule("area-in-cubic-units", "warning")
def area_in_cubic_units(facts: AuditFacts) -> Remarks:
    """An area, or two sides, is given in cubic units."""
    for sentence in facts.paper.sentences:
        for match in _FLAT.finditer(sentence.text):
            name = match.lastgroup or "all"
            if not _OF_VOLUME.search(sentence.text):
                start = sentence.place[0]
                yield f"{match[name]} is a volume", ((start + match.start(name), start + match.end(name)),)


@rule("animals-two-totals", "warning")
def animals_two_totals(facts: AuditFacts) -> Remarks:
    """The abstract counts other animals than the text, and none are said to be lost, or not so many.

    Where animals were lost, or there are several experiments, only a number is asked about that stands nowhere in the
    text and is no sum of its experiments.
    """
    totals = [one for one in facts.clues if one.kind == "total" and _BODY_ANIMALS.search(one.words)]
    abstract = [one for one in totals if _section(facts.paper, one.sentence).startswith("abstract")]
    text = [one for one in totals if not _section(facts.paper, one.sentence).startswith("abstract")]
    if len({one.numbers for one in abstract}) != 1 or not text:
        return
    one, other = abstract[0], text[0]
    several = len({total.numbers for total in text}) > 1 or LOST.search(facts.paper.text)
    if one.numbers != other.numbers and not (several and one.numbers[0] in _counted(facts, text)):
        yield f"{one.numbers[0]} animals in the abstract, {other.numbers[0]} in the text", (one.place, other.place)


def _counted(facts: AuditFacts, totals: list[Clue]) -> set[int]:
    """Return the whole numbers of the text outside the abstract, and sums of its experiments without lost animals."""
    sums = {0}
    for number in {total.numbers[0] for total in totals}:
        sums |= {known + number for known in sums}
    for gone in (one.numbers[0] for one in facts.clues if one.kind == "gone"):
        sums |= {known - gone for known in sums}
    return sums.union(
        whole_number(match[0])
        for sentence in facts.paper.sentences
        if not sentence.section.lower().startswith("abstract")
        for match in re.finditer(WHOLE, sentence.text, re.I)
    )


def _section(paper: Paper, sentence: int) -> str:
    return paper.sentences[sentence].section.lower()


@rule("one-test-two-p", "critical")
def one_test_two_p(facts: AuditFacts) -> Remarks:
    """The same statistic with the same degrees of freedom is printed twice, with P that cannot both follow from it."""
    known: dict[tuple[object, ...], RecomputedTest] = {}
    for other in facts.tests:
        second = other.reported
        one = known.setdefault((*_kind(second), second.value, second.relation, second.one_tailed), other)
        first = one.reported
        if (
            _has_df(second)
            and _is_precise(second)
            and _other_p(first, second)
            and not (one.consistent and other.consistent)
        ):
            yield f"{first.text} in one place, {second.text} in another", (first.place, second.place)


@rule("one-test-two-values", "warning")
def one_test_two_values(facts: AuditFacts) -> Remarks:
    """A test that is named by the same words in the abstract and in the text has two values."""
    abstract: dict[tuple[object, ...], ReportedTest] = {}
    for one in (test.reported for test in facts.tests if _has_df(test.reported)):
        sentence = facts.paper.sentence_at(one.place[0])
        words = _words_before(facts.paper, one, sentence)
        if sentence is None or len(words) < 2:
            continue
        if sentence.section.lower().startswith("abstract"):
            abstract.setdefault((*_kind(one), words), one)
            continue
        first = abstract.get((*_kind(one), words))
        if first is not None and _other_value(first, one):
            yield f"under the same words {first.text} and {one.text}", (first.place, one.place)


@rule("abstract-test-not-in-text", "warning")
def abstract_test_not_in_text(facts: AuditFacts) -> Remarks:
    """The abstract prints a test that stands nowhere in the text, which prints others of the same degrees of freedom.

    Innocent where the results of that test are only in a table or figure.
    """
    parts: tuple[list[ReportedTest], list[ReportedTest]] = ([], [])
    for test in (one.reported for one in facts.tests if _has_df(one.reported) and one.reported.relation == "="):
        sentence = facts.paper.sentence_at(test.place[0])
        parts[sentence is not None and sentence.section.lower().startswith("abstract")].append(test)
    for one in parts[True]:
        others = [other for other in parts[False] if _kind(other) == _kind(one)]
        if len(others) > 1 and all(_other_value(one, other) for other in others):
            yield f"{one.text} stands in the abstract only; the text has other values of {_name(one)}", (one.place,)


def _name(test: ReportedTest) -> str:
    printed = ", ".join(f"{df:g}" for df in (test.df1, test.df2) if df is not None)
    return f"{test.statistic}({printed})"


def _kind(test: ReportedTest) -> tuple[object, ...]:
    return (test.statistic, test.df1, test.df2)


def _has_df(test: ReportedTest) -> bool:
    return test.df1 is not None or test.df2 is not None


def _is_precise(test: ReportedTest) -> bool:
    """Say whether a statistic has so many digits that the same one is no chance."""
    digits = f"{abs(test.value):.{test.decimals}f}".replace(".", "").lstrip("0")
    return test.relation == "=" and len(digits) >= 3


def _other_p(one: ReportedTest, other: ReportedTest) -> bool:
    if one.p_relation != "=" or other.p_relation != "=":
        return False
    if one.p_reported is None or other.p_reported is None:
        return False
    coarser = min(one.p_decimals or 0, other.p_decimals or 0)
    return abs(one.p_reported - other.p_reported) > 1.01 * 10.0**-coarser


def _other_value(one: ReportedTest, other: ReportedTest) -> bool:
    coarser = min(one.decimals, other.decimals)
    return one.relation == other.relation == "=" and abs(one.value - other.value) > 1.01 * 10.0**-coarser


def _words_before(paper: Paper, test: ReportedTest, sentence: Sentence | None) -> tuple[str, ...]:
    """Return the words of a test's sentence before it, without the small ones."""
    if sentence is None:
        return ()
    start = max(sentence.place[0], test.place[0] - _LONGEST_LABEL)
    words = re.findall(r"[a-z]{3,}", paper.text[start : test.place[0]].lower())
    return tuple(word for word in words if not _SMALL_WORDS.match(word))
