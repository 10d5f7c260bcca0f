"""Ways: every effect by every way of analysing it, side by side, and whether the conclusion depends on the way.

A conclusion is on which side of the plan's alpha P lies. The planned analysis stays the primary one; the others say how
much of its conclusion is due to its assumptions. Small forests are drawn on one scale an effect, from estimates that
are of the kind the planned one is; a ratio has its numbers only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from littermate.model.analysis import Analysis
from littermate.model.sensitivity import SensitivityRow
from littermate.report.numbers import decimals_for, interval, number, p_span, p_text
from littermate.report.way_names import way_name
from littermate.report.wording import listed, term_label

__all__ = ["FOREST_PX", "EffectWays", "Mark", "Way", "effect_ways", "sensitivity_rows"]

FOREST_PX = 150.0
"""Width of the small forests."""
_EDGE_PX = 4.0
_NAMED = 4

Cell = str | float | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where an interval is drawn, in px from the left: its ends and its estimate."""

    low: float
    at: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of analysing an effect, as it is printed; `agrees` with the planned conclusion."""

    name: str
    n: int
    size: str
    p: str
    agrees: bool
    mark: Mark | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectWays:
    """All ways of one effect.

    Parameters
    ----------
    outcome, term, unit
        What was analysed, the effect in words, the unit of its estimates.
    ways
        Those that have an answer.
    zero
        Where no difference is drawn, in px; `None` where nothing is drawn.
    says, depends
        Whether the conclusion depends on the way, in a sentence and in short.
    notes
        Why other ways have no answer, or are the planned one again.
    """

    outcome: str
    term: str
    unit: str
    ways: tuple[Way, ...]
    zero: float | None
    says: str
    depends: bool
    notes: tuple[str, ...]


def effect_ways(analysis: Analysis) -> tuple[EffectWays, ...]:
    """Set the ways of every effect under study side by side; empty where there is but the planned one."""
    return tuple(_ways_of(analysis, effect.term) for effect in analysis.studied if analysis.other_ways(effect.term))


def _ways_of(analysis: Analysis, term: str) -> EffectWays:
    rows = [row for row in analysis.ways(term) if row.answers]
    scale = _Scale.of([row for row in rows if row.measure == rows[0].measure])
    against = {row.analysis for row in analysis.disagreeing(term)}
    decimals = _decimals(rows[0])
    return EffectWays(
        outcome=analysis.plan.outcome,
        term=term_label(term),
        unit=analysis.unit,
        ways=tuple(_way(row, scale, decimals, agrees=row.analysis not in against) for row in rows),
        zero=None if scale is None else scale.px(0.0),
        says=_sentence(analysis, term),
        depends=bool(against),
        notes=tuple(
            dict.fromkeys(f"{way_name(row.analysis)}: {row.note}" for row in analysis.ways(term) if not row.answers)
        ),
    )


def _way(row: SensitivityRow, scale: _Scale | None, decimals: int, *, agrees: bool) -> Way:
    drawn = scale is not None and row.measure == scale.measure and row.ci95 is not None
    return Way(
        name=way_name(row.analysis),
        n=row.n,
        size=_size(row, decimals if row.measure == "difference" else 2),
        p=p_text(row.p, name="").removeprefix(" = ") if row.p is not None else "",
        agrees=agrees,
        mark=scale.mark(row) if drawn and scale is not None else None,
        note=f"without {', '.join(row.left_out)}" if row.left_out else "",
    )


def _size(row: SensitivityRow, decimals: int) -> str:
    if row.estimate is None or row.ci95 is None:
        return ""
    kind = {"difference": "", "ratio": "ratio "}.get(row.measure, "")
    return f"{kind}{number(row.estimate, decimals)} {interval(row.ci95, decimals)}"


def _decimals(row: SensitivityRow) -> int:
    return 2 if row.ci95 is None else decimals_for((row.ci95[1] - row.ci95[0]) / 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """From an estimate to px."""

    low: float
    high: float
    measure: str

    @classmethod
    def of(cls, rows: Iterable[SensitivityRow]) -> _Scale | None:
        found = [row for row in rows if row.ci95 is not None]
        ends = [end for row in found for end in row.ci95 or ()]
        if not ends:
            return None
        return cls(low=min(0.0, *ends), high=max(0.0, *ends), measure=found[0].measure)

    def px(self, value: float) -> float:
        span = self.high - self.low or 1.0
        return round(_EDGE_PX + (FOREST_PX - 2 * _EDGE_PX) * (value - self.low) / span, 1)

    def mark(self, row: SensitivityRow) -> Mark | None:
        if row.ci95 is None or row.estimate is None:
            return None
        return Mark(low=self.px(row.ci95[0]), at=self.px(row.estimate), high=self.px(row.ci95[1]))


def _sentence(analysis: Analysis, term: str) -> str:
    """Say whether the conclusion depends on the way."""
    effect, label = analysis.effect(term), term_label(term)
    shown = effect.p < analysis.plan.alpha
    others, against = analysis.other_ways(term), analysis.disagreeing(term)
    if not against:
        first, each = ("an effect", "and by each") if shown else ("no effect", "or by any")
        planned = f"{first} of {label} is shown as planned ({p_text(effect.p)})"
        span = p_span(row.p or 0.0 for row in others)
        return f"The conclusion does not depend on the way: {planned} {each} of {len(others)} other ways ({span})."
    named = [f"{way_name(row.analysis)} ({p_text(row.p or 0.0)})" for row in against[:_NAMED]]
    if len(against) > _NAMED:
        named.append(f"{len(against) - _NAMED} more")
    verb = "does not show" if shown else "shows"
    verbs = "do not show" if shown else "show"
    first = "an effect" if shown else "no effect"
    return (
        f"The conclusion depends on the way: as planned {first} of {label} is shown ({p_text(effect.p)}), but"
        f" {listed(named)} {verb if len(against) == 1 else verbs} one."
    )


def sensitivity_rows(analyses: Iterable[Analysis]) -> list[list[Cell]]:
    """List every effect by every way, raw numbers, under a head."""
    head: list[Cell] = ["outcome", "effect", "way", "n", "f", "df", "df_error", "p", "estimate", "low", "high"]
    rows: list[list[Cell]] = [[*head, "measure", "same_conclusion", "left_out", "note"]]
    for one in analyses:
        for effect in one.effects:
            against = {row.analysis for row in one.disagreeing(effect.term)}
            for row in one.ways(effect.term):
                limits = row.ci95 or (None, None)
                test: list[Cell] = [row.n, row.f, row.df, row.df_error, row.p, row.estimate, *limits, row.measure]
                same = "" if row.p is None else "no" if row.analysis in against else "yes"
                rows.append(
                    [one.plan.outcome, effect.term, row.analysis, *test, same, "; ".join(row.left_out), row.note]
                )
    return rows
