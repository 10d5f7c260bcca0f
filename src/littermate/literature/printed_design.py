"""Printed design: how many animals, in which groups, as the text says it or the reader gives it.

Clues (`design_clues`) are put together to a design only where they leave one reading. The abstract, captions and tissue
of some animals tell of the same animals, so they make no design of their own where the text has one. A paper with two
experiments gives two designs, and a number that fits neither stays alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from littermate.errors import Complaint, UsageError
from littermate.literature.design_clues import WORD_LEVEL, Clue, clues, experiment_of, read_levels
from littermate.model.audit import PrintedDesign
from littermate.model.paper import Paper

__all__ = ["find_designs", "given_design"]


_SCOPES = ("study", "abstract", "part")


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
    found = _of_the_study(clues(paper))
    totals = {one.numbers[0]: one for one in reversed(found) if one.kind == "total"}
    totals.update(_totals_of_sizes(found, totals))
    if len(totals) <= 1:
        return tuple(_designs_of_one(found, next(iter(totals.values()), None)))
    designs: list[PrintedDesign] = []
    for total in sorted(totals.values(), key=lambda one: one.place):
        name = experiment_of(paper.sentences[total.sentence])
        near = [one for one in found if one.kind != "total" and _belongs(paper, total, one)]
        designs.append(replace(_put_together(total, _agreed(near)), experiment=name))
    return (*designs, *_left_over(found, designs))


def _of_the_study(found: Iterable[Clue]) -> tuple[Clue, ...]:
    """Leave out other studies; and of a kind the abstract, or captions and tissue, where the text itself says it."""
    kept = [one for one in found if one.scope != "other"]
    best: dict[str, str] = {}
    for one in kept:
        best[_question(one)] = min(best.get(_question(one), one.scope), one.scope, key=_SCOPES.index)
    return tuple(one for one in kept if one.scope == best[_question(one)])


def _question(clue: Clue) -> str:
    """Return what a clue answers: of all kinds only two answer the same."""
    return "sizes" if clue.kind == "per group" else clue.kind


def _belongs(paper: Paper, total: Clue, clue: Clue) -> bool:
    """Say whether a clue stands in the sentence of a total or the next one, or is of the same named experiment."""
    if 0 <= clue.sentence - total.sentence <= 1:
        return True
    named = experiment_of(paper.sentences[total.sentence])
    return bool(named) and experiment_of(paper.sentences[clue.sentence]) == named


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
        if one.kind in ("levels", "groups") and not any(_same_groups(one.numbers, known) for known in levels):
            levels.add(one.numbers)
            yield PrintedDesign(levels=one.numbers, n=None, per_group=None, source=one.words)
        if one.kind == "per group" and one.numbers[0] not in sizes:
            sizes.add(one.numbers[0])
            yield PrintedDesign(levels=(), n=None, per_group=one.numbers[0], source=one.words)


def _same_groups(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Say whether groups are as many as the cells of a design, or as the levels of one of its factors."""
    return math.prod(one) == math.prod(other) or (len(one) == 1 and one[0] in other)


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
    if re.fullmatch(rf"{WORD_LEVEL}(?:[- ]by[- ]{WORD_LEVEL})+", printed, re.I):
        return read_levels(printed)
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
