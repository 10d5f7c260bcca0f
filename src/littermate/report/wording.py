"""The words for groups, effects, outcomes and places that texts, tables and figures share.

A term of the model is ``"magnesium:ketamine"``; people read "magnesium × ketamine". A group is its levels joined by
" + ", in the order of the factors.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from littermate.model.analysis import Analysis
from littermate.model.effect import Difference
from littermate.report.numbers import power_of_ten

__all__ = [
    "assay_label",
    "axis_label",
    "capital",
    "comparative",
    "difference_label",
    "difference_labels",
    "group_label",
    "listed",
    "mentions",
    "moment",
    "sentence",
    "slug",
    "term_label",
    "times",
    "value_anchor",
    "with_unit",
]

_LETTERS = frozenset(("elisa", "bca"))
_TIMES = ("ms", "s", "min", "h", "d")
_COUNTS = ("lines", "crossings", "entries", "visits", "bouts", "squares", "rears", "boli", "arms", "counts")


def term_label(term: str) -> str:
    """Write a model term for people.

    Examples
    --------
    >>> term_label("magnesium:ketamine")
    'magnesium × ketamine'
    """
    return " × ".join(term.split(":"))


def group_label(levels: Iterable[tuple[str, str]]) -> str:
    """Write a group's (factor, level) pairs for people.

    Examples
    --------
    >>> group_label((("magnesium", "saline"), ("ketamine", "ketamine")))
    'saline + ketamine'
    """
    return " + ".join(level for _, level in levels)


def difference_label(difference: Difference) -> str:
    """Name a difference shortly: what is subtracted from what, and what is held."""
    if ":" in difference.factor:
        return term_label(difference.factor)
    held = ", ".join(f"{factor}: {level}" for factor, level in difference.within)
    return f"{difference.level} − {difference.reference}" + (f" ({held})" if held else "")


def with_unit(text: str, unit: str) -> str:
    """Write a number with its unit, where it has one; a ratio has none.

    Examples
    --------
    >>> with_unit("3.8", "s"), with_unit("12", "%"), with_unit("0.8", "ratio"), with_unit("0.8", "")
    ('3.8 s', '12 %', '0.8', '0.8')
    """
    return text if unit in ("", "ratio") else f"{text} {unit}"


def comparative(difference: float, unit: str) -> str:
    """Say which way a difference goes, as its unit asks for.

    Examples
    --------
    >>> comparative(-3.8, "s"), comparative(12, "lines"), comparative(-0.2, "ratio")
    ('shorter', 'more', 'lower')
    """
    words = ("shorter", "longer") if unit in _TIMES else ("fewer", "more") if unit in _COUNTS else ("lower", "higher")
    return words[difference > 0]


def axis_label(name: str, unit: str, *, power: int = 0) -> str:
    """Write an axis title with its unit; `power` is the power of ten that the numbers leave out.

    Examples
    --------
    >>> axis_label("time in centre", "s"), axis_label("BDNF", ""), axis_label("volume", "px", power=6)
    ('Time in centre (s)', 'BDNF (no unit)', 'Volume (10⁶ px)')
    """
    units = " ".join(filter(None, [power_of_ten(power) if power else "", unit]))
    return f"{capital(name)} ({units or 'no unit'})"


def assay_label(name: str) -> str:
    """Write an assay's name as people do.

    Examples
    --------
    >>> assay_label("elisa"), assay_label("forced swim")
    ('ELISA', 'forced swim')
    """
    return name.upper() if name in _LETTERS else name


def difference_labels(analysis: Analysis) -> dict[str, str]:
    """Return the short name of each difference by its label."""
    return {one.label: difference_label(one) for one in analysis.differences}


def capital(text: str) -> str:
    """Begin with a capital, and change nothing else.

    Examples
    --------
    >>> capital("ketamine dose")
    'Ketamine dose'
    """
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop.

    Examples
    --------
    >>> sentence("never immobile")
    'Never immobile.'
    """
    text = text.strip()
    return capital(text) + ("" if not text or text[-1] in ".!?" else ".")


def listed(items: Iterable[str]) -> str:
    """Join words with commas and a last "and".

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    words = list(items)
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def times(seconds: float) -> str:
    """Write a duration in the largest unit that leaves a short number.

    Examples
    --------
    >>> times(86400), times(5400), times(240), times(45)
    ('24 h', '1.5 h', '4 min', '45 s')
    """
    for size, unit in ((172800.0, "d"), (3600.0, "h"), (60.0, "min")):
        if seconds >= size:
            size = 86400.0 if unit == "d" else size
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"


def mentions(heading: str, words: Iterable[str]) -> bool:
    """Whether one of the words, or for longer ones one that begins so, stands in a heading.

    Examples
    --------
    >>> mentions("Ethical approval", ["ethic"]), mentions("Cage", ["age"]), mentions("Age", ["age"])
    (True, False, True)
    """
    endings = ((re.escape(word), r"\b" if len(word) < 4 else "") for word in words)
    return any(re.search(rf"\b{word}{end}", heading.lower()) for word, end in endings)


def moment(at: str) -> str:
    """Write a moment of the journal for people, to the minute.

    Examples
    --------
    >>> moment("2026-11-28T12:52:29.976Z"), moment("2026-11-28T12:52:29+00:00")
    ('2026-11-28 12:52 UTC', '2026-11-28 12:52 UTC')
    """
    return f"{at[:10]} {at[11:16]} UTC"


def slug(text: str) -> str:
    """Make an anchor of a name; two names never share one.

    Examples
    --------
    >>> slug("time in centre"), slug("BDNF/actin")
    ('time-in-centre', 'BDNF-actin-00f5')
    """
    plain = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")
    if re.fullmatch(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*", text):
        return plain
    return f"{plain}-{hashlib.sha256(text.encode()).hexdigest()[:4]}"


def value_anchor(outcome: str, code: str) -> str:
    """Return the anchor of one animal's value of one outcome.

    Examples
    --------
    >>> value_anchor("lines crossed", "7F3A")
    'v-lines-crossed-7F3A'
    """
    return f"v-{slug(outcome)}-{slug(code)}"


def group_sizes(analysis: Analysis) -> str:
    """Say how many animals each group has, shortly where all have as many.

    Returns for example ``"n = 8 per group"`` or ``"n = 8, 7, 8, 8"``.
    """
    sizes = [group.n for group in analysis.groups]
    if len(set(sizes)) == 1:
        return f"n = {sizes[0]} per group"
    return "n = " + ", ".join(str(size) for size in sizes)
