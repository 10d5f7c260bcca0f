"""A panel a group, a line an animal, the mean on top; a bin nobody was seen in has no mean."""

import numpy as np

from littermate.report.field_figure import draw_group_maps, floor_map
from littermate.report.time_course_figure import TimeCourse, draw_time_course


def test_every_group_has_its_panel_with_its_animals_and_their_mean() -> None:
    values = np.array([[10.0, 20.0, np.nan], [30.0, 40.0, np.nan]])
    edges = np.array([0.0, 60.0, 120.0, 180.0])
    groups = (("saline", values), ("a + b", values[:1] * 2), ("x", values), ("y", values), ("z", values))
    figure = draw_time_course(TimeCourse(name="Immobile (%)", edges_s=edges, groups=groups))
    assert [axes.get_title(loc="left") for axes in figure.axes[:2]] == ["saline\nn = 2", "a + b\nn = 1"]
    assert [axes.axison for axes in figure.axes] == [True] * 5 + [False] * 3
    *animals, mean = (line for line in figure.axes[0].lines if len(line.get_xdata()) > 1)
    assert len(animals) == 2
    np.testing.assert_allclose(mean.get_xydata(), [[30, 20], [90, 30]])


def test_nobody_seen_at_all_is_an_empty_panel() -> None:
    course = TimeCourse(name="x", edges_s=np.array([0.0, 1.0]), groups=(("a", np.array([[np.nan]])),))
    assert len(draw_time_course(course).axes[0].lines) == 1


def test_maps_of_groups_are_means_on_one_scale() -> None:
    t_s = np.arange(10.0)
    still = floor_map(t_s, np.full((10, 2), 1.0), (10, 10), cells=4)
    gone = floor_map(t_s, np.full((10, 2), np.nan), (10, 10), cells=4)
    assert still.sum() == still[0, 0] == 10 and gone.sum() == 0
    figure = draw_group_maps([("a", [still, gone]), ("b", [still])], 10.0)
    images = [axes.images[0] for axes in figure.axes[:2]]
    assert images[0].get_clim() == images[1].get_clim()
    np.testing.assert_allclose(2 * images[0].get_array(), images[1].get_array())
