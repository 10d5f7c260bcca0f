"""Percentages: against the counts printed beside them, and against what whole numbers can give."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from littermate.literature.design_clues import ANIMALS
from littermate.literature.granularity import printed_number
from littermate.literature.number_words import WHOLE, whole_number
from littermate.literature.rules.rule import AuditFacts, Remarks, rule
from littermate.model.paper import Paper, Sentence

__all__ = ["percentage_of_counts", "percentage_of_whole_animals"]

_P = r"(?P<p>(?<![\d.,])\d{1,3}(?:[.,·]\d{1,2})?) ?%"
_K_OF_N = rf"(?P<k>{WHOLE}) ?(?:/|of(?: the)?(?: total)?(?: of)?|out of(?: the)?) ?(?P<n>{WHOLE})"
_THING = rf"(?: [\w-]+){{0,2}}?(?: {ANIMALS})?"
_COUNTED = (
    re.compile(rf"{_K_OF_N}{_THING} ?[(\[,;:=]{{1,2}} ?{_P} ?[)\],;](?! ?\d[\d.,]* ?%)", re.I),
    re.compile(rf"{_P} ?[(\[] ?(?:n ?= ?)?{_K_OF_N}{_THING}[)\],;]", re.I),
    re.compile(
        rf"\bof (?:the |these |all |our )?(?P<n>{WHOLE}) (?:[\w-]+ ){{0,3}}?{ANIMALS}(?: [a-z-]+){{0,3}}, (?:only )?"
        rf"(?P<k>{WHOLE})(?: {ANIMALS})? ?[(\[] ?{_P} ?[)\]](?! ?\d[\d.,]* ?%| of\b)",
        re.I,
    ),
)
_OF_N = re.compile(rf"{_P} of (?:the |all |our )?(?P<n>{WHOLE}) {ANIMALS}", re.I)
_ABOUT = re.compile(
    r"(?:about|approximately|approx\.?|around|nearly|almost|over|at least|more than|less than|up to|[~≈<>≥≤±–—-]) ?$",
    re.I,
)


@rule("percentage-of-counts", "critical")
def percentage_of_counts(facts: AuditFacts) -> Remarks:
    """A percentage is not that of the counts printed with it.

    7 of 32 are 21.9 %. Cutting the last decimal off instead of rounding is let pass.
    """
    for sentence in _with_percent(facts.paper):
        for match in (found for pattern in _COUNTED for found in pattern.finditer(sentence.text)):
            k, n = whole_number(match["k"]), whole_number(match["n"])
            printed = printed_number(match["p"].replace("·", "."))
            if _ABOUT.search(sentence.text[: match.start()][-12:]) or not n > 0 or k > n:
                continue
            true = Fraction(100 * k, n)
            if abs(true - printed.value) >= 2 * printed.half:
                start = sentence.place[0]
                words = f"{k} of {n} are {float(true):.{printed.decimals + 1}f} %, printed {match['p']} %"
                yield words, ((start + match.start(), start + match.end()),)


@rule("percentage-of-whole-animals", "warning")
def percentage_of_whole_animals(facts: AuditFacts) -> Remarks:
    """No whole number of the animals gives the printed percentage.

    Of 8 animals 38 % are 3, and none are 43 %. Perhaps some were left out of n.
    """
    for sentence in _with_percent(facts.paper):
        for match in _OF_N.finditer(sentence.text):
            printed, n = printed_number(match["p"].replace("·", ".")), whole_number(match["n"])
            if _ABOUT.search(sentence.text[: match.start()][-12:]) or n < 2 or printed.value > 100:
                continue
            least, most = (Fraction(n, 100) * (printed.value + side * 2 * printed.half) for side in (-1, 1))
            if math.floor(least) + 1 > math.ceil(most) - 1:
                start = sentence.place[0]
                words = f"no whole number of {n} is {match['p']} %: {_neighbours(printed.value, n)}"
                yield words, ((start + match.start(), start + match.end()),)


def _with_percent(paper: Paper) -> list[Sentence]:
    return [sentence for sentence in paper.sentences if "%" in sentence.text]


def _neighbours(percent: Fraction, n: int) -> str:
    below = math.floor(percent * n / 100)
    return " and ".join(f"{k} are {100 * k / n:.1f} %" for k in (below, below + 1))
