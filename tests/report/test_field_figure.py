"""The field figure draws what was measured."""

import io

import numpy as np

from littermate.model.arena import Arena
from littermate.model.track import FOUND, MISSING, Track
from littermate.report.field_figure import draw_field, time_map

ARENA = Arena(corners_px=((10, 10), (90, 12), (92, 90), (8, 88)), width_cm=48, height_cm=48)
PICTURE = np.full((100, 120), 150, np.uint8)


def circle(n: int, missing: slice = slice(0, 0)) -> Track:
    t = np.arange(n) / 10
    xy = np.column_stack([50 + 30 * np.cos(t), 50 + 30 * np.sin(t)])
    state = np.full(n, FOUND, np.uint8)
    xy[missing], state[missing] = np.nan, MISSING
    return Track(t_s=t, xy_px=xy, state=state)


def test_a_long_gap_breaks_the_line() -> None:
    figure = draw_field(PICTURE, circle(100, slice(40, 60)), ARENA, grid=6, title="c7f2")
    (path,) = figure.axes[0].collections
    assert len(path.get_segments()) == 99 - 21
    figure.savefig(io.BytesIO(), format="svg")


def test_grid_lines_are_those_of_the_homography() -> None:
    axes = draw_field(PICTURE, circle(50), ARENA, grid=4).axes[0]
    drawn = {tuple(np.round(line.get_xydata()[0], 6)) for line in axes.lines if len(line.get_xydata()) == 2}
    assert tuple(np.round(ARENA.to_px(np.array([[24.0, 0.0]]))[0], 6)) in drawn
    assert len(drawn) == 6


def test_no_animal_is_said() -> None:
    figure = draw_field(PICTURE, circle(30, slice(0, 30)), ARENA)
    assert "no animal was found" in [text.get_text() for text in figure.axes[0].texts]
    figure.savefig(io.BytesIO(), format="png")


def test_time_map_sums_to_the_time_with_a_position() -> None:
    assert np.isclose(time_map(circle(100, slice(40, 60)), ARENA).sum(), 8.0)
