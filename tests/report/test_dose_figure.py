"""Figures of doses: where things stand on the axis, and what is written below."""

import numpy as np
import pytest

from littermate.model.dose_response import EffectiveDose
from littermate.report.caption import figure_with_caption
from littermate.report.dose_axis import DoseAxis
from littermate.report.dose_figure import dose_text, draw_dose_response
from littermate.stats.dose_response import fit_dose_response
from littermate.stats.table import Table


def test_the_control_stands_left_of_the_lowest_dose() -> None:
    axis = DoseAxis([0, 1, 10, 100])
    places = axis.place([0, 1, 10, 100])
    assert places[1:] == pytest.approx([0, 1, 2])
    assert places[0] < 0


def test_a_caption_makes_the_figure_higher() -> None:
    short, long = (figure_with_caption(["word " * n], width_mm=89, height_mm=60) for n in (3, 100))
    assert long.get_figheight() > short.get_figheight()


def test_a_withheld_dose_is_written_as_none() -> None:
    nothing = EffectiveDose(
        percent=50, estimate=None, se=None, ci_delta=None, ci_log=None, ci_profile=(None, None), extrapolated=False
    )
    assert dose_text(nothing) == "none"


def test_without_an_ed50_none_is_marked() -> None:
    dose = np.repeat([0.0, 1, 3, 10, 30], 4)
    y = 100 + np.random.default_rng(1).standard_normal(20)
    table = Table(
        outcome="y", values=y, factors={}, units=[str(row) for row in range(20)], covariates={"ketamine": dose}
    )
    figure = draw_dose_response(fit_dose_response(table, "ketamine", percents=(50,)))
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert "ED50" not in texts
    assert "withheld" in figure.get_supxlabel()
