"""Formulas: ``"immobility ~ magnesium * ketamine"`` read as in R.

``a + b`` is additive, ``a:b`` an interaction, ``a * b`` both factors and their interaction (any number of factors).
``factor(x)`` (or R's ``C(x)``) says that the numbers in `x` are names of groups, ``number(x)`` that they are a
covariate. A name with spaces stands in backticks. Other brackets, ``-``, ``^``, ``/`` and ``|`` are not part of it.

`parse_model` also reads what is random or repeated: ``(1 | cage)``, nested ``(1 | litter/cage)`` (a litter, and a cage
within it), crossed ``(1 | cage) + (1 | membrane)``, and ``Error(animal/bin)`` or ``Error(animal/(bin * region))``:
every animal is measured in every bin. Random slopes ``(x | cage)`` are not part of it.

Terms are ordered as in R: by the number of factors in them, then as written; an interaction's name follows the order
in which its factors were written, ``"a:b"``.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from littermate.errors import UsageError

__all__ = ["Formula", "ModelFormula", "Term", "grouping", "parse_formula", "parse_model"]

Term = tuple[str, ...]

_TOKEN = re.compile(
    r"\s*(?:(?P<mark>factor|number|C)\s*\(\s*(?P<marked>`[^`]+`|[^\W\d][\w.]*)\s*\)"
    r"|(?P<name>`[^`]+`|[^\W\d][\w.]*)|(?P<sign>[~+*:]))"
)
_NAME = r"(?:`[^`]+`|[^\W\d][\w.]*)"
_RANDOM = re.compile(rf"\(\s*1\s*\|\s*(?P<groups>{_NAME}(?:\s*[/:]\s*{_NAME})*)\s*\)")
_ERROR = re.compile(
    rf"Error\s*\(\s*(?P<unit>{_NAME})\s*/\s*(?:(?P<one>{_NAME})|\(\s*(?P<many>{_NAME}(?:\s*\*\s*{_NAME})*)\s*\))\s*\)"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFormula:
    """A formula and what is random or repeated in it.

    Parameters
    ----------
    fixed
        The formula without these parts.
    random
        The grouping factors of random intercepts: ``("cage",)``, or ``("litter", "cage")`` for cages within litters.
    unit, within
        From ``Error(animal/bin)``: what is measured repeatedly, and over which factors; empty without it.
    """

    fixed: Formula
    random: tuple[Term, ...] = ()
    unit: str = ""
    within: tuple[str, ...] = ()


def parse_model(text: str) -> ModelFormula:
    """Read a formula that may have random intercepts or an error stratum.

    Raises
    ------
    UsageError
        If it is not a formula of this kind, or has both.

    Examples
    --------
    >>> parse_model("y ~ diet * ketamine + (1 | litter/cage) + (1 | membrane)").random
    (('litter',), ('litter', 'cage'), ('membrane',))
    >>> model = parse_model("y ~ group * bin + Error(animal/bin)")
    >>> model.unit, model.within
    ('animal', ('bin',))
    """
    left, tilde, right = text.partition("~")
    summands = _summands(right)
    random = [found for one in summands if (found := _RANDOM.fullmatch(one))]
    errors = [found for one in summands if (found := _ERROR.fullmatch(one))]
    rest = [one for one in summands if not (_RANDOM.fullmatch(one) or _ERROR.fullmatch(one))]
    if len(errors) > 1 or (errors and random):
        raise _wrong(text, "more than one of Error() and (1 | group)")
    slopes = [one for one in rest if "|" in one]
    if slopes:
        do = "write random intercepts: (1 | cage); random slopes are not part of it"
        raise UsageError(expected="(1 | group)", found=f"{slopes[0]} in {text!r}", do=do)
    fixed = parse_formula(f"{left}{tilde}{' + '.join(rest)}")
    groups = dict.fromkeys(term for found in random for term in grouping(found["groups"]))
    if not errors:
        return ModelFormula(fixed=fixed, random=tuple(groups))
    within = _names(errors[0]["one"] or errors[0]["many"])
    return ModelFormula(fixed=fixed, unit=errors[0]["unit"].strip("`"), within=within)


def _summands(right: str) -> list[str]:
    """Cut at every ``+`` that stands outside brackets and backticks."""
    depth, quoted, parts = 0, False, [""]
    for sign in right:
        quoted ^= sign == "`"
        depth += 0 if quoted else (sign == "(") - (sign == ")")
        if sign == "+" and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip("`") for name in re.findall(_NAME, text))


def grouping(text: str) -> list[Term]:
    """Turn ``a/b`` into a and a:b; ``a:b`` is one group for each pair.

    Examples
    --------
    >>> grouping("litter/cage")
    [('litter',), ('litter', 'cage')]
    """
    steps = [_names(step) for step in re.split(r"/(?=(?:[^`]*`[^`]*`)*[^`]*$)", text)]
    return [tuple(itertools.chain.from_iterable(steps[: depth + 1])) for depth in range(len(steps))]


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
