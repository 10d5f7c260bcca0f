"""The power figure: every line, with the plan as a dot on it."""

from pathlib import Path

import pytest

from littermate.model.power import PowerCurve
from littermate.report.power_figure import draw_power

LOW = PowerCurve(label="interaction, 1 SD", at=(4.0, 8.0, 16.0), power=(0.15, 0.28, 0.5), planned=(8.0, 0.28))
HIGH = PowerCurve(label="main effect, 1 SD", at=(4.0, 8.0, 16.0), power=(0.45, 0.78, 0.97), planned=(8.0, 0.78))


def test_two_panels(tmp_path: Path) -> None:
    figure = draw_power([HIGH, LOW], [LOW], wanted=0.9)
    figure.savefig(tmp_path / "power.png", dpi=50)
    left, right = figure.axes
    assert [text.get_text() for text in left.get_legend().get_texts()] == [HIGH.label, LOW.label]
    dots = [line.get_xydata()[0] for line in left.lines if line.get_marker() == "o"]
    assert [tuple(dot) for dot in dots] == [HIGH.planned, LOW.planned]
    assert [text.get_text() for text in left.texts] == ["planned: 8"]
    assert not list(right.texts)


@pytest.mark.parametrize(("over_n", "over_effect"), [([LOW], []), ([], [LOW])])
def test_one_panel(over_n: list[PowerCurve], over_effect: list[PowerCurve]) -> None:
    assert len(draw_power(over_n, over_effect).axes) == 1


def test_plans_that_differ_have_no_common_line() -> None:
    other = PowerCurve(label="x", at=(4.0, 8.0), power=(0.1, 0.2), planned=(4.0, 0.1))
    assert not list(draw_power([LOW, other], []).axes[0].texts)
