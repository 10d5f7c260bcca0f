"""Formulas: ``"immobility ~ magnesium * ketamine"`` read as in R.

``a + b`` is additive, ``a:b`` an interaction, ``a * b`` both factors and their interaction (any number of factors).
``factor(x)`` (or R's ``C(x)``) says that the numbers in `x` are names of groups, ``number(x)`` that they are a
covariate. A name with spaces stands in backticks. Brackets, ``-``, ``^``, ``/`` and ``|`` are not part of it.

Terms are ordered as in R: by the number of factors in them, then as written; an interaction's name follows the order
in which its factors were written, ``"a:b"``.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from littermate.errors import UsageError

__all__ = ["Formula", "Term", "parse_formula"]

Term = tuple[str, ...]

_TOKEN = re.compile(
    r"\s*(?:(?P<mark>factor|number|C)\s*\(\s*(?P<marked>`[^`]+`|[^\W\d][\w.]*)\s*\)"
    r"|(?P<name>`[^`]+`|[^\W\d][\w.]*)|(?P<sign>[~+*:]))"
)
_HELP = "write it as 'outcome ~ a * b': + additive, : an interaction, * both; names with spaces or signs in backticks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A model in words.

    Parameters
    ----------
    outcome
        Name of the column that is explained.
    terms
        Each a tuple of column names: ``("a",)`` a main effect, ``("a", "b")`` an interaction.
    as_factor, as_number
        Columns marked by ``factor(x)`` and ``number(x)``.
    """

    outcome: str
    terms: tuple[Term, ...]
    as_factor: frozenset[str] = frozenset()
    as_number: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """The explaining columns, each once, in the order written."""
        return tuple(dict.fromkeys(name for term in self.terms for name in term))

    @property
    def crossed(self) -> frozenset[str]:
        """Columns that take part in an interaction."""
        return frozenset(name for term in self.terms if len(term) > 1 for name in term)


def parse_formula(text: str) -> Formula:
    """Read a formula.

    Raises
    ------
    UsageError
        If it is not a formula of this kind.

    Examples
    --------
    >>> parse_formula("y ~ block + a * b").terms
    (('block',), ('a',), ('b',), ('a', 'b'))
    >>> parse_formula("len ~ supp * factor(dose)").as_factor
    frozenset({'dose'})
    """
    tokens = _tokens(text)
    if len(tokens) < 3 or tokens[0][0] != "name" or tokens[1] != ("sign", "~"):
        raise _wrong(text, "no 'outcome ~ terms'")
    marks: dict[str, str] = {}
    written = _additive_terms(text, tokens[2:], marks)
    outcome = tokens[0][1]
    terms = _in_order(written)
    if outcome in {name for term in terms for name in term}:
        raise _wrong(text, f"{outcome} on both sides of ~")
    factors = frozenset(name for name, mark in marks.items() if mark == "factor")
    numbers = frozenset(name for name, mark in marks.items() if mark == "number")
    crossed = {name for term in terms if len(term) > 1 for name in term}
    if numbers & crossed:
        raise _wrong(text, f"a covariate in an interaction: {', '.join(sorted(numbers & crossed))}")
    return Formula(outcome=outcome, terms=terms, as_factor=factors, as_number=numbers)


def _wrong(text: str, found: str) -> UsageError:
    return UsageError(expected="a formula such as 'y ~ a * b'", found=f"{found} in {text!r}", do=_HELP)


def _tokens(text: str) -> list[tuple[str, str]]:
    """Cut the text into ("name", x), ("factor", x), ("number", x) and ("sign", x)."""
    tokens, at = [], 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise _wrong(text, f"{text[at:].strip()[:1]!r}")
        at = found.end()
        if found["mark"]:
            mark = "number" if found["mark"] == "number" else "factor"
            tokens.append((mark, found["marked"].strip("`")))
        elif found["name"]:
            tokens.append(("name", found["name"].strip("`")))
        else:
            tokens.append(("sign", found["sign"]))
    return tokens


def _additive_terms(text: str, tokens: list[tuple[str, str]], marks: dict[str, str]) -> list[Term]:
    """Read the right side: names and signs in turn; note what is marked; spell out every ``*``."""
    names, signs = tokens[::2], tokens[1::2]
    if len(tokens) % 2 == 0 or any(kind == "sign" for kind, _ in names) or any(kind != "sign" for kind, _ in signs):
        raise _wrong(text, "names and signs that do not take turns")
    if any(sign == "~" for _, sign in signs):
        raise _wrong(text, "a second ~")
    for kind, name in names:
        if kind != "name" and marks.setdefault(name, kind) != kind:
            raise _wrong(text, f"{name} marked as factor and as number")
    written: list[Term] = []
    summand: list[list[str]] = [[names[0][1]]]
    for (_, sign), (_, name) in zip(signs, names[1:], strict=True):
        if sign == ":":
            summand[-1].append(name)
        elif sign == "*":
            summand.append([name])
        else:
            written += _spelt_out(summand)
            summand = [[name]]
    return written + _spelt_out(summand)


def _spelt_out(parts: list[list[str]]) -> list[Term]:
    """Turn ``a * b`` into a, b, a:b."""
    sizes = range(1, len(parts) + 1)
    choices = itertools.chain.from_iterable(itertools.combinations(parts, size) for size in sizes)
    return [tuple(dict.fromkeys(itertools.chain.from_iterable(choice))) for choice in choices]


def _in_order(written: list[Term]) -> tuple[Term, ...]:
    """Order terms as R does, each once; names within a term in the order first written."""
    place: dict[str, int] = {}
    for name in itertools.chain.from_iterable(written):
        place.setdefault(name, len(place))
    terms = dict.fromkeys(tuple(sorted(term, key=place.__getitem__)) for term in written)
    return tuple(sorted(terms, key=len))
