"""The figure of one analysis: every unit is in it, every group has its mean."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from littermate.model.analysis import Analysis, Effect, GroupSummary, Plan
from littermate.report.anova_figure import draw_anova, draw_groups


def make(levels: dict[str, tuple[str, ...]], *, n: int = 4) -> Analysis:
    """Make an analysis of `n` units a group; group k has values around 10 (k + 1)."""
    cells = [tuple(zip(levels, cell, strict=True)) for cell in itertools.product(*levels.values())]
    spread = np.linspace(-2, 2, n)
    return Analysis(
        plan=Plan(outcome="immobility", factors=tuple(levels)),
        unit="s",
        n=n * len(cells),
        effects=tuple(
            Effect(term=name, df=1, df_error=28, ss=1.0, f=5.2, p=1e-7, partial_eta_squared=0.157,
                   partial_eta_squared_ci90=(0.008, 0.331), partial_omega_squared=0.116)
            for name in levels
        ),
        df_error=28,
        ss_error=10.0,
        groups=tuple(
            GroupSummary(levels=cell, n=n, mean=10.0 * (k + 1), sd=None if n == 1 else 1.5,
                         sem=None if n == 1 else 0.7)
            for k, cell in enumerate(cells)
        ),
        differences=(),
        assumptions=(),
        points=tuple(
            (f"K{k}-{row}", cell, 10.0 * (k + 1) + apart)
            for k, cell in enumerate(cells)
            for row, apart in enumerate(spread)
        ),
    )  # fmt: skip


TWO = ("no", "yes")
DESIGNS = [
    {"diet": ("control", "low", "high")},
    {"magnesium": TWO, "ketamine": TWO},
    {"sex": ("f", "m"), "magnesium": TWO, "ketamine": ("0", "5", "15")},
    {"a": TWO, "b": TWO, "c": TWO, "d": TWO},
]


@pytest.mark.parametrize("levels", DESIGNS)
def test_every_unit_is_drawn_at_its_value(levels: dict[str, tuple[str, ...]], tmp_path: Path) -> None:
    analysis = make(levels)
    figure = draw_anova(analysis)
    figure.savefig(tmp_path / "figure.png", dpi=60)
    offsets = [dots.get_offsets() for axes in figure.axes for dots in axes.collections if len(dots.get_offsets()) == 4]
    heights = sorted(float(y) for each in offsets for _, y in each)
    assert heights == pytest.approx(sorted(value for _, _, value in analysis.points))


def test_the_last_factor_is_in_the_legend_and_others_on_panels() -> None:
    figure = draw_anova(make(DESIGNS[2]))
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["0", "5", "15"]
    assert [axes.get_title() for axes in figure.axes] == ["sex: f", "sex: m"]
    assert figure.axes[0].get_xlabel() == "magnesium"


def test_one_factor_needs_no_legend() -> None:
    figure = draw_anova(make(DESIGNS[0]))
    assert figure.legends == []
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == [
        "control\nn = 4",
        "low\nn = 4",
        "high\nn = 4",
    ]


def test_the_table_stands_below() -> None:
    text = draw_anova(make(DESIGNS[1])).get_supxlabel()
    assert "magnesium: F(1, 28) = 5.20, p = 1.0 × 10⁻⁷, η²p = .16 [.01, .33]" in text


@pytest.mark.parametrize("n", [1, 300])
def test_single_units_and_crowds(n: int, tmp_path: Path) -> None:
    draw_anova(make(DESIGNS[1], n=n)).savefig(tmp_path / "figure.svg")


def test_names_with_signs_are_taken_as_they_are(tmp_path: Path) -> None:
    figure = draw_anova(make({"cost_$": ("$x_1$", "_hidden"), "b": TWO}))
    figure.savefig(tmp_path / "figure.pdf")
    assert figure.axes[0].get_xlabel() == "cost_$"


def test_groups_can_be_drawn_into_any_axes() -> None:
    axes = Figure().add_subplot()
    draw_groups(axes, make(DESIGNS[1]), y_label=False)
    assert axes.get_ylabel() == ""
    assert len([dots for dots in axes.collections if len(dots.get_offsets()) == 4]) == 4
