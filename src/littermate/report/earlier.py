"""Earlier studies: the forest in which this study stands, and what it says, for the report's page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from littermate.model.earlier_studies import EarlierStudies
from littermate.model.meta_analysis import PooledStudies
from littermate.report.content import ReportContent
from littermate.report.figure_svg import inline_svg
from littermate.report.figures import Later, save_drawn
from littermate.report.forest_figure import draw_forest, effect_text, heterogeneity_text
from littermate.report.numbers import p_text

__all__ = ["EarlierView", "draw_earlier", "earlier_sentences"]


_INTERVALS = (
    "All intervals of the forest are g ± a multiple of its standard error, as far as earlier studies can be known; that"
    " of this study in the results is exact (noncentral t), and so a little different."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierView:
    """One forest as the page shows it."""

    earlier: EarlierStudies
    title: str
    sentences: tuple[str, ...]
    svg: str


def draw_earlier(folder: Path, content: ReportContent, later: Later) -> tuple[EarlierView, ...]:
    """Draw a forest for every table of earlier studies, and write it into a folder of figures."""
    return tuple(_drawn(folder, number, one, later) for number, one in enumerate(content.earlier, start=1))


def _drawn(folder: Path, number: int, earlier: EarlierStudies, later: Later) -> EarlierView:
    name = f"earlier-studies-{number}"
    title = f"{earlier.plan.outcome}: {earlier.plan.level} in this and earlier studies"
    own = "" if earlier.own is None else earlier.own.study
    also = [] if earlier.together is None else [("Without this study", earlier.alone.pooled)]
    figure = draw_forest(earlier.together or earlier.alone, own=own, also=also)
    svg = save_drawn(figure, folder, name, later)
    return EarlierView(
        earlier=earlier,
        title=title,
        sentences=tuple(earlier_sentences(earlier)),
        svg=inline_svg(svg, f"e{number}", label=title),
    )


def earlier_sentences(earlier: EarlierStudies) -> Iterator[str]:
    """Say what earlier studies found, what this one found, and what all do together."""
    alone = earlier.alone.pooled
    pool = "effects of earlier studies pool" if alone.k > 1 else "effect of earlier studies pools"
    yield f"{alone.k} {pool} to {_in_words(alone)}."
    if alone.k > 1:
        yield f"Between them, {heterogeneity_text(alone.heterogeneity)}."
    if earlier.own is None or earlier.together is None:
        yield f"This study is not placed among them: {earlier.reason}."
        return
    own = effect_text("SMD", earlier.own.yi, earlier.own.interval())
    flags = "".join(f" ({flag})" for flag in earlier.own.flags)
    yield f"In this study g = {own}{flags}{_place(earlier)}."
    yield _INTERVALS
    yield f"Together, {earlier.together.pooled.k} effects pool to {_in_words(earlier.together.pooled)}."


def _in_words(pooled: PooledStudies) -> str:
    text = effect_text("SMD", pooled.estimate, pooled.ci)
    return f"g = {text} ({pooled.method}, {100 * pooled.level:g} % CI; {p_text(pooled.p)})"


def _place(earlier: EarlierStudies) -> str:
    """Say whether this study is where the earlier ones, if there are several, predict the effect of a new one."""
    if earlier.own is None or earlier.alone.pooled.k == 1:
        return ""
    low, high = earlier.alone.pooled.prediction_interval_t or earlier.alone.pooled.prediction_interval
    inside = low <= earlier.own.yi <= high
    where = effect_text("SMD", None, (low, high))
    return f", {'inside' if inside else 'outside'} the prediction interval of the earlier studies, {where}"
