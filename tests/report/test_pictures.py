"""Figures look as they did when somebody looked at them: see ``baseline_pictures`` for how they are compared.

Where a figure is meant to look otherwise: ``python tests/report/reference/draw_baselines.py``, and look at each.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from tests.report.baseline_pictures import (
    BASELINE,
    TOLERANCE,
    bundled_font_only,
    difference,
    draw,
    pictures,
    read,
    rendered,
    tolerance,
    write,
)
from tests.report.figure_cases import plan_of

from littermate.report.figures import draw_figure

PICTURES = pictures()


@pytest.mark.parametrize("name", PICTURES)
def test_a_figure_looks_as_it_did(name: str, tmp_path: Path) -> None:
    actual, wanted = draw(name, PICTURES[name]), read(BASELINE / f"{name}.png")
    differs = difference(actual, wanted)
    if differs > tolerance(name):
        write(tmp_path / "actual.png", actual)
        if actual.shape == wanted.shape:
            write(tmp_path / "difference.png", np.abs(actual.astype(int) - wanted).astype(np.uint8))
    assert differs <= tolerance(name), f"{actual.shape} beside {wanted.shape}: see {tmp_path}"


def test_every_baseline_belongs_to_a_picture() -> None:
    assert {path.stem for path in BASELINE.iterdir()} == set(PICTURES)
    assert sum(path.stat().st_size for path in BASELINE.iterdir()) < 600_000


def move_a_point(figure: Figure) -> None:
    dots = figure.findobj(PathCollection)[0]
    dots.set_offsets(dots.get_offsets() + np.array([[0.0, 12.0]] + [[0.0, 0.0]] * (len(dots.get_offsets()) - 1)))


def take_a_bar(figure: Figure) -> None:
    for patch in figure.axes[0].patches[:3]:
        patch.remove()


def change_a_colour(figure: Figure) -> None:
    figure.findobj(PathCollection)[1].set_facecolor("#009e73")


def take_an_interval(figure: Figure) -> None:
    next(line for line in figure.axes[1].lines if line.get_linewidth() == 1.3).remove()


def move_a_mean(figure: Figure) -> None:
    line = next(line for line in figure.axes[1].lines if line.get_marker() == "o")
    line.set_ydata([line.get_ydata()[0] + 8.0])


@pytest.fixture(scope="module")
def as_it_is() -> np.ndarray:
    return rendered_with(lambda figure: None)


def rendered_with(change: Callable[[Figure], None]) -> np.ndarray:
    with bundled_font_only():
        figure = draw_figure(plan_of("1 x 2"))
        change(figure)
        return rendered(figure, letters=False)


@pytest.mark.parametrize("change", [move_a_point, take_a_bar, change_a_colour, take_an_interval, move_a_mean])
def test_a_planted_change_is_found(as_it_is: np.ndarray, change: Callable[[Figure], None]) -> None:
    assert difference(rendered_with(change), as_it_is) > 4 * TOLERANCE


def test_a_changed_word_is_found(as_it_is: np.ndarray) -> None:
    def worded(word: str) -> np.ndarray:
        with bundled_font_only():
            figure = draw_figure(plan_of("1 x 2"))
            figure.axes[0].set_ylabel(word)
            return rendered(figure, letters=True)

    assert difference(worded("Immobility (s)"), worded("Mobility (s)")) > tolerance("letters")


def test_a_picture_of_another_size_differs(as_it_is: np.ndarray) -> None:
    assert difference(as_it_is, as_it_is[1:]) == float("inf")
