"""The picture of a blot shows the whole image, every lane and every band."""

import io
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from littermate.model.blot import Band, Lane
from littermate.report.blot_figure import draw_blot


def _lane(index: int, *, saturated: bool = False) -> Lane:
    x = 20.0 * index
    band = Band(row_px=30.0, volume=5.0, background=1.0, saturated=saturated, box_px=(int(x) - 8, 22, 16, 17))
    return Lane(index=index, centre_px=x, width_px=16.0, path_px=((0.0, x), (59.0, x + 2)), bands=(band,))


@pytest.fixture
def pixels() -> np.ndarray:
    return np.random.default_rng(1).normal(100, 3, (60, 100))


def test_the_image_is_not_cropped_and_bands_are_boxed(pixels: np.ndarray) -> None:
    figure = draw_blot(pixels, [_lane(1), _lane(2, saturated=True)], title="Membrane 1")
    picture, *profiles = figure.axes
    assert (picture.get_xlim(), picture.get_ylim()) == ((-0.5, 99.5), (59.5, -0.5))
    boxes = [patch for patch in picture.patches if isinstance(patch, Rectangle)]
    assert [box.get_xy() for box in boxes] == [(11.5, 21.5), (31.5, 21.5)]
    assert boxes[0].get_edgecolor() != boxes[1].get_edgecolor()
    assert len(profiles) == 2
    assert [text.get_text() for text in picture.texts] == ["1", "2"]


def test_a_box_placed_by_a_person_is_dashed(pixels: np.ndarray) -> None:
    lane = _lane(1)
    placed = replace(lane, bands=(replace(lane.bands[0], flags=("placed by a person",)),))
    boxes = draw_blot(pixels, [placed, _lane(2)]).axes[0].patches
    assert [box.get_linestyle() for box in boxes] == ["--", "-"]


def test_labels_and_formats(pixels: np.ndarray) -> None:
    figure = draw_blot(pixels, [_lane(1), _lane(2)], labels=["control", "A7K"])
    assert [text.get_text() for text in figure.axes[0].texts] == ["control", "A7K"]
    for kind in ("png", "svg", "pdf"):
        target = io.BytesIO()
        figure.savefig(target, format=kind)
        assert target.tell() > 1000


def test_an_image_without_lanes_is_drawn_alone() -> None:
    assert len(draw_blot(np.full((40, 60), 7.0), []).axes) == 1
