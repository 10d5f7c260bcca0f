"""The residual plots: every unit is in each panel, and the far ones are named."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from littermate.model.residual import Residual, Residuals
from littermate.report.residuals_figure import draw_residuals


def make(sizes: tuple[float | None, ...], groups: str) -> Residuals:
    """Make residuals whose normal quantiles are their own rank in tenths and whose band is half a unit wide."""
    order = np.argsort(np.argsort([size or 0.0 for size in sizes]))
    normal = (order - order.mean()) / 2
    points = tuple(
        Residual(
            unit=f"K{row}",
            levels=(("a", groups[row]), ("b", "$x$")),
            fitted=100.0 + ord(groups[row]),
            residual=size or 0.0,
            standardised=size,
            studentised=size,
            leverage=0.25,
            cooks=0.1,
            normal=float(normal[row]),
            band=(float(normal[row]) - 0.5, float(normal[row]) + 0.5),
        )
        for row, size in enumerate(sizes)
    )
    return Residuals(outcome="immobility", unit="s", points=points, largest_p=0.2)


def heights(figure: Figure, panel: int) -> list[float]:
    dots = [one for one in figure.axes[panel].collections if len(one.get_offsets()) and one.get_zorder() == 3]
    return sorted(float(y) for one in dots for _, y in one.get_offsets())


SIZES = (-1.0, -0.5, 0.1, 0.6, 0.9, 4.0)


def test_every_unit_is_in_every_panel(tmp_path: Path) -> None:
    figure = draw_residuals(make(SIZES, "xxxyyy"))
    figure.savefig(tmp_path / "residuals.png", dpi=60)
    assert heights(figure, 0) == heights(figure, 1) == pytest.approx(sorted(SIZES))
    assert heights(figure, 2) == pytest.approx(sorted(map(abs, SIZES)))


def test_the_far_unit_is_named_and_the_axes_say_what_they_show() -> None:
    figure = draw_residuals(make(SIZES, "xxxyyy"))
    for axes in figure.axes[:2]:
        assert "K5" in [text.get_text() for text in axes.texts]
        assert not {f"K{row}" for row in range(5)} & {text.get_text() for text in axes.texts}
    assert figure.axes[1].get_xlabel() == "Fitted immobility (s)"
    assert [label.get_text() for label in figure.axes[2].get_xticklabels()] == ["x\n$x$", "y\n$x$"]


def test_a_unit_without_a_standardised_residual_is_not_drawn() -> None:
    figure = draw_residuals(make((-1.0, 0.5, 0.2, None), "xxxy"))
    assert len(heights(figure, 1)) == 3
