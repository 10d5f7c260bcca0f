"""The blot for a paper: strip and whole image on one linear scale, which the figure states."""

import io

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from littermate.errors import UsageError
from littermate.model.blot import Lane
from littermate.report.blot_uncropped import draw_uncropped, linear_scale


def _lane(index: int) -> Lane:
    x = 20.0 * index
    return Lane(index=index, centre_px=x, width_px=16.0, path_px=((0.0, x), (59.0, x + 2)))


@pytest.fixture
def pixels() -> np.ndarray:
    image = np.random.default_rng(1).normal(100, 3, (60, 100))
    image[28:34, 14:26] += 500
    return image


def test_strip_and_whole_image_share_one_linear_scale(pixels: np.ndarray) -> None:
    figure = draw_uncropped(pixels, [_lane(1), _lane(2)], labels=["control", "A7K"], crop_rows=(24, 40), title="BDNF")
    strip, whole = figure.axes
    assert (whole.get_xlim(), whole.get_ylim()) == ((-0.5, 99.5), (59.5, -0.5))
    assert (strip.get_xlim(), strip.get_ylim()) == ((-0.5, 99.5), (39.5, 23.5))
    low, high = linear_scale(pixels)
    for axes in (strip, whole):
        (drawn,) = axes.images
        assert np.array_equal(drawn.get_array(), pixels)
        assert drawn.get_clim() == (low, high)
        assert drawn.norm.__class__.__name__ == "Normalize"
        assert [text.get_text() for text in axes.texts] == ["control", "A7K"]
    (box,) = (patch for patch in whole.patches if isinstance(patch, Rectangle))
    assert (box.get_xy(), box.get_width(), box.get_height()) == ((-0.5, 23.5), 100, 16)
    note = figure.get_supxlabel()
    assert f"white = {low:.6g}, black = {high:.6g}" in note and "Linear" in note


def test_the_ladder_is_marked_at_the_side(pixels: np.ndarray) -> None:
    (whole,) = draw_uncropped(pixels, [_lane(1)], kda=[(25.0, 10.5), (15.0, 31.0)]).axes
    assert whole.get_yticks().tolist() == [10.5, 31.0]
    assert [label.get_text() for label in whole.get_yticklabels()] == ["25", "15"]


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_formats(pixels: np.ndarray, kind: str) -> None:
    target = io.BytesIO()
    draw_uncropped(pixels, [_lane(1)], labels=["$x_$ 5"], crop_rows=(0, 60)).savefig(target, format=kind)
    assert target.tell() > 1000


@pytest.mark.parametrize("rows", [(-1, 10), (10, 10), (50, 61)])
def test_a_crop_outside_the_image_is_refused(pixels: np.ndarray, rows: tuple[int, int]) -> None:
    with pytest.raises(UsageError, match="between 0 and 60"):
        draw_uncropped(pixels, [], crop_rows=rows)


def test_each_lane_has_its_label(pixels: np.ndarray) -> None:
    with pytest.raises(UsageError, match="2 labels"):
        draw_uncropped(pixels, [_lane(1), _lane(2)], labels=["one"])


def test_no_band_is_drawn_clipped() -> None:
    image = np.zeros((30, 30))
    image[5:12, 5:12], image[20, 20] = 700.0, 9000.0
    assert linear_scale(image) == (0.0, 700.0)
    assert linear_scale(np.full((30, 30), 4.0)) == (4.0, 5.0)
