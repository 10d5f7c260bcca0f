"""Printed statistics: a letter, degrees of freedom, a relation and a value, read on as far as a P.

Every pattern is anchored at a letter that may begin a statistic and is bounded in length, so that the time is
proportional to the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from littermate.literature.before_p import NAMES, after_gap, after_item, names_a_test
from littermate.literature.degrees import Degrees, ahead, beside, bracketed, unbracketed
from littermate.literature.numbers import NUMBER
from littermate.literature.p_values import PWords, every_p, p_words

__all__ = ["PrintedStatistic", "every_statistic"]

_CHI = r"χ(?: *+2| ?-? ?squared?)|[Cc]hi {0,2}-? ?(?:2|squared?)"
_CHI_AS_LETTER = r"(?<!\d )(?:[xX](?:2| {1,6}2(?= ?\())|c2(?= ?\())"
_CHI_DF_FIRST = r"χ ?(?P<below>[13-9]\d{0,2}) {0,3}2(?= {0,3}[=<>≤≥])"
_F = r"F(?:'?s| {0,3}[a-z]{2,16}(?= ?\(\d))?"
_Q = r"(?P<Qw>Q[- ]{0,2}(?:within|[wW]))|(?P<Qb>Q[- ]{0,2}(?:between|[bB]))|(?P<Q>Q(?: {0,2}(?:[MET]|statistic))?)"
_KIND = r"(?:[- ]{0,2}(?:values?|statistics?|ratio|scores?|tests?)(?![A-Za-z])(?: of)?)?"
_HEAD = re.compile(
    rf"(?<![A-Za-z0-9'/&\\])(?:(?P<chi2>{_CHI}|{_CHI_AS_LETTER})|{_CHI_DF_FIRST}"
    rf"|(?P<F>{_F})|(?P<t>t)(?:'?s)?|(?P<r>r) {{0,2}}s?|(?P<z>[zZ])|{_Q}){_KIND}(?![A-Za-z])"
)
_RELATION = re.compile(r" *+(?P<sign>[<>≤≥] ?=?|={1,2}|:|(?:was|is|of|equals)(?= ))? *+")
_LOST_SIGN = r"[^\w\s.,;:()<>=+'\"][^\w.,;:()<>=+'\"]{0,3}(?=[.]?\d)"
_VALUE = re.compile(rf"(?P<minus>- ?|{_LOST_SIGN})?\+?(?P<number>{NUMBER})")
_R_SQUARED = re.compile(r" {0,6}2 {0,3}[=<>≤≥(]")
_COORDINATE = re.compile(r"[yY] {0,3}= {0,3}-? ?\d{1,3}(?:\.\d)?[,;]? {0,3}$")
_SHARED = re.compile(r"(?<![a-z])(?:both|all) ")
_EFFECT_NAME = r"(?:(?:for|of|in|on) (?:[\w×-]{1,20} ){0,3}[\w×-]{1,20}[,:;(]|[\w×][\w× -]{0,30}\)[,:;]?) ?"
_BEFORE = re.compile(rf"[ ,;:(]{{1,40}}+(?:{NAMES}[ ,;:(]{{1,4}}){{0,4}}(?:{_EFFECT_NAME})?")
_ITEMS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedStatistic:
    """A statistic as printed.

    Parameters
    ----------
    name
        As in `ReportedTest`.
    place
        (start, stop) without degrees of freedom behind it and without P.
    relation, minus, number, degrees
        Its words; a sign that did not survive (``%^&2.20``) counts as minus.
    before, behind
        The P that ends right before it, and the P it was read on to.
    shares
        Whether the P behind it is printed for several ("both P < 0.05").
    """

    name: str
    place: tuple[int, int]
    relation: str
    minus: bool
    number: str
    degrees: Degrees
    before: PWords | None = None
    behind: PWords | None = None
    shares: bool = False

    @property
    def stop(self) -> int:
        """Where the last of its words ends."""
        return max(self.place[1], self.degrees.stop, self.behind.printed.place[1] if self.behind else 0)


def every_statistic(plain: str) -> Iterator[PrintedStatistic]:
    """Find every statistic of a plain text that has degrees of freedom or a P, in order, none within another.

    Examples
    --------
    >>> [(one.name, one.number) for one in every_statistic("t28 = 2.2, r = .38, P = 0.04; F(1,28) = 5.2")]
    [('t', '2.2'), ('F', '5.2')]
    """
    before = {gap.end(): p for p in every_p(plain) if (gap := _BEFORE.match(plain, p.printed.place[1]))}
    stop = 0
    for head in _HEAD.finditer(plain):
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
    name = "chi2" if head["below"] else str(head.lastgroup)
    if _is_other(plain, head, name):
        return None
    degrees = _degrees(plain, head, name)
    relation = _RELATION.match(plain, degrees.stop)
    value = _VALUE.match(plain, relation.end()) if relation else None
    if relation is None or value is None or not _may_follow(relation, value, bool(degrees.parts) or _is_named(head)):
        return None
    before = None if degrees.parts else ahead(plain, after, head.start())
    found = PrintedStatistic(
        name=name,
        place=(head.start(), value.end()),
        relation={"<": "<", "≤": "<", ">": ">", "≥": ">"}.get((relation["sign"] or "=")[0], "="),
        minus=value["minus"] is not None,
        number=value["number"],
        degrees=degrees.joined(before) if before else degrees,
    )
    return _with_rest(plain, found)


def _is_other(plain: str, head: re.Match[str], name: str) -> bool:
    """Whether it is r squared, or the third of the coordinates x, y, z."""
    if name == "r":
        return _R_SQUARED.match(plain, head.end()) is not None
    return name == "z" and _COORDINATE.search(plain[max(head.start() - 20, 0) : head.start()]) is not None


def _degrees(plain: str, head: re.Match[str], name: str) -> Degrees:
    """Read degrees of freedom behind the letter; below the line only where no word stands between (``t value``)."""
    if head["below"]:
        return Degrees(parts=(head["below"],), n=None, stop=head.end())
    found = bracketed(plain, head.end())
    no_word = len(head[0]) == 1 or not head[0][-1].isalpha()
    if found is None and no_word and name in ("F", "t", "r", "chi2"):
        found = unbracketed(plain, head.end(), pair=name == "F")
    return found or Degrees(parts=(), n=None, stop=head.end())


def _is_named(head: re.Match[str]) -> bool:
    """Whether the letter is called a statistic: ``F-statistic``, ``t value``."""
    return re.search(r"(?:value|statistic)s?$", head[0]) is not None


def _may_follow(relation: re.Match[str], value: re.Match[str], is_sure: bool) -> bool:
    """Whether the relation can be one: a word, a colon or none at all only where it is sure to be a statistic."""
    sign = relation["sign"]
    if sign is None:
        return is_sure and len(relation[0]) <= 2 and "." in value["number"]
    return is_sure or sign[0] in "=<>≤≥"


def _with_rest(plain: str, found: PrintedStatistic) -> PrintedStatistic:
    """Read on from the value: degrees of freedom, effect sizes and intervals, as far as a P."""
    stop = found.place[1]
    for _ in range(_ITEMS):
        start = after_gap(plain, stop)
        if (p := p_words(plain, start)) is not None and _belongs(plain[stop:start], found, p):
            shares = _SHARED.search(plain, stop, start) is not None
            return _with_trailing(plain, replace(found, behind=p, shares=shares))
        more = beside(plain, stop, pair=found.name == "F") if _lacks(found.degrees) else None
        item = more.stop if more else _after_item(plain, start, found)
        if item is None:
            break
        found = replace(found, degrees=found.degrees.joined(more)) if more else found
        stop = item
    return found


def _belongs(gap: str, found: PrintedStatistic, p: PWords) -> bool:
    """Whether a P can be that of the statistic before it.

    ``); ns`` and ``) *P < .05`` begin a legend. Without degrees of freedom ``t = 24), P`` and ``t = 24, P`` are times,
    and ``2.2 ns`` are nanoseconds: the value must have decimals and the P follow on a mark.
    """
    if ")" in gap and ("‡" in gap or (";" in gap and p.printed.relation == "ns")):
        return False
    if found.degrees.parts:
        return True
    return not found.number.isdigit() and ")" not in gap and (p.printed.relation != "ns" or len(gap) > 1)


def _lacks(degrees: Degrees) -> bool:
    return not degrees.parts or degrees.n is None


def _after_item(plain: str, start: int, found: PrintedStatistic) -> int | None:
    """Return where an effect size, an interval or a name ends; another statistic is none of them, but r may be."""
    if not found.degrees.parts and found.name not in ("z", "r"):
        return None
    other = _HEAD.match(plain, start)
    if other and not names_a_test(plain, start) and (other.lastgroup != "r" or bracketed(plain, other.end())):
        return None
    return after_item(plain, start)


def _with_trailing(plain: str, found: PrintedStatistic) -> PrintedStatistic:
    """Read degrees of freedom or n behind the P, where none stood before it."""
    more = None if found.degrees.parts else beside(plain, found.stop)
    return replace(found, degrees=found.degrees.joined(more)) if more else found
