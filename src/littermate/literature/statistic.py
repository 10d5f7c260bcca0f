"""Printed statistics: a letter, degrees of freedom, a relation and a value, read on as far as a P.

Every pattern is anchored at a letter that may begin a statistic and is bounded in length, so that the time is
proportional to the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from littermate.literature.before_p import NAMES, after_gap, after_item, names_a_test
from littermate.literature.degrees import Degrees, ahead, beside, bracketed, n_ahead, unbracketed
from littermate.literature.doubt import is_certain, is_other
from littermate.literature.letters import HEAD, is_named, letter_of, name_of
from littermate.literature.numbers import NUMBER
from littermate.literature.p_values import PWords, every_p, p_without_sign, p_words
from littermate.literature.printed_statistic import PrintedStatistic

__all__ = ["every_statistic", "is_for_all"]

_RELATION = re.compile(r" *+(?P<sign>[<>≤≥] ?=?|={1,2} ?≈?|≈|:|(?:was|is|of|equals)(?= ))? *+")
_LOST_SIGN = r"[^\w\s.,;:()<>=+'\"][^\w.,;:()<>=+'\"]{0,3}(?=[.]?\d)"
_VALUE = re.compile(rf"(?P<minus>- ?|{_LOST_SIGN})?\+?(?P<number>{NUMBER})")
_SHARED = re.compile(r"(?<![a-z])(?:both|all) ")
_EFFECT_NAME = r"(?:(?:for|of|in|on) (?:[\w×-]{1,20} ){0,3}[\w×-]{1,20}[,:;(]|[\w×][\w× -]{0,30}\)[,:;]?) ?"
_BEFORE = re.compile(
    rf"[ ,;:(]{{1,40}}+(?:(?:(?:by|with|from|in|using) )?(?:an? |the )?{NAMES}[ ,;:(]{{1,4}}){{0,4}}(?:{_EFFECT_NAME})?"
)
_RELATIONS = {"<": "<", "≤": "<", ">": ">", "≥": ">"}
_ALSO_EFFECTS = ("r", "R", "rho", "H", "T")
_BARE = {"F": 2, "t": 1, "chi2": 1}
_FOR_ALL = re.compile(r" (?:for|in) (?:both|all)(?![a-z])")
_PLURAL = re.compile(r"[Pp]'?s ")
_ITEMS = 8


def every_statistic(plain: str) -> Iterator[PrintedStatistic]:
    """Find every statistic of a plain text that has degrees of freedom or a P, in order, none within another.

    Examples
    --------
    >>> [(one.name, one.number) for one in every_statistic("t28 = 2.2, r = .38, P = 0.04; F(1,28) = 5.2")]
    [('t', '2.2'), ('F', '5.2')]
    """
    before = {gap.end(): p for p in every_p(plain) for gap in (_BEFORE.match(plain, p.stop),) if gap}
    stop = 0
    for head in HEAD.finditer(plain):
        if head.start() < stop or (found := _statistic(plain, head, stop)) is None:
            continue
        found = _with_p_before(found, before.get(head.start()))
        if found.before or found.behind or found.degrees.parts:
            stop = found.stop
            yield found


def _with_p_before(found: PrintedStatistic, p: PWords | None) -> PrintedStatistic:
    may = p is not None and p.printed.relation != "ns" and (found.degrees.parts or found.name == "z")
    return replace(found, before=p) if may else found


def _statistic(plain: str, head: re.Match[str], after: int) -> PrintedStatistic | None:
    """Read a statistic from its letter on; what stands before `after` belongs to the one before."""
    name = name_of(head)
    if is_other(plain, head, name):
        return None
    degrees = _degrees(plain, head, name)
    relation = _RELATION.match(plain, degrees.stop)
    value = _VALUE.match(plain, relation.end()) if relation else None
    is_sure = (bool(degrees.parts) and not head["effect"]) or is_named(head)
    if relation is None or value is None or not _may_follow(relation, value, is_sure):
        return None
    found = PrintedStatistic(
        name=name,
        place=(head.start(), value.end()),
        relation=_RELATIONS.get((relation["sign"] or "=")[0], "="),
        minus=value["minus"] is not None,
        number=value["number"],
        degrees=_with_ahead(plain, degrees, range(after, head.start()), name),
    )
    found = _with_rest(plain, found)
    return found if is_certain(plain, letter_of(head), found, bracketed=degrees.stop > head.end()) else None


def _with_ahead(plain: str, degrees: Degrees, before: range, name: str) -> Degrees:
    """Add degrees of freedom, or the n of a correlation, that stand right before the statistic."""
    if degrees.parts:
        return degrees
    found = ahead(plain, before.start, before.stop)
    if found is None and name == "r" and degrees.n is None:
        found = n_ahead(plain, before.start, before.stop)
    return degrees.joined(found) if found else degrees


def _degrees(plain: str, head: re.Match[str], name: str) -> Degrees:
    """Read degrees of freedom behind the letter; below the line only where no word stands between (``t value``)."""
    if first := head["below"] or head["within"]:
        return Degrees(parts=(first,), n=None, stop=head.end())
    found = bracketed(plain, head.end())
    no_word = len(head[0]) == 1 or not head[0][-1].isalpha()
    if found is None and no_word and name in ("F", "t", "r", "chi2", "H") and head[0] not in ("T", "R"):
        found = unbracketed(plain, head.end(), pair=name == "F")
    return found or Degrees(parts=(), n=None, stop=head.end())


def _may_follow(relation: re.Match[str], value: re.Match[str], is_sure: bool) -> bool:
    """Whether the relation can be one: a word, a colon or none at all only where it is sure to be a statistic."""
    sign = relation["sign"]
    if sign is None:
        return is_sure and len(relation[0]) <= 2 and "." in value["number"]
    return is_sure or sign[0] in "=<>≤≥≈"


def _with_rest(plain: str, found: PrintedStatistic) -> PrintedStatistic:
    """Read on from the value: degrees of freedom, effect sizes and intervals, as far as a P."""
    stop = found.place[1]
    for _ in range(_ITEMS):
        start = after_gap(plain, stop)
        p = p_words(plain, start) or (p_without_sign(plain, start) if found.degrees.parts else None)
        if p is not None and _belongs(plain[stop:start], found, p):
            shares = is_for_all(plain, stop, p)
            return _with_trailing(plain, replace(found, behind=p, shares=shares))
        more = beside(plain, stop, bare=_bare(found)) if _lacks(found.degrees) else None
        item = more.stop if more else _after_item(plain, start, found)
        if item is None:
            break
        found = replace(found, degrees=found.degrees.joined(more)) if more else found
        stop = item
    return found


def is_for_all(plain: str, stop: int, p: PWords) -> bool:
    """Whether the P behind a place is said to be that of several: both P, all P, Ps, P in all."""
    start, end = p.printed.place
    said = _SHARED.search(plain, stop, start) or _PLURAL.match(plain, start) or _FOR_ALL.match(plain, end)
    return said is not None


def _bare(found: PrintedStatistic) -> int:
    """Return how many numbers in brackets behind a value are its degrees of freedom: ``t = 2.20 (28)``."""
    return 0 if found.degrees.parts or not found.has_decimals else _BARE.get(found.name, 0)


def _belongs(gap: str, found: PrintedStatistic, p: PWords) -> bool:
    """Whether a P can be that of the statistic before it.

    ``); ns`` and ``) *P < .05`` begin a legend. Without degrees of freedom ``t = 24), P`` and ``t = 24, P`` are times,
    and ``2.2 ns`` are nanoseconds: the value must have decimals and the P follow on a mark.
    """
    if ")" in gap and ("‡" in gap or (";" in gap and p.printed.relation == "ns")):
        return False
    if found.degrees.parts or (found.name == "r" and found.degrees.n):
        return True
    return found.has_decimals and ")" not in gap and (p.printed.relation != "ns" or len(gap) > 1)


def _lacks(degrees: Degrees) -> bool:
    return not degrees.parts or degrees.n is None


def _after_item(plain: str, start: int, found: PrintedStatistic) -> int | None:
    """Return where an effect size, an interval or a name ends; another statistic is none of them, but r may be."""
    if not found.degrees.parts and found.name not in ("z", "r"):
        return None
    other = HEAD.match(plain, start)
    if other and not names_a_test(plain, start) and _is_no_effect(plain, other):
        return None
    return after_item(plain, start)


def _is_no_effect(plain: str, head: re.Match[str]) -> bool:
    return letter_of(head) not in _ALSO_EFFECTS or bracketed(plain, head.end()) is not None


def _with_trailing(plain: str, found: PrintedStatistic) -> PrintedStatistic:
    """Read degrees of freedom or n behind the P, where none stood before it."""
    more = None if found.degrees.parts else beside(plain, found.stop)
    return replace(found, degrees=found.degrees.joined(more)) if more else found
