"""Printed design: how many animals, in which groups, as the text says it or the reader gives it.

A *clue* is one statement of one number: all animals ("thirty-two male mice were used"), animals of each group ("n = 8
per group"), the number of groups ("divided into four groups"), the levels of the factors ("2 x 2 factorial design"),
or the sizes of all groups ("saline (16) and magnesium (16)"). Clues are put together to a design only where they leave
one reading. A paper with two experiments gives two designs, and a number that fits neither stays alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from littermate.errors import Complaint, UsageError
from littermate.literature.number_words import WHOLE, whole_number
from littermate.model.audit import PrintedDesign
from littermate.model.paper import Paper, Sentence

__all__ = ["ANIMALS", "LOST", "Clue", "clues", "find_designs", "given_design"]

ANIMALS = (
    r"(?:mice|mouse|rats?|animals?|gerbils?|hamsters?|rabbits?|guinea[- ]pigs?|zebrafish|fish|larvae|pigs?|piglets?"
    r"|sheep|dogs?|cats?|monkeys?|macaques?|marmosets?|voles?|chicks?|pups?|subjects?|participants?|patients?"
    r"|volunteers?|individuals|adults|children|men|women|males|females)\b"
)
LOST = re.compile(
    r"exclu(?:ded|sion)|outliers?|\bdied\b|death of|attrition|\bremoved from|discarded|drop(?:ped)? ?out|lost to"
    r"|were lost|omitted"
    r"|missing (?:data|values)|no animals? (?:was|were)|all (?:animals|mice|rats) (?:were included|completed|survived)",
    re.I,
)
"""Words that say that animals or values were left out, or that none were."""
_GROUP = (
    r"(?:treatment |experimental |dietary |study |drug )?(?:groups?|cells?|conditions?|arms?|treatments?|genotypes?)\b"
)
_SORTED = r"(?:assign|allocat|divid|split|separat|randomi[sz]|distribut|group)\w*"
_USED = rf"(?:were|was) (?:\w+ly )?(?:used|obtained|purchased|included|enrolled|recruited|studied|tested|{_SORTED})"
_NO_ADJECTIVE = rf"(?:of|in|with|was|were|from|to|for|by|per|each|that|which|the|these|all|{WHOLE})(?![-\w])"
_ADJECTIVES = rf"(?:(?!{_NO_ADJECTIVE})[\w/\-\u2010\u2011+]+(?:\([\w/ -]{{1,12}}\))?,? ){{0,6}}?"
_LEVEL = r"(?:[2-9]|1[0-2])"
_TIMES = r"\s?(?:[x×X*✕]|-?by-?)\s?"
_NAMED = r"(?:\s?\([^()]{1,60}\))?"
_WORD_LEVEL = r"(?:two|three|four|five|six)"

_LEVELS = re.compile(
    rf"(?<![\w.×]){_LEVEL}{_NAMED}(?:{_TIMES}{_LEVEL}{_NAMED}){{1,3}}(?![\w.]*\d|\s?(?:[×x]|[cmµμn]?m[²³23]?\b|%))",
    re.I,
)
_LEVELS_IN_WORDS = re.compile(rf"\b{_WORD_LEVEL}(?:[- ](?:by|x|×)[- ]{_WORD_LEVEL}){{1,3}}\b", re.I)
_DESIGNED = re.compile(r"factorial|design|ANOVA|analys[ie]s of (?:co)?variance|between[- ](?:subjects?|groups?)", re.I)
_WITHIN = re.compile(r"repeated|within[- ]|mixed|cross-?over|split-?plot|latin|time\b|session|trial\b|day\b", re.I)

_TOTAL = (
    re.compile(rf"\btotal(?:ity)? of (?P<n>{WHOLE}) {_ADJECTIVES}{ANIMALS}", re.I),
    re.compile(rf"(?P<n>{WHOLE}) {_ADJECTIVES}{ANIMALS}(?: \([^()]*\))?,?[^.;:()]{{0,60}}? {_USED}", re.I),
    re.compile(rf"{ANIMALS} \((?:n|N) ?= ?(?P<n>{WHOLE})\)[^.;:]{{0,40}}? {_USED}", re.I),
    re.compile(rf"{_SORTED} (?:the )?(?P<n>{WHOLE}) {_ADJECTIVES}{ANIMALS} (?:in)?to\b", re.I),
)
_PER_GROUP = (
    re.compile(
        rf"\bn ?= ?(?P<n>{WHOLE})(?: {_ADJECTIVES}{ANIMALS})? ?(?:per|/|in each|for each|in every|a) ?{_GROUP}", re.I
    ),
    re.compile(rf"(?P<n>{WHOLE}) (?:{_ADJECTIVES}{ANIMALS} )?(?:per|in each|in every) {_GROUP}", re.I),
    re.compile(rf"(?P<n>{WHOLE}) ?(?:{ANIMALS})? ?/ ?{_GROUP}", re.I),
    re.compile(rf"(?:\bn ?= ?|\()(?P<n>{WHOLE})(?: {ANIMALS})? each\)?", re.I),
    re.compile(rf"\bgroups of (?P<n>{WHOLE})(?: {ANIMALS})?(?: each)?\b", re.I),
    re.compile(rf"\beach group (?:had|contained|consisted of|comprised|included) (?P<n>{WHOLE})\b", re.I),
)
_GROUPS = (
    re.compile(
        rf"{_SORTED}[^.;:()]{{0,40}}? (?:in|to|into|among"
        rf"|between) (?:one of )?(?:the )?(?P<n>{WHOLE}) (?:\w+ ){{0,3}}?{_GROUP}",
        re.I,
    ),
)
_WORTH_READING = re.compile(
    r"group|each|design|factorial|anova|assign|allocat|divid|split|randomi|total of|were|was|per | ?/ ?(?:cell|arm)"
    r"|mice|rats"
)
_RANGE = re.compile(r"^\s?(?:[-–—−]|to|or|and) ?\d")
_PART = re.compile(r"\d ?(?:[-–—−]|to|or|of|and|±) ?$|[≥≤><±~] ?$")
_PART_OF_GROUP = re.compile(
    r"(?:consist(?:ed|ing) of|compris(?:ed|ing)|contain(?:ed|ing)|included?|had|groups? of) ?$", re.I
)
_HOUSED = re.compile(r"(?:per|each|a|/) ?cage|\bcaged\b", re.I)
_SPLIT = re.compile(
    rf"(?:{_SORTED}|into) [^.;()]{{1,80}}?\((?:[nN] ?= ?)?\d+(?: {ANIMALS})?\)"
    rf"(?:[^.;()]{{1,80}}?\((?:[nN] ?= ?)?\d+(?: {ANIMALS})?\)){{1,11}}",
    re.I,
)
_SIZE = re.compile(r"\((?:[nN] ?= ?)?(\d+)[^()]*\)")
_OTHER_COUNT = re.compile(
    rf"^(?:\W*(?:{WHOLE})\W*)(?:[-\u2010\u2011 ]?(?:days?|weeks?|months?|years?|h|hours?|min|minutes?|g|kg|mg|ml|%)\b)"
    r"|per |/|each ",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One number of a design as printed: `kind` is total, per group, groups, levels or sizes."""

    kind: str
    numbers: tuple[int, ...]
    words: str
    place: tuple[int, int]
    sentence: int


@lru_cache(maxsize=2)
def clues(paper: Paper) -> tuple[Clue, ...]:
    """Return every statement of a number of animals or groups, in the order of the text."""
    found = [one for k, sentence in enumerate(paper.sentences) for one in _in_sentence(sentence, k)]
    return tuple(sorted(found, key=lambda one: one.place))


def _in_sentence(sentence: Sentence, number: int) -> Iterator[Clue]:
    def clue(kind: str, numbers: tuple[int, ...], match: re.Match[str]) -> Clue:
        start = sentence.place[0]
        place = (start + match.start(), start + match.end())
        words = " ".join(match.group().split())
        return Clue(kind=kind, numbers=numbers, words=words, place=place, sentence=number)

    text = sentence.text
    if not _WORTH_READING.search(text.lower()):
        return
    for match in _levels_in(text):
        yield clue("levels", _read_levels(match.group()), match)
    for kind, patterns in (("total", _TOTAL), ("per group", _PER_GROUP), ("groups", _GROUPS)):
        for match in _once(patterns, text):
            if not _misread(kind, match, text):
                yield clue(kind, (whole_number(match["n"]),), match)
    for match in _SPLIT.finditer(text):
        sizes = tuple(int(size) for size in _SIZE.findall(match.group()))
        if sizes != tuple(range(1, len(sizes) + 1)):  # (1) control, (2) treated: a list, not sizes
            yield clue("sizes", sizes, match)


def _levels_in(text: str) -> Iterator[re.Match[str]]:
    """Find levels in a sentence on a design of which no factor is named as one within animals."""
    if _DESIGNED.search(text) and not _WITHIN.search(text):
        yield from _LEVELS.finditer(text)
        yield from _LEVELS_IN_WORDS.finditer(text)


def _read_levels(printed: str) -> tuple[int, ...]:
    """Read "2 (drug) x 3 (diet)" or "two-by-three"."""
    bare = re.sub(r"\([^()]*\)", "", printed)
    return tuple(whole_number(word) for word in re.findall(rf"{_WORD_LEVEL}|\d+", bare, re.I))


def _once(patterns: tuple[re.Pattern[str], ...], text: str) -> Iterator[re.Match[str]]:
    """Find what the patterns match, each number once."""
    seen: set[tuple[int, int]] = set()
    for pattern in patterns:
        for match in pattern.finditer(text):
            if match.span("n") not in seen:
                seen.add(match.span("n"))
                yield match


def _misread(kind: str, match: re.Match[str], text: str) -> bool:
    """Say whether a number is one end of a range, an age or weight, animals of a cage, or too small to mean it."""
    before, after = text[: match.start("n")], text[match.end("n") :]
    if _RANGE.match(after) or _PART.search(before[-20:]):
        return True
    if kind == "total":
        said = text[match.start("n") : match.end()]
        if _OTHER_COUNT.match(said) or _HOUSED.search(said) or re.search(r"\b(?:per|each)\b", said):
            return True
        if _PART_OF_GROUP.search(before[-20:]):
            return True
    if kind == "per group" and re.search(
        r"\b(?:cells?|slices?|sections?|neurons?|times|samples?|wells?)\b", match.group()
    ):
        return bool(
            re.search(r"(?:slices?|sections?|neurons?|times|samples?|wells?)\b|cells? (?:per|in)", match.group())
        )
    return whole_number(match["n"]) < (4 if kind == "total" else 2)


def find_designs(paper: Paper) -> tuple[PrintedDesign, ...]:
    """Read the designs that a paper describes.

    Returns
    -------
    tuple of PrintedDesign
        One for each total of animals in the text, with what is said of its groups where that leaves one reading; then
        one for each statement of groups that belongs to no total. Empty where nothing was found.

    Examples
    --------
    >>> from littermate.model.paper import Sentence
    >>> text = "Thirty-two male CD1 mice were used (n = 8 per group)."
    >>> one = Sentence(text=text, place=(0, len(text)))
    >>> paper = Paper(path="a.txt", sha256="", kind="txt", title="", text=text, sentences=(one,))
    >>> [(found.levels, found.n, found.per_group, found.error_df) for found in find_designs(paper)]
    [((4,), 32, 8, 28)]
    """
    found = clues(paper)
    totals = {one.numbers[0]: one for one in reversed(found) if one.kind == "total"}
    totals.update(_totals_of_sizes(found, totals))
    if len(totals) <= 1:
        return tuple(_designs_of_one(found, next(iter(totals.values()), None)))
    designs: list[PrintedDesign] = []
    for total in sorted(totals.values(), key=lambda one: one.place):
        near = [one for one in found if one.kind != "total" and 0 <= one.sentence - total.sentence <= 1]
        designs.append(_put_together(total, _agreed(near)))
    return (*designs, *_left_over(found, designs))


def _totals_of_sizes(found: tuple[Clue, ...], totals: dict[int, Clue]) -> dict[int, Clue]:
    """Take the sum of all groups for the total where no total is printed."""
    if totals:
        return {}
    sizes = [one for one in found if one.kind == "sizes"]
    parts = {size for one in sizes for size in one.numbers}
    return {
        sum(one.numbers): replace(one, kind="total", numbers=(sum(one.numbers),))
        for one in sizes
        if sum(one.numbers) not in parts
    }


def _designs_of_one(found: tuple[Clue, ...], total: Clue | None) -> Iterator[PrintedDesign]:
    """Put all clues together, where they agree; else give each kind alone."""
    agreed = _agreed([one for one in found if one.kind != "total"])
    if total is not None or agreed:
        design = _put_together(total, agreed)
        yield design
        yield from _left_over(found, [design])
    else:
        yield from _left_over(found, [])


def _agreed(found: list[Clue]) -> dict[str, Clue]:
    """Keep one clue of each kind of which all clues say the same; of sizes, keep those that nest."""
    kept = {}
    for kind in ("levels", "groups", "per group"):
        same = [one for one in found if one.kind == kind]
        if same and len({one.numbers for one in same}) == 1:
            kept[kind] = same[0]
    sizes = [one for one in found if one.kind == "sizes"]
    if sizes:
        kept["sizes"] = sizes[0]
        if len(sizes) > 1 and all(sum(sizes[1].numbers) == size for size in sizes[0].numbers):
            kept["nested"] = sizes[1]
    return kept


def _put_together(total: Clue | None, agreed: dict[str, Clue]) -> PrintedDesign:
    """Make a design of clues, each of which may lack."""
    levels = _levels_of(total, agreed)
    each = agreed.get("per group")
    per_group = each.numbers[0] if each else _equal_size(agreed)
    n = total.numbers[0] if total else (math.prod(levels) * per_group if levels and per_group else None)
    words = [one.words for one in (total, *agreed.values()) if one is not None]
    return PrintedDesign(levels=levels, n=n, per_group=per_group, source="; ".join(dict.fromkeys(words)))


def _levels_of(total: Clue | None, agreed: dict[str, Clue]) -> tuple[int, ...]:
    """Say the levels: as printed, as animals were divided once and again, or as the number of groups."""
    if "levels" in agreed:
        return agreed["levels"].numbers
    if "sizes" in agreed and (total is None or sum(agreed["sizes"].numbers) == total.numbers[0]):
        nested = (len(agreed["nested"].numbers),) if "nested" in agreed else ()
        return (len(agreed["sizes"].numbers), *nested)
    if "groups" in agreed:
        return agreed["groups"].numbers
    each = agreed.get("per group")
    if total and each and total.numbers[0] % each.numbers[0] == 0 and total.numbers[0] > each.numbers[0]:
        return (total.numbers[0] // each.numbers[0],)
    return ()


def _equal_size(agreed: dict[str, Clue]) -> int | None:
    sizes = agreed.get("nested") or agreed.get("sizes")
    return sizes.numbers[0] if sizes and len(set(sizes.numbers)) == 1 else None


def _left_over(found: tuple[Clue, ...], designs: list[PrintedDesign]) -> Iterator[PrintedDesign]:
    """Give the levels and sizes of groups that stand in no design."""
    levels, sizes = {one.levels for one in designs}, {one.per_group for one in designs}
    for one in found:
        if one.kind in ("levels", "groups") and one.numbers not in levels:
            levels.add(one.numbers)
            yield PrintedDesign(levels=one.numbers, n=None, per_group=None, source=one.words)
        if one.kind == "per group" and one.numbers[0] not in sizes:
            sizes.add(one.numbers[0])
            yield PrintedDesign(levels=(), n=None, per_group=one.numbers[0], source=one.words)


def given_design(levels: str = "", n: int | None = None, per_group: int | None = None) -> PrintedDesign:
    """Make the design that a reader gives.

    Parameters
    ----------
    levels
        Levels of each factor between animals: ``"2x2"``, ``"2 × 3 × 2"``, ``"4"`` (one factor); empty: not known.
    n, per_group
        All animals; animals of each group. With levels, one follows from the other where groups are equal.

    Raises
    ------
    UsageError
        If nothing is given, a factor has fewer than two levels, or the numbers contradict each other.

    Examples
    --------
    >>> given_design("2x2", n=32).error_df, given_design("2 x 2", per_group=8).n
    (28, 32)
    """
    counts = _given_levels(levels)
    cells = math.prod(counts)
    if n is None and per_group is not None and counts:
        n = cells * per_group
    complaints = tuple(_complaints(counts, n, per_group))
    if complaints:
        raise UsageError.of(complaints)
    return PrintedDesign(levels=counts, n=n, per_group=per_group, source="given")


def _given_levels(levels: str) -> tuple[int, ...]:
    printed = levels.strip()
    if not printed:
        return ()
    if re.fullmatch(rf"{_WORD_LEVEL}(?:[- ]by[- ]{_WORD_LEVEL})+", printed, re.I):
        return _read_levels(printed)
    if not re.fullmatch(r"\d{1,3}(?:\s*[x×X*]\s*\d{1,3})*", printed):
        raise UsageError(
            expected="levels of the factors between animals, such as 2x2 or 3x2x2",
            found=repr(levels),
            do="write the number of levels of each factor with x between them",
            where="design",
        )
    return tuple(int(count) for count in re.findall(r"\d+", printed))


def _complaints(counts: tuple[int, ...], n: int | None, per_group: int | None) -> Iterator[Complaint]:
    name, cells = "x".join(map(str, counts)), math.prod(counts)
    if not counts and n is None and per_group is None:
        yield Complaint(
            expected="levels, or a number of animals", found="nothing", do="say for example 2x2 and 32", where="design"
        )
    if any(count < 2 for count in counts):
        yield Complaint(
            expected="2 levels or more of each factor", found=name, do="leave other factors out", where="design"
        )
    for what, number in (("animals", n), ("animals of a group", per_group)):
        if number is not None and number < 1:
            yield Complaint(expected=f"1 or more {what}", found=str(number), do="count them again", where="design")
    if counts and n is not None and n < cells:
        yield Complaint(
            expected=f"an animal or more in each of {cells} groups",
            found=f"{n} animals",
            do="check both",
            where="design",
        )
    elif counts and n is not None and per_group is not None and n != cells * per_group:
        yield Complaint(
            expected=f"{cells} groups of {per_group} to be {cells * per_group} animals",
            found=f"{n} animals",
            do="leave the size of a group out where groups are unequal",
            where="design",
        )
