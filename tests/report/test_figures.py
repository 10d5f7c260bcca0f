import io
import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.text import Text
from scipy.spatial.distance import pdist
from tests.report.figure_cases import CASES, plan_of

from littermate.report.figure_svg import inline_svg, point_links
from littermate.report.figures import caption, draw_figure, save_figure
from littermate.report.grouping import plan_figures
from littermate.report.numbers import p_text
from littermate.report.style import figure_style

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def plans(content):
    return plan_figures(content.protocol, content.analyses)


@pytest.fixture(scope="module")
def zones(plans):
    return draw_figure(plans[2])


@pytest.fixture(scope="module")
def alone(plans):
    return draw_figure(plans[0])


@pytest.fixture(scope="module")
def drawn():
    """Every figure of the cases, drawn once."""
    return {name: draw_figure(plan_of(name), width=case.width) for name, case in CASES.items()}


def boxes(figure) -> list[tuple[str, np.ndarray]]:
    """The boxes of all text that is seen, in pixels: left, bottom, right, top."""
    with figure_style():
        figure.draw_without_rendering()
        texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
        return [(text.get_text(), text.get_window_extent().extents) for text in texts]


def meeting(found) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes overlap by more than half a pixel both ways."""
    return [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(found, 2)
        if min(a[2], b[2]) - max(a[0], b[0]) > 0.5 and min(a[3], b[3]) - max(a[1], b[1]) > 0.5
    ]


@pytest.mark.parametrize("name", CASES)
def test_no_text_is_clipped_or_meets_another(drawn, name):
    figure = drawn[name]
    found = boxes(figure)
    width, height = figure.bbox.size
    assert len(found) > 8
    assert [text for text, box in found if min(box[:2]) < 0 or box[2] > width or box[3] > height] == []
    assert meeting(found) == []


def test_what_meets_is_found(alone):
    label = alone.text(0.5, 0.5, "one")
    other = alone.text(0.5, 0.5, "two")
    assert meeting(boxes(alone)) != []
    label.remove()
    other.remove()


@pytest.mark.parametrize("name", CASES)
def test_no_point_hides_another_and_letters_are_of_seven_to_eight_points(drawn, name):
    figure = drawn[name]
    for dots in figure.findobj(PathCollection):
        places = dots.get_offset_transform().transform(dots.get_offsets()) / figure.dpi * 72
        diameter = dots.get_sizes()[0] ** 0.5 + dots.get_linewidth()[0]
        assert len(places) == 1 or pdist(places).min() > diameter - 1e-3
    assert {text.get_fontsize() for text in figure.findobj(Text) if text.get_text()} <= {7.0, 7.5, 8.0}


def test_width_is_a_journal_column_or_page(plans, alone, zones):
    assert alone.get_figwidth() * 25.4 == pytest.approx(89)
    assert zones.get_figwidth() * 25.4 == pytest.approx(183)


@pytest.mark.parametrize(("width", "mm"), [("single", 89), ("double", 183)])
def test_width_can_be_chosen(plans, width, mm):
    assert draw_figure(plans[1], width=width).get_figwidth() * 25.4 == pytest.approx(mm)


def test_every_axis_has_its_unit(zones):
    named = [axes.get_xlabel() or axes.get_ylabel() for axes in zones.axes]
    assert len(named) == 12
    assert all("(s)" in name for name in named)


def test_groups_and_factors_are_named(alone):
    texts = [text.get_text() for text in alone.findobj(Text)]
    assert {"magnesium", "ketamine", "saline", "n", "Magnesium:", "Ketamine"} <= set(texts)


def test_every_animal_is_a_point(plans, zones):
    values = [axes for axes in zones.axes if axes.patches]
    for axes, (_, analysis) in zip(values, plans[2].panels, strict=True):
        dots = axes.findobj(PathCollection)
        heights = sorted(float(y) for group in dots for _, y in group.get_offsets())
        assert heights == sorted(point.value for point in analysis.points)


def test_bars_start_at_zero(zones):
    assert all(axes.get_ylim()[0] == 0 for axes in zones.axes if axes.patches)


def test_a_scale_without_zero_has_no_bars(drawn):
    assert not any(axes.patches for axes in drawn["log scale"].axes)


def test_every_p_is_on_the_figure(plans, zones):
    texts = " ".join(text.get_text() for text in zones.findobj(Text)).replace("\N{NO-BREAK SPACE}", " ")
    for _, analysis in plans[2].panels:
        assert all(p_text(effect.p) in texts for effect in analysis.effects)


def test_one_difference_of_two_groups_stands_beside_them_with_its_zero_at_the_reference(drawn):
    values, beside = drawn["1 x 2"].axes
    ((_, analysis),) = plan_of("1 x 2").panels
    reference = analysis.groups[0].mean
    assert values.get_position().y0 == beside.get_position().y0
    assert np.allclose(np.array(values.get_ylim()) - reference, beside.get_ylim())
    interval = next(line for line in beside.lines if len(line.get_ydata()) == 2 and line.get_linewidth() == 1.3)
    assert tuple(interval.get_ydata()) == analysis.differences[0].ci95


def test_a_difference_too_small_to_be_seen_beside_its_groups_stands_below(drawn):
    values, below = drawn["far from zero"].axes
    assert below.get_position().y1 < values.get_position().y0


def test_differences_of_one_factor_stand_under_their_groups(drawn):
    values, below = drawn["1 x 5"].axes
    assert below.get_xlim() == values.get_xlim()
    estimates = [line.get_xdata()[0] for line in below.lines if line.get_marker() == "o"]
    assert estimates == [1, 2, 3, 4]


def test_an_interaction_has_its_lines_and_its_estimate(plans, alone):
    _, _, profile, estimate = alone.axes
    _, analysis = plans[0].panels[0]
    means = [float(line.get_ydata()[0]) for line in profile.lines if line.get_marker() not in ("", "None")]
    assert means == pytest.approx([mean.mean for mean in analysis.marginal_means if len(mean.levels) == 2])
    (crossed,) = [one for one in analysis.differences if ":" in one.factor]
    interval = next(line for line in estimate.lines if line.get_linewidth() == 1.3)
    assert tuple(interval.get_xdata()) == crossed.ci95


def test_means_of_a_mixed_model_have_no_made_up_interval(drawn):
    profile = drawn["mixed"].axes[2]
    assert not [line for line in profile.lines if line.get_linewidth() == 0.8]
    assert "Joined by lines, the groups' means." in caption(plan_of("mixed"))


def test_a_group_without_animals_keeps_its_place(drawn):
    texts = [text.get_text() for text in drawn["an empty group"].findobj(Text)]
    assert "no data" in texts
    assert "0" in texts


def test_a_second_sign_stands_beside_every_colour(alone):
    values = alone.axes[0]
    hatches = [patch.get_hatch() or "" for patch in values.patches[1::3]]
    shapes = [dots.get_paths()[0].vertices.tobytes() for dots in values.findobj(PathCollection)]
    assert len(set(hatches)) == len(values.findobj(PathCollection)) == len(set(shapes)) == 4


def test_caption_has_n_and_every_exact_p(plans):
    for plan in plans:
        text = caption(plan)
        assert "n = " in text
        for _, analysis in plan.panels:
            for effect in analysis.effects:
                assert (p_text(effect.p) in text) or effect.term in analysis.plan.blocks


def test_caption_says_what_differences_are_adjusted_for(plans):
    assert "adjusted for membrane" in caption(plans[3])
    assert "adjusted for membrane" not in caption(plans[0])


def test_files_are_written_with_embedded_fonts(alone, tmp_path):
    svg, pdf, png = save_figure(alone, tmp_path, "figure-1")
    fonts = set(re.findall(rb"/Subtype /(Type\w+|CIDFontType\d)", pdf.read_bytes()))
    assert b"/FontFile2" in pdf.read_bytes()
    assert b"Type3" not in fonts
    assert fonts & {b"TrueType", b"CIDFontType2"}
    names = re.findall(rb"/FontName /[A-Z]{6}\+(\S+)", pdf.read_bytes())
    assert len(names) == len(set(names))  # one font a style: no word is in pieces
    assert png.read_bytes().startswith(b"\x89PNG")
    assert round(int.from_bytes(png.read_bytes()[16:20]) / 89 * 25.4) == 300
    assert "<text" not in svg.read_text(encoding="utf-8")
    assert "<a " not in svg.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["figure-1.pdf", "figure-1.png", "figure-1.svg"]


def test_the_same_study_gives_the_same_bytes(plans):
    once, again = (inline_svg(svg_of(draw_figure(plans[1])), "f2", label="x") for _ in range(2))
    assert once == again


def svg_of(figure):
    buffer = io.StringIO()
    with figure_style():
        figure.savefig(buffer, format="svg")
    return buffer.getvalue()


def test_inline_svg_keeps_its_ids_apart_and_escapes_its_label(alone):
    svg = inline_svg(svg_of(alone), "f1", label='<script>"')
    assert "<script" not in svg
    ET.fromstring(svg)
    assert all(name.startswith("f1-") for name in re.findall(r'\bid="([^"]+)"', svg))
    assert set(re.findall(r'href="#([^"]+)"', svg)) <= set(re.findall(r'\bid="([^"]+)"', svg))


def test_every_point_is_a_link_to_its_value(plans, alone):
    _, analysis = plans[0].panels[0]
    known = {f"v-immobility-{point.unit}" for point in analysis.points}
    svg = ET.fromstring(inline_svg(svg_of(alone), "f1", label="x", links=point_links(plans[0], known)))
    links = list(svg.iter(f"{SVG}a"))
    assert {link.get("href", "")[1:] for link in links} == known
    assert len(links) == analysis.n
    codes = {link.get("href", "").rsplit("-", 1)[1]: link.find(f"{SVG}title").text for link in links}
    for point in analysis.points:
        assert codes[point.unit].startswith(f"{point.unit}: ")


def test_a_click_belongs_to_the_nearest_point_within_reach(plans, alone):
    svg = ET.fromstring(inline_svg(svg_of(alone), "f1", label="x", links=point_links(plans[0], set())))
    points = [one for one in svg.iter(f"{SVG}g") if one.get("class") == "point"]
    places = np.array([place_of(one) for one in points])
    for own, one in zip(places, points, strict=True):
        corners = np.array([corner.split(",") for corner in one.find(f"{SVG}polygon").get("points").split()], float)
        nearest = np.hypot(*(corners[:, None] - places[None]).transpose(2, 0, 1)).min(axis=1)
        assert np.hypot(*(corners - own).T) == pytest.approx(nearest, abs=0.2)
        assert np.hypot(*(corners - own).T).max() == pytest.approx(6.3, abs=0.1)


def place_of(point) -> tuple[float, float]:
    dot = point.find(f"{SVG}use")
    return float(dot.get("x")), float(dot.get("y"))


def test_a_point_is_linked_to_the_animal_whose_value_it_shows(plans, alone):
    _, analysis = plans[0].panels[0]
    known = {f"v-immobility-{point.unit}" for point in analysis.points}
    svg = ET.fromstring(inline_svg(svg_of(alone), "f1", label="x", links=point_links(plans[0], known)))
    heights = {link.get("href", "").rsplit("-", 1)[1]: place_of(link)[1] for link in svg.iter(f"{SVG}a")}
    by_value = [point.unit for point in sorted(analysis.points, key=lambda point: -point.value)]
    assert sorted(heights, key=heights.__getitem__) == by_value


def test_a_point_without_a_row_leads_nowhere_and_says_its_value(plans, alone):
    svg = ET.fromstring(inline_svg(svg_of(alone), "f1", label="x", links=point_links(plans[0], set())))
    assert list(svg.iter(f"{SVG}a")) == []
    assert len(list(svg.iter(f"{SVG}title"))) == plans[0].panels[0][1].n


def test_names_are_escaped_in_links(plans, alone, monkeypatch):
    links = point_links(plans[0], set())
    evil = {key: [type(one)(anchor="", says="<script>alert(1)</script>") for one in row] for key, row in links.items()}
    assert "<script" not in inline_svg(svg_of(alone), "f1", label="x", links=evil)


def test_names_with_dollar_signs_are_taken_as_they_are(content):
    outcome = content.protocol.outcomes[0]
    odd = type(outcome)(name="cost $x_{$ of\nit", assay="a", measure="m", unit="$")
    plan = plan_figures(content.protocol, content.analyses)[0]
    draw_figure(type(plan)(number=1, panels=((odd, plan.panels[0][1]),))).canvas.draw()
