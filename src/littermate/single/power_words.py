"""Power words: the rules, sentences and findings that accompany the power of a design."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from littermate.model.finding import Finding
from littermate.model.power import EffectPower, LossPower
from littermate.model.rules import RuleSet
from littermate.report.wording import listed

__all__ = ["NOTHING", "alike", "percent", "power_findings", "power_rules", "power_sentences", "units"]

NOTHING = 1e-9
"""SD below which an effect is none."""
_FEW, _LOW = 3, 0.5
_SIZES = (
    "Sizes are in standard deviations of the outcome within groups: of a main effect the difference of two marginal"
    " means (of more than two levels the first and the last, others half-way), of an interaction the difference of"
    " differences (an effect of 1 SD at one level of the other factor and none at the other is an interaction of 1),"
    " of a simple effect the difference of two means within one level of the other factor.",
    "Main effects, interactions and simple effects are tested with the pooled error of the whole model, marginal to the"
    " other factors (type III); Cohen's f = sqrt(noncentrality / N).",
)


def power_rules(alpha: float, methods: Iterable[str], assumed: Iterable[str] = ()) -> RuleSet:
    """Return the rules of a power calculation: what sizes mean, what is assumed, how the power was worked out."""
    how = tuple(dict.fromkeys(methods))
    words = (*_SIZES, *assumed, *(f"Power, {one}; alpha = {alpha:g}." for one in how))
    return RuleSet(name="power", parameters=(("alpha", alpha), ("methods", how)), words=words)


def percent(share: float) -> str:
    """Print a share as whole percent, and never a certainty that it is not.

    Examples
    --------
    >>> percent(0.2767), percent(0.9999), percent(0.001)
    ('28 %', 'over 99 %', 'under 1 %')
    """
    if 0.995 <= share < 1:
        return "over 99 %"
    return "under 1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


def _kind(row: EffectPower) -> str:
    if row.measure == "contrast":
        return "contrast"
    if " within " in row.term:
        return "simple effect"
    order = row.term.count(":")
    return "interaction" if order == 1 else f"interaction of {order + 1} factors" if order else "main effect"


def alike(rows: Sequence[EffectPower]) -> list[tuple[str, int]]:
    """Name each different row once, with its place; rows that differ in nothing but their name go by their kind.

    Examples
    --------
    >>> from littermate.stats.power import smallest_detectable
    >>> alike(smallest_detectable({"a": 2, "b": 2}, 8))
    [('main effects', 0), ('interaction a:b', 2)]
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, row in enumerate(rows):
        key = (_kind(row), row.df, round(row.effect, 9), round(row.power, 12), row.n_total)
        groups.setdefault(key, []).append(place)
    return [(_label([rows[place] for place in places]), places[0]) for places in groups.values()]


def _label(rows: Sequence[EffectPower]) -> str:
    kind = _kind(rows[0])
    if len(rows) == 1:
        return rows[0].term if kind == "contrast" else f"{kind} {rows[0].term}"
    first, _, rest = kind.partition(" ")
    return f"{first} {rest}s" if rest == "effect" else f"{first}s {rest}".strip()


def power_sentences(
    asks: str,
    rows: Sequence[EffectPower],
    losses: Sequence[LossPower],
    *,
    wanted: float,
    at_one: Sequence[EffectPower] = (),
    bound: float | None = None,
) -> tuple[str, ...]:
    """Say the answer.

    Parameters
    ----------
    asks
        ``"effect"``, ``"n"`` or ``"power"``: what was looked for.
    rows, losses
        What was found; two of `losses` a row, or none.
    wanted
        The wanted power.
    at_one
        Where the smallest effects were looked for: the power for effects of 1 SD.
    bound
        The narrowest bounds of equivalence that the design can show.
    """
    say = {"effect": _detectable, "n": _needed, "power": _found}[asks]
    sentences = [*say(rows, wanted), *_at_one(at_one), *_after_losses(rows, losses)]
    if bound is not None:
        sentences.append(
            f"The narrowest bounds within which equivalence is shown with {percent(wanted)} power are ±{bound:.2f} SD."
        )
    return tuple(sentences)


def _detectable(rows: Sequence[EffectPower], wanted: float) -> Iterator[str]:
    said = [(label, rows[place]) for label, place in alike(rows)]
    main = [f"d = {row.effect:.2f} for {_one(label)}" for label, row in said if label.startswith("main")]
    others = [
        f"a {row.measure} of {row.effect:.2f} SD for {_one(label)}"
        for label, row in said
        if not label.startswith("main")
    ]
    n = units(rows[0])
    yield f"With {n}, {percent(wanted)} power means {listed([*main, *others])}."


def _one(label: str) -> str:
    """Name one of several of a kind, or the one there is."""
    kind, _, rest = label.partition(" ")
    plural = {"main": "a main effect", "simple": "a simple effect", "interactions": f"an interaction {rest}".strip()}
    if label in ("main effects", "simple effects") or kind == "interactions":
        return plural[kind]
    return label if kind == "contrast" else f"the {label}"


def units(row: EffectPower) -> str:
    """Say how many units are in each group."""
    if isinstance(row.n_per_group, int):
        return f"{row.n_per_group} a group"
    return f"groups of {listed([str(size) for size in row.n_per_group])}"


def _at_one(rows: Sequence[EffectPower]) -> Iterator[str]:
    """Say how often effects of 1 SD are found, interactions first: they are the ones that disappoint."""
    places = alike(rows)
    kinds = [_kind(rows[place]) for _, place in places]
    order = sorted(range(len(places)), key=lambda index: (kinds[index].partition(" ")[0] != "interaction", index))
    said: list[str] = []
    for index in order:
        label, place = places[index]
        article = "an" if kinds[index].startswith("i") else "a"
        name = f"{article} {kinds[index]}" if kinds.count(kinds[index]) == 1 else _one(label)
        said.append(
            f"{name} of 1 SD{'' if said else ' is found'} {percent(rows[place].power)}{'' if said else ' of the time'}"
        )
    if said:
        yield f"{said[0][0].upper()}{', '.join(said)[1:]}."


def _needed(rows: Sequence[EffectPower], wanted: float) -> Iterator[str]:
    for label, place in alike(rows):
        row = rows[place]
        yield (
            f"{label[0].upper()}{label[1:]}: {units(row)} ({row.n_total} in all) {_finds(row)} with"
            f" {percent(row.power)} power."
        )


def _finds(row: EffectPower) -> str:
    if "one-sided" in row.method:
        return f"show a true difference of {row.effect:.3g} SD to be equivalent to none"
    if abs(row.effect) <= NOTHING:
        return "falsely find an effect that is not there"
    return f"find a {row.measure} of {abs(row.effect):.3g} SD"


def _found(rows: Sequence[EffectPower], wanted: float) -> Iterator[str]:
    for label, place in alike(rows):
        row = rows[place]
        error = "" if row.standard_error is None else f" (Monte-Carlo SE {100 * row.standard_error:.1f} %)"
        yield f"{label[0].upper()}{label[1:]}: {units(row)} {_finds(row)} {percent(row.power)} of the time{error}."


def _after_losses(rows: Sequence[EffectPower], losses: Sequence[LossPower]) -> Iterator[str]:
    if not losses:
        return
    for label, place in alike(rows):
        kept, more = losses[2 * place : 2 * place + 2]
        begun = f"{more.started} a group" if isinstance(more.started, int) else f"{listed([*map(str, more.started)])}"
        yield (
            f"{label[0].upper()}{label[1:]}: if {percent(kept.rate)} are lost at random, {units(rows[place])} to begin"
            f" with leave {percent(kept.power)} power; begin with {begun} ({more.n_total} in all) for"
            f" {percent(more.power)}."
        )


def power_findings(rows: Sequence[EffectPower], *, asks: str, cage: int = 1) -> tuple[Finding, ...]:
    """Say what a reader must be told of the design; `cage` is how many animals are one unit."""
    said = []
    sizes = [size // cage for row in rows for size in _sizes(row)]
    unit = "cage" if cage > 1 else "animal"
    if min(sizes) < _FEW:
        message = (
            f"{min(sizes)} {unit}{'s' if min(sizes) > 1 else ''} in a group: the spread is hardly known, and one lost"
            f" leaves a group of {min(sizes) - 1}; plan {_FEW} or more"
        )
        said.append(Finding(id=f"few-{unit}s", importance="warning", message=message, about=units(rows[0])))
    if cage > 1:
        message = f"whole cages are treated: the cages are the units, {min(sizes)} a group, and not the animals in them"
        said.append(Finding(id="cages-are-units", importance="note", message=message))
    low = [label for label, place in alike(rows) if _is_low(rows[place])]
    if low and asks == "power":
        message = "the experiment would miss the effect more often than find it"
        said.append(Finding(id="low-power", importance="warning", message=message, about=", ".join(low)))
    if len(set(sizes)) > 1 and asks != "n":
        message = "groups of different sizes: effects are marginal (type III), every group counts equally"
        said.append(Finding(id="unequal-groups", importance="note", message=message))
    return tuple(said)


def _is_low(row: EffectPower) -> bool:
    return row.power < _LOW and (abs(row.effect) > NOTHING or "one-sided" in row.method)


def _sizes(row: EffectPower) -> tuple[int, ...]:
    return (row.n_per_group,) if isinstance(row.n_per_group, int) else row.n_per_group
