"""The figures of a study: one a kind of outcome, as paper-ready SVG, PDF and PNG.

Every outcome has its groups (`panels`), below them the estimated differences (`difference_panel`; two groups have
theirs beside them), and where factors are crossed the interaction (`interaction_panel`). Up to three outcomes stand
beside each other. Sizes follow from what is written: nothing is squeezed into a given height.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.text import Text

from littermate.errors import UsageError
from littermate.files import written_whole
from littermate.model.analysis import Analysis
from littermate.report.difference_panel import AlignedPart, RowsPart, rows_of, shown_differences
from littermate.report.grouping import FigurePlan, cells_of
from littermate.report.interaction_panel import has_intervals, interaction_part, interactions, joins_means
from littermate.report.panels import ValuesPart, has_zero, pair_of
from littermate.report.results import effect_statistics
from littermate.report.sheet import Part, Place, Sheet
from littermate.report.style import DOUBLE_MM, SINGLE_MM, figure_style
from littermate.report.wording import capital, group_label, group_sizes, listed, term_label

__all__ = ["Later", "caption", "draw_figure", "save_drawn", "save_figure", "title"]

Later = Callable[..., None]
"""Takes a function and its arguments: a call that nothing here waits for."""

_WIDTHS_MM = {"single": SINGLE_MM, "double": DOUBLE_MM}
_TALL_MM = {"single": 42.0, "double": 60.0}
_EDGE_MM, _BESIDE_MM, _BELOW_MM, _LETTER_MM, _MOST_ALONE = 2.0, 3.0, 4.0, 4.0, 5


def draw_figure(plan: FigurePlan, *, width: str | None = None) -> Figure:
    """Draw one figure.

    Parameters
    ----------
    plan
        Its outcomes.
    width
        One journal column (``"single"``, 89 mm) or the page (``"double"``, 183 mm). Chosen by content where it is not
        given: one outcome with few groups takes a column.

    Raises
    ------
    UsageError
        If there is no such width.
    """
    if width is not None and width not in _WIDTHS_MM:
        raise UsageError(expected=f"a width: {listed(_WIDTHS_MM)}", found=width, do="choose one, or leave it out")
    with figure_style():
        return _draw(plan, width or _fitting(plan))


def _fitting(plan: FigurePlan) -> str:
    """Return the width that suits the content."""
    alone = plan.panels[0][1] if len(plan.panels) == 1 else None
    return "single" if alone is not None and len(alone.groups) <= _MOST_ALONE else "double"


Column = list[Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """Columns of parts beside each other, in bands from above, and how wide each column's axes are."""

    bands: list[list[Column]]
    width: float

    @property
    def across(self) -> int:
        """How many columns stand beside each other."""
        return max(map(len, self.bands))

    @property
    def room(self) -> float:
        """Width of the axes of one column."""
        margins = sum(self.margin(at) for at in range(self.across))
        return (self.width - 2 * _EDGE_MM - _BESIDE_MM * (self.across - 1) - margins) / self.across

    def margin(self, at: int) -> float:
        """Return what a column needs left of its axes."""
        return max(part.margin_mm for band in self.bands for column in band[at : at + 1] for part in column)

    def left(self, at: int) -> float:
        """Return where the axes of a column begin."""
        return _EDGE_MM + sum(self.margin(k) for k in range(at + 1)) + at * (self.room + _BESIDE_MM)

    def heights(self) -> list[float]:
        """Return the height of each band."""
        return [max(_height(column, self.room) for column in band) for band in self.bands]


def _draw(plan: FigurePlan, width: str) -> Figure:
    grid = _Grid(bands=_bands(plan, width), width=_WIDTHS_MM[width])
    head = _LETTER_MM if len(plan.panels) > 1 else 0.0
    heights = [head + height for height in grid.heights()]
    sheet = Sheet(grid.width, 2 * _EDGE_MM + sum(heights) + _BELOW_MM * (len(heights) - 1))
    top = _EDGE_MM
    for row, (band, height) in enumerate(zip(grid.bands, heights, strict=True)):
        for at, column in enumerate(band):
            if head:
                sheet.write(grid.left(at) - grid.margin(at), top, [_letter(row * grid.across + at)], weight="bold")
            _draw_column(sheet, column, grid.left(at), top + head, grid.room)
        top += height + _BELOW_MM
    return sheet.figure


def _height(column: Column, room: float) -> float:
    return sum(part.height_mm(room) for part in column) + _BELOW_MM * (len(column) - 1)


def _draw_column(sheet: Sheet, column: Column, left: float, top: float, room: float) -> None:
    for part in column:
        part.draw(Place(sheet, left, top, room))
        top += part.height_mm(room) + _BELOW_MM


def _bands(plan: FigurePlan, width: str) -> list[list[Column]]:
    """Arrange the outcomes; a single one on a page's width has its differences beside it."""
    if len(plan.panels) == 1:
        column = _column(plan, 0, tall=_TALL_MM[width])
        return [[column[:1], column[1:]]] if width == "double" and len(column) > 1 else [[column]]
    beside = 1 if width == "single" else _beside(plan)
    columns = [_column(plan, at, factor_names=at % beside == 0) for at in range(len(plan.panels))]
    return [columns[at : at + beside] for at in range(0, len(columns), beside)]


def _beside(plan: FigurePlan) -> int:
    """Return how many outcomes stand beside each other: so many that every group has room."""
    groups = max(len(cells_of(analysis)) for _, analysis in plan.panels)
    fitting = next((count for count, most in ((3, 6), (2, 10)) if groups <= most), 1)
    return min(fitting, 2 if len(plan.panels) == 4 else len(plan.panels))


def _column(plan: FigurePlan, at: int, *, tall: float = _TALL_MM["single"], factor_names: bool = True) -> Column:
    """Return what is drawn of one outcome, from above."""
    outcome, analysis = plan.panels[at]
    column: Column = [ValuesPart(analysis, outcome.name, panel=at, tall=tall, factor_names=factor_names)]
    shown = shown_differences(analysis)
    main = [difference for difference in shown if ":" not in difference.factor]
    if len(analysis.plan.factors) == 1 and len(main) > 1:
        column.append(AlignedPart(analysis))
    elif main and not pair_of(analysis):
        column.append(RowsPart(rows_of(main, analysis.unit), name="difference", unit=analysis.unit))
    if interactions(analysis):
        column.append(interaction_part(analysis))
    return column


def _letter(index: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[index % 26]


def save_figure(
    figure: Figure, folder: str | Path, name: str, kinds: Sequence[str] = ("svg", "pdf", "png")
) -> tuple[Path, ...]:
    """Write a figure as SVG, PDF and PNG (300 dpi), or as some of these, and return the paths."""
    _part_ligatures(figure)
    paths = tuple(Path(folder) / f"{name}.{kind}" for kind in kinds)
    for path in paths:
        with written_whole(path) as part, figure_style():
            figure.savefig(part, metadata=_no_date(path.suffix))
    return paths


def save_drawn(figure: Figure, folder: Path, name: str, later: Later) -> str:
    """Write a figure and return the text of its SVG file; PDF and PNG, which the page does not hold, may come later."""
    (svg,) = save_figure(figure, folder, name, ("svg",))
    later(save_figure, figure, folder, name, ("pdf", "png"))
    return svg.read_text(encoding="utf-8")


def _part_ligatures(figure: Figure) -> None:
    """Write ff and fi letter by letter: a word of a PDF is then one piece of one font, to be searched and edited."""
    for text in figure.findobj(Text):
        if hasattr(text, "set_fontfeatures"):  # older matplotlib joins no letters
            text.set_fontfeatures(("-liga",))


def _no_date(suffix: str) -> dict[str, None]:
    """Leave the date out, so that the same study gives the same bytes."""
    return {".svg": {"Date": None}, ".pdf": {"CreationDate": None}, ".png": {}}[suffix]


def title(plan: FigurePlan) -> str:
    """Name a figure: its outcomes and where they were measured."""
    assay = plan.panels[0][0].assay
    names = listed(outcome.name for outcome, _ in plan.panels)
    return f"{capital(names)} ({assay})"


def caption(plan: FigurePlan) -> str:
    """Write a figure's caption: what is drawn, n, and each effect's F and exact P."""
    analyses = [analysis for _, analysis in plan.panels]
    parts = [*_points_in_words(analyses), _groups_in_words(plan), *_differences_in_words(analyses)]
    adjusted = listed(dict.fromkeys(name for one in analyses for name in one.plan.adjusted_for))
    if adjusted:
        parts.append(f"Estimates are adjusted for {adjusted}; bars and points are not.")
    for position, (outcome, one) in enumerate(plan.panels):
        letter = f"({_letter(position)}) " if len(plan.panels) > 1 else ""
        parts.append(f"{letter}{capital(outcome.name)}: {_effects_in_words(one)}.")
    return " ".join(parts)


def _points_in_words(analyses: Sequence[Analysis]) -> Iterator[str]:
    """Say what bars and points are."""
    repeated = any(len({point.unit for point in one.points}) < len(one.points) for one in analyses)
    means = "Lines" if not any(map(has_zero, analyses)) else "Bars"
    yield f"{means} are means ± SEM and points are single {'measurements' if repeated else 'animals'}."
    scales = listed(dict.fromkeys(one.plan.scale for one in analyses if one.plan.scale))
    if scales:
        yield f"Values are on the {scales} scale, as planned."
    if any(group.sem is None for one in analyses for group in one.groups):
        yield "A group of one has no SEM."


def _differences_in_words(analyses: Sequence[Analysis]) -> Iterator[str]:
    """Say what the panels below or beside the groups are."""
    most = max(len(shown_differences(one)) for one in analyses)
    if most:
        several = ", not adjusted for being several" if most > 1 else ""
        where = "Beside the groups" if all(map(pair_of, analyses)) else "Below"
        yield (
            f"{where}, estimated differences with 95 % confidence intervals{several}; shaded, the sampling "
            "distribution of the estimate."
        )
    joined = [one for one in analyses if joins_means(one)]
    if joined:
        model = all(map(has_intervals, joined))
        means = "the model's means with 95 % confidence intervals" if model else "the groups' means"
        yield f"Joined by lines, {means}."
    if any(map(interactions, analyses)):
        yield "An interaction is a difference of two differences."


def _groups_in_words(plan: FigurePlan) -> str:
    sizes = {group_sizes(analysis) for _, analysis in plan.panels}
    labels = listed(group_label(cell.levels) for cell in cells_of(plan.panels[0][1]))
    if len(sizes) == 1:
        return f"Groups, from left: {labels}; {sizes.pop()}."
    each = "; ".join(f"{outcome.name}: {group_sizes(analysis)}" for outcome, analysis in plan.panels)
    return f"Groups, from left: {labels}; {each}."


def _effects_in_words(analysis: Analysis) -> str:
    return "; ".join(f"{term_label(effect.term)}, {effect_statistics(effect)}" for effect in analysis.studied)
