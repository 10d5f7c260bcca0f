import re
import xml.etree.ElementTree as ET

import pytest
from matplotlib.collections import PathCollection

from littermate.report.figures import caption, draw_figure, inline_svg, save_figure
from littermate.report.grouping import plan_figures
from littermate.report.numbers import p_text
from littermate.report.panels import swarm


@pytest.fixture(scope="module")
def plans(content):
    return plan_figures(content.protocol, content.analyses)


@pytest.fixture(scope="module")
def zones(plans):
    return draw_figure(plans[2])


def inside(figure, artists) -> bool:
    width, height = figure.bbox.width, figure.bbox.height
    boxes = [a.get_window_extent() for a in artists if a.get_visible() and a.get_text()]
    return all(b.x0 >= -1 and b.y0 >= -1 and b.x1 <= width + 1 and b.y1 <= height + 1 for b in boxes)


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_no_label_is_clipped(plans, number):
    figure = draw_figure(plans[number])
    figure.canvas.draw()
    texts = [t for axes in figure.axes for t in (*axes.texts, axes.xaxis.label, axes.yaxis.label)]
    assert inside(figure, texts)


def test_width_is_a_journal_column_or_page(plans, zones):
    assert draw_figure(plans[0]).get_figwidth() * 25.4 == pytest.approx(89)
    assert zones.get_figwidth() * 25.4 == pytest.approx(183)


def test_every_axis_has_its_unit(zones):
    values, differences = zones.axes[::2], zones.axes[1::2]
    assert all("(s)" in axes.get_ylabel() for axes in values)
    assert all(axes.get_xlabel() == "Difference (s)" for axes in differences)


def test_every_animal_is_a_point(plans, zones):
    for axes, (_, analysis) in zip(zones.axes[::2], plans[2].panels, strict=True):
        dots = [drawn for drawn in axes.collections if isinstance(drawn, PathCollection)]
        heights = sorted(float(y) for group in dots for _, y in group.get_offsets())
        assert heights == sorted(point.value for point in analysis.points)


def test_bars_start_at_zero(zones):
    assert all(axes.get_ylim()[0] == 0 for axes in zones.axes[::2])


def test_caption_has_n_and_every_exact_p(plans):
    for plan in plans:
        text = caption(plan)
        assert "n = " in text
        for _, analysis in plan.panels:
            for effect in analysis.effects:
                assert (p_text(effect.p) in text) or effect.term in analysis.plan.blocks


def test_caption_says_what_differences_are_adjusted_for(plans):
    assert "adjusted for membrane" in caption(plans[3])
    assert "adjusted" not in caption(plans[0])


def test_files_are_written_with_embedded_fonts(plans, tmp_path):
    svg, pdf, png = save_figure(draw_figure(plans[0]), tmp_path, "figure-1")
    assert b"/FontFile2" in pdf.read_bytes()
    assert png.read_bytes().startswith(b"\x89PNG")
    assert "<text" not in svg.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["figure-1.pdf", "figure-1.png", "figure-1.svg"]


def test_the_same_study_gives_the_same_bytes(plans):
    once, again = (inline_svg(draw_figure(plans[1]), "f2", label="x") for _ in range(2))
    assert once == again


def test_inline_svg_keeps_its_ids_apart_and_escapes_its_label(plans):
    svg = inline_svg(draw_figure(plans[0]), "f1", label='<script>"')
    assert "<script" not in svg
    ET.fromstring(svg)
    assert all(name.startswith("f1-") for name in re.findall(r'\bid="([^"]+)"', svg))
    assert set(re.findall(r'href="#([^"]+)"', svg)) <= set(re.findall(r'\bid="([^"]+)"', svg))


def test_names_with_dollar_signs_are_taken_as_they_are(content, make):
    outcome = content.protocol.outcomes[0]
    odd = type(outcome)(name="cost $x_{$ of\nit", assay="a", measure="m", unit="$")
    plan = plan_figures(content.protocol, content.analyses)[0]
    draw_figure(type(plan)(number=1, panels=((odd, plan.panels[0][1]),))).canvas.draw()


def test_swarm_spreads_equal_values_to_both_sides():
    assert swarm([2.0, 2.0, 2.0], radius=0.1, step=0.1) == [0.0, 0.1, -0.1]
    assert swarm([0.0, 1.0, 2.0], radius=0.1) == [0.0, 0.0, 0.0]
