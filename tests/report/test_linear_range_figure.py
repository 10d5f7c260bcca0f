"""A series is drawn with its line, its range, and what lies outside."""

from littermate.report.linear_range_figure import SeriesPicture, draw_linear_ranges


def test_every_series_has_a_panel() -> None:
    one = SeriesPicture(
        title="BDNF",
        says="linear from 0.25 to 1",
        amounts=[0.25, 0.5, 1, 2],
        volumes=[25, 50, 100, 120],
        in_range=[True, True, True, False],
        per_amount=100.0,
        samples=[60, 130],
    )
    none = SeriesPicture(
        title="actin", says="no linear range", amounts=[1, 2], volumes=[5, -1], in_range=[False, False], per_amount=None
    )
    figure = draw_linear_ranges([one, none])
    first, second = figure.axes
    assert [line.get_label() for line in first.lines][:3] == ["in proportion", "in the linear range", "outside"]
    assert list(first.lines[2].get_xdata()) == [2]
    assert list(second.lines[-1].get_ydata()) == [5]
    figure.canvas.draw()
