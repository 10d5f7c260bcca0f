"""Group sizes: the parts against the whole, captions against methods, and tests against the n beside them."""

from __future__ import annotations

import re

from littermate.literature.design_clues import ANIMALS, LOST, Clue
from littermate.literature.number_words import WHOLE, whole_number
from littermate.literature.rules.rule import AuditFacts, Remarks, rule
from littermate.model.paper import Paper

__all__ = [
    "animals_left",
    "chi_square_n",
    "group_larger_in_caption",
    "group_smaller_in_caption",
    "groups_do_not_add",
    "replicates_as_animals",
    "t_test_df",
]

_CHANGED = re.compile(
    r"exclu|died|death|lost|remov|surviv|dropp?ed|drop-?out|withdr|remain|complet|eligible|declin|except|additional"
    r"|another"
    r"|respectively|twice|or more|at least|minimum|litters?\b|pairs?\b|both",
    re.I,
)
_PART_OF_GROUP = re.compile(r"%|\b(?:males?|females?|men|women)\b", re.I)
_CAPTION = re.compile(r"^\W*(?:Fig(?:ure|\.)|Table)\s*S?\d", re.I)
_N = re.compile(rf"\b[nN]s? ?= ?({WHOLE})")
_CELLS = re.compile(
    rf"\b[nN] ?= ?(?P<k>{WHOLE}) (?:\w+ )?(?:cells|neurons|slices|sections|images|fields|synapses|spines|dendrites"
    rf"|myocytes)\b"
    rf"[^.;]{{0,30}}?\b(?:from|of|in) (?P<n>{WHOLE}) (?:\w+ ){{0,3}}{ANIMALS}",
    re.I,
)


@rule("groups-do-not-add", "critical")
def groups_do_not_add(facts: AuditFacts) -> Remarks:
    """The groups of one sentence do not add up to its total.

    A group, or the animals that were left out, is missing from the sentence, or a number is wrong.
    """
    for number, found in _by_sentence(facts.clues).items():
        if _CHANGED.search(facts.paper.sentences[number].text):
            continue
        kinds = {kind: [one for one in found if one.kind == kind] for kind in ("total", "groups", "per group", "sizes")}
        if len(kinds["total"]) != 1:
            continue
        if not _said_otherwise(facts.paper.sentences[number].text, kinds):
            yield from _sums(kinds["total"][0], kinds)


def _said_otherwise(text: str, kinds: dict[str, list[Clue]]) -> bool:
    """Say whether the sentence has another number larger than any group, a second total; or an n of no group."""
    numbers = {whole_number(printed) for printed in re.findall(WHOLE, text, re.I)} - set(kinds["total"][0].numbers)
    larger = any(number > max(one.numbers) for number in numbers for one in kinds["sizes"])
    return larger or any(len(_N.findall(text)) > len(one.numbers) for one in kinds["sizes"])


def _sums(total: Clue, kinds: dict[str, list[Clue]]) -> Remarks:
    """Compare one total with the sizes of all groups, or with groups times animals of each."""
    n = total.numbers[0]
    groups, each, sizes = kinds["groups"], kinds["per group"], kinds["sizes"]
    if len(sizes) == 1 and (not groups or groups[0].numbers[0] == len(sizes[0].numbers)):
        parts = sizes[0].numbers
        if sum(parts) != n and not each and n not in parts:
            yield f"{n} animals, but the groups {_added(parts)} are {sum(parts)}", (total.place, sizes[0].place)
    elif len(groups) == 1 and len(each) == 1 and not sizes and groups[0].numbers[0] * each[0].numbers[0] != n:
        product = groups[0].numbers[0] * each[0].numbers[0]
        words = f"{n} animals, but {groups[0].numbers[0]} groups of {each[0].numbers[0]} are {product}"
        yield words, (total.place, groups[0].place, each[0].place)


@rule("animals-left-do-not-add", "critical")
def animals_left(facts: AuditFacts) -> Remarks:
    """The animals that were left are not those at the start without those that were lost.

    Asked where the text has one number at the start and the losses stand in the same sentence or the one before.
    """
    totals = {one.numbers[0] for one in facts.clues if one.kind == "total" and one.scope == "study"}
    gone = [one for one in facts.clues if one.kind == "gone"]
    for left in (one for one in facts.clues if one.kind == "left" and one.scope == "study"):
        near = [one for one in gone if 0 <= left.sentence - one.sentence <= 1]
        n, kept = max(totals, default=0), left.numbers[0]
        if len(totals) == 1 and near and kept < n and n - kept not in _sums_of_some(_lost(facts.paper, near, kept)):
            lost = sum(one.numbers[0] for one in near)
            words = f"{n} animals without {lost} are {n - lost}, and {kept} are said to be left"
            yield words, (*(one.place for one in near), left.place)


def _lost(paper: Paper, gone: list[Clue], kept: int) -> list[int]:
    """Return all numbers of the sentences that tell of lost animals, without what they add in brackets."""
    texts = [re.sub(r"\([^()]*\)", "", paper.sentences[number].text) for number in {one.sentence for one in gone}]
    numbers = [whole_number(printed) for text in texts for printed in re.findall(WHOLE, text, re.I)]
    return [number for number in numbers if number != kept]


def _sums_of_some(numbers: list[int]) -> set[int]:
    """Return what some of the numbers can add up to."""
    sums = {0}
    for number in numbers[:12]:
        sums |= {known + number for known in sums}
    return sums


@rule("group-larger-in-caption", "warning")
def group_larger_in_caption(facts: AuditFacts) -> Remarks:
    """A caption gives more animals a group than the methods.

    Fewer can have been lost; more cannot come from the same animals. Perhaps halves, sections or repeats were counted.
    """
    each = [one for one in facts.clues if one.kind == "per group" and one.scope != "other"]
    captions = [one for one in each if _CAPTION.match(_paragraph_before(facts.paper, one.place[0]))]
    said = [one.numbers[0] for one in each if one not in captions]
    said += [one.per_group for one in facts.designs if one.per_group and one.n]
    totals = {one.n for one in facts.designs if one.n}
    for one in captions if said and len(totals) == 1 else ():
        if one.numbers[0] > max(said):
            yield f"a caption gives n = {one.numbers[0]} a group, the text {max(said)}", (one.place,)


def _paragraph_before(paper: Paper, offset: int) -> str:
    """Return the text of a paragraph up to an offset."""
    return paper.text[paper.text.rfind("\n", 0, offset) + 1 : offset]


@rule("group-smaller-in-caption", "note")
def group_smaller_in_caption(facts: AuditFacts) -> Remarks:
    """A caption gives fewer animals a group than the methods, and no animals are said to be lost or chosen.

    The text should say which animals are missing, and why.
    """
    each = [one for one in facts.clues if one.kind == "per group" and one.scope != "other"]
    captions = [one for one in each if _CAPTION.match(_paragraph_before(facts.paper, one.place[0]))]
    said = {one.numbers[0] for one in each if one not in captions}
    size = facts.per_group
    for one in captions if size and not LOST.search(facts.paper.text) else ():
        if size and one.numbers[0] < size and one.numbers[0] not in said:
            yield f"a caption gives n = {one.numbers[0]} a group, the text {size}: which are missing?", (one.place,)


@rule("t-df-against-n", "warning")
def t_test_df(facts: AuditFacts) -> Remarks:
    """A t test has more degrees of freedom than the two n beside it leave.

    Two groups of a and b animals leave a + b - 2; Welch's test and pairs leave fewer.
    """
    for sentence, tests in facts.tests_by_sentence():
        sizes = [whole_number(size) for size in _N.findall(sentence.text)]
        one = tests[0].reported
        if len(sizes) != 2 or len(tests) != 1 or one.statistic != "t" or _PART_OF_GROUP.search(sentence.text):
            continue
        if one.df2 is not None and one.df2 > sum(sizes) - 2 and min(sizes) > 1:
            words = f"n = {sizes[0]} and n = {sizes[1]} leave {sum(sizes) - 2} degrees of freedom"
            yield f"{words}; {one.df2:g} are printed", (one.place,)


@rule("chi2-n-against-animals", "warning")
def chi_square_n(facts: AuditFacts) -> Remarks:
    """A chi-squared test counts more observations than there are animals.

    Each animal counts once in such a test; several observations of one animal are not independent.
    """
    n = facts.design.n if facts.design else None
    for one in facts.tests if n else ():
        counted = one.reported.n if one.reported.statistic == "chi2" else None
        if n and counted and counted > n:
            yield f"N = {counted} in the test, {n} animals in the study", (one.reported.place,)


@rule("replicates-as-animals", "note")
def replicates_as_animals(facts: AuditFacts) -> Remarks:
    """A test has as many degrees of freedom as cells or sections, and more than animals.

    What was measured in one animal is alike: its cells are not independent. Unless the model has the animal as a
    random term, P is too small (pseudoreplication).
    """
    for sentence, tests in facts.tests_by_sentence():
        counted = _CELLS.search(sentence.text)
        if counted is None:
            continue
        cells, animals, start = whole_number(counted["k"]), whole_number(counted["n"]), sentence.place[0]
        for one in tests:
            df2 = one.reported.df2
            if df2 is not None and animals < df2 + 1 and cells > animals:
                places = (one.reported.place, (start + counted.start(), start + counted.end()))
                words = f"{df2:g} degrees of freedom, {cells} cells or sections, {animals} animals"
                yield f"{words}: were the values of one animal kept together?", places


def _by_sentence(found: tuple[Clue, ...]) -> dict[int, list[Clue]]:
    by: dict[int, list[Clue]] = {}
    for one in found:
        by.setdefault(one.sentence, []).append(one)
    return by


def _added(parts: tuple[int, ...]) -> str:
    return " + ".join(map(str, parts))
