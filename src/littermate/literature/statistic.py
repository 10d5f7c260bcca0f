"""Printed statistics: a letter, degrees of freedom, a relation and a value, read on as far as a P.

Every pattern is anchored at a letter that may begin a statistic and is bounded in length, so that the time is
proportional to the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from littermate.literature.before_p import NAMES, after_gap, after_item, names_a_test
from littermate.literature.degrees import Degrees, ahead, beside, bracketed, n_ahead, unbracketed
from littermate.literature.numbers import NUMBER
from littermate.literature.p_values import PWords, every_p, p_without_sign, p_words

__all__ = ["PrintedStatistic", "every_statistic", "is_for_all"]

_CHI = r"χ(?: *+2(?: {0,3}r(?= ?\())?| ?-? ?squared?)|[Cc]hi {0,2}-? ?(?:2|squared?)|[Xx][- ]squared"
_CHI_AS_LETTER = r"(?<!\d )(?:[xX](?:2| {1,6}2(?= ?\())|c2(?= ?\())"
_CHI_DF_FIRST = (
    r"χ {0,6}(?:(?P<below>[13-9]\d{0,2}) {0,3}2(?= {0,3}[=<>≤≥])|\( ?(?P<within>\d{1,3}) ?\) {0,3}2(?= {0,3}[=<>≤≥]))"
)
_EFFECT = (
    r"(?P<effect> {0,3}[A-Za-z]{2,16}(?: ?[x×:*-] ?[A-Za-z]{2,16}){0,2}(?= ?\(\d)| ?\([A-Za-z]{3,16}\)(?=[ (]{0,2}\d))"
)
_F = rf"F(?:'?s|{_EFFECT})?"
_TEST = r"(?: {0,3}(?:[Ww]elch|[Ss]tudent|[Pp]aired|[Uu]npaired|[Pp]earson|[Ss]pearman|rm)(?= {0,2}\())?"
_Q = r"(?P<Qw>Q[- ]{0,2}(?:within|[wW]))|(?P<Qb>Q[- ]{0,2}(?:between|[bB]))|(?P<Q>Q(?: {0,2}(?:[MET]|statistic))?)"
_KIND = r"(?:[- ]{0,2}(?:values?|statistics?|ratio|scores?|tests?)(?![A-Za-z])(?: of)?)?(?: ?\(DFn, ?DFd\))?"
_HEAD = re.compile(
    rf"(?<![A-Za-z0-9'/&\\])(?:(?P<chi2>{_CHI}|{_CHI_AS_LETTER})|{_CHI_DF_FIRST}"
    rf"|(?P<F>{_F})|(?P<t>t)(?:'?s|{_TEST})|(?P<r>r)(?: {{0,2}}s|{_TEST})|(?P<z>[zZ])(?:'?s)?|{_Q}"
    rf"|(?P<T>T)|(?P<R>R)|(?P<rho>ρ|[Rr]ho)|(?P<H>H|KW)){_KIND}(?![A-Za-z](?!f ?=))"
)
_RELATION = re.compile(r" *+(?P<sign>[<>≤≥] ?=?|={1,2} ?≈?|≈|:|(?:was|is|of|equals)(?= ))? *+")
_LOST_SIGN = r"[^\w\s.,;:()<>=+'\"][^\w.,;:()<>=+'\"]{0,3}(?=[.]?\d)"
_VALUE = re.compile(rf"(?P<minus>- ?|{_LOST_SIGN})?\+?(?P<number>{NUMBER})")
_R_SQUARED = re.compile(r" {0,6}2 {0,3}[=<>≤≥(]")
_COORDINATE = re.compile(r"[yY] {0,3}= {0,3}-? ?\d{1,3}(?:\.\d)?[,;]? {0,3}$")
_SHARED = re.compile(r"(?<![a-z])(?:both|all) ")
_EFFECT_NAME = r"(?:(?:for|of|in|on) (?:[\w×-]{1,20} ){0,3}[\w×-]{1,20}[,:;(]|[\w×][\w× -]{0,30}\)[,:;]?) ?"
_BEFORE = re.compile(
    rf"[ ,;:(]{{1,40}}+(?:(?:(?:by|with|from|in|using) )?(?:an? |the )?{NAMES}[ ,;:(]{{1,4}}){{0,4}}(?:{_EFFECT_NAME})?"
)
_NAMES = {"T": "t", "R": "r", "rho": "r"}
_RANKS = re.compile(r"Kruskal|(?<![A-Za-z])K-?W(?![A-Za-z])")
_T_TEST = re.compile(r"(?<![A-Za-z])[tT][- ]?tests?(?![A-Za-z])|Student|Welch")
_CORRELATION = re.compile(r"Pearson|Spearman|[Cc]orrelat")
_THRESHOLD = re.compile(r"(?:[Tt]hreshold|[Cc]ut-?offs?|[Cc]riteri)[^.;]{0,60}$")
_THRESHOLD_BEHIND = re.compile(r"[^.;\n]{0,30}(?:uncorrected|threshold|voxel)")
_NEAR = 120
_ALSO_EFFECTS = ("r", "R", "rho", "H", "T")
_BARE = {"F": 2, "t": 1, "chi2": 1}
_FOR_ALL = re.compile(r" (?:for|in) (?:both|all)(?![a-z])")
_PLURAL = re.compile(r"[Pp]'?s ")
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
    before = {gap.end(): p for p in every_p(plain) for gap in (_BEFORE.match(plain, p.stop),) if gap}
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
    letter = "chi2" if head["below"] or head["within"] else str(head.lastgroup)
    name = _NAMES.get(letter, letter)
    if _is_other(plain, head, name):
        return None
    degrees = _degrees(plain, head, name)
    relation = _RELATION.match(plain, degrees.stop)
    value = _VALUE.match(plain, relation.end()) if relation else None
    is_sure = (bool(degrees.parts) and not head["effect"]) or _is_named(head)
    if relation is None or value is None or not _may_follow(relation, value, is_sure):
        return None
    before = None if degrees.parts else ahead(plain, after, head.start())
    if before is None and name == "r" and degrees.n is None:
        before = n_ahead(plain, after, head.start())
    found = PrintedStatistic(
        name=name,
        place=(head.start(), value.end()),
        relation={"<": "<", "≤": "<", ">": ">", "≥": ">"}.get((relation["sign"] or "=")[0], "="),
        minus=value["minus"] is not None,
        number=value["number"],
        degrees=degrees.joined(before) if before else degrees,
    )
    found = _with_rest(plain, found)
    return found if _is_sure(plain, letter, found, bracketed=degrees.stop > head.end()) else None


def _is_sure(plain: str, letter: str, found: PrintedStatistic, *, bracketed: bool) -> bool:
    """Whether a letter that means other things as well is a statistic here, and no threshold of an image."""
    words = plain[max(found.place[0] - _NEAR, 0) : found.place[0]]
    if found.relation != "=" and (_THRESHOLD.search(words) or _THRESHOLD_BEHIND.match(plain, found.stop)):
        return False
    around = words + plain[found.place[0] : found.stop + _NEAR // 2]
    has_decimals = "." in found.number or "," in found.number
    is_test = bracketed and found.behind is not None
    if letter == "T":
        return is_test and has_decimals and _T_TEST.search(words) is not None
    if letter in ("R", "rho"):
        counted = found.degrees.parts or found.degrees.n
        named = letter == "rho" or _CORRELATION.search(words) is not None
        return has_decimals and (is_test or (found.behind is not None and named and bool(counted)))
    return letter != "H" or is_test or (found.behind is not None and _RANKS.search(around) is not None)


def _is_other(plain: str, head: re.Match[str], name: str) -> bool:
    """Whether it is r squared, or the third of the coordinates x, y, z."""
    if name == "r":
        return _R_SQUARED.match(plain, head.end()) is not None
    return name == "z" and _COORDINATE.search(plain[max(head.start() - 20, 0) : head.start()]) is not None


def _degrees(plain: str, head: re.Match[str], name: str) -> Degrees:
    """Read degrees of freedom behind the letter; below the line only where no word stands between (``t value``)."""
    if first := head["below"] or head["within"]:
        return Degrees(parts=(first,), n=None, stop=head.end())
    found = bracketed(plain, head.end())
    no_word = len(head[0]) == 1 or not head[0][-1].isalpha()
    if found is None and no_word and name in ("F", "t", "r", "chi2", "H") and head[0] not in ("T", "R"):
        found = unbracketed(plain, head.end(), pair=name == "F")
    return found or Degrees(parts=(), n=None, stop=head.end())


def _is_named(head: re.Match[str]) -> bool:
    """Whether the letter is called a statistic: ``F-statistic``, ``t value``."""
    return re.search(r"(?:(?:value|statistic|ratio)s?|DFd\))$", head[0]) is not None


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
    return 0 if found.degrees.parts or found.number.isdigit() else _BARE.get(found.name, 0)


def _belongs(gap: str, found: PrintedStatistic, p: PWords) -> bool:
    """Whether a P can be that of the statistic before it.

    ``); ns`` and ``) *P < .05`` begin a legend. Without degrees of freedom ``t = 24), P`` and ``t = 24, P`` are times,
    and ``2.2 ns`` are nanoseconds: the value must have decimals and the P follow on a mark.
    """
    if ")" in gap and ("‡" in gap or (";" in gap and p.printed.relation == "ns")):
        return False
    if found.degrees.parts or (found.name == "r" and found.degrees.n):
        return True
    return not found.number.isdigit() and ")" not in gap and (p.printed.relation != "ns" or len(gap) > 1)


def _lacks(degrees: Degrees) -> bool:
    return not degrees.parts or degrees.n is None


def _after_item(plain: str, start: int, found: PrintedStatistic) -> int | None:
    """Return where an effect size, an interval or a name ends; another statistic is none of them, but r may be."""
    if not found.degrees.parts and found.name not in ("z", "r"):
        return None
    other = _HEAD.match(plain, start)
    if other and not names_a_test(plain, start) and _is_no_effect(plain, other):
        return None
    return after_item(plain, start)


def _is_no_effect(plain: str, head: re.Match[str]) -> bool:
    return str(head.lastgroup) not in _ALSO_EFFECTS or bracketed(plain, head.end()) is not None


def _with_trailing(plain: str, found: PrintedStatistic) -> PrintedStatistic:
    """Read degrees of freedom or n behind the P, where none stood before it."""
    more = None if found.degrees.parts else beside(plain, found.stop)
    return replace(found, degrees=found.degrees.joined(more)) if more else found
