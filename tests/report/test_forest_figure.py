"""The forest and the funnel: what is written and where, names of strangers, ratios, studies far out."""

from collections.abc import Sequence

import numpy as np
import pytest

from littermate.literature.asymmetry import publication_bias
from littermate.literature.effect_table import EffectTable
from littermate.literature.moderators import arrays
from littermate.literature.pooling import Pooling
from littermate.literature.synthesis import Asked, synthesise
from littermate.model.meta_analysis import MetaAnalysis
from littermate.model.study_effect import FAVOURS, StudyEffect
from littermate.report.forest_figure import draw_forest, effect_text
from littermate.report.funnel_figure import draw_funnel


def found_of(values: Sequence[tuple[str, float, float]], measure: str = "SMD", **asked: object) -> MetaAnalysis:
    effects = tuple(
        StudyEffect(study=name, cluster=name, yi=y, vi=v, n_treatment=8, columns=(("species", name[0]),))
        for name, y, v in values
    )
    table = EffectTable(measure=measure, effects=effects, left_out=(), favours=FAVOURS["higher is worse"])
    return synthesise(table, Asked(**asked))


STUDIES = [("mouse 1", -0.5, 0.1), ("mouse 2", -1.4, 0.2), ("rat 1", 0.3, 0.1), ("rat 2", -0.2, 0.3)]


def written(found: MetaAnalysis, **how: object) -> list[str]:
    return [text.get_text() for text in draw_forest(found, **how).axes[0].texts]


def test_every_study_and_the_pooled_effect_are_written() -> None:
    found = found_of(STUDIES)
    words = written(found)
    assert {"mouse 1", "rat 2", "Random effects (REML)", "Prediction interval", "Common effect"} <= set(words)
    assert effect_text("SMD", found.pooled.estimate, found.pooled.ci) in words
    assert "← favours treatment" in words


def test_subgroups_have_a_head_and_a_diamond_each() -> None:
    words = written(found_of(STUDIES, subgroup="species"))
    assert [word for word in words if word.startswith("species")] == ["species: m", "species: r"]
    assert "m, pooled" in words and "r, pooled" in words


def test_the_study_of_ones_own_stands_out_and_others_can_be_added() -> None:
    found = found_of(STUDIES)
    axes = draw_forest(found, own="rat 1", also=[("Without it", found.common)]).axes[0]
    weights = {text.get_text(): text.get_fontweight() for text in axes.texts}
    assert (weights["rat 1"], weights["rat 2"], weights["Without it"]) == ("bold", "normal", "bold")


def test_ratios_have_a_logarithmic_axis() -> None:
    axes = draw_forest(found_of(STUDIES, measure="RR")).axes[0]
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert np.exp(axes.get_xticks()) == pytest.approx([float(label) for label in labels])


def test_an_interval_far_out_ends_in_an_arrow() -> None:
    axes = draw_forest(found_of([*STUDIES, ("wide", 0.1, 400.0)])).axes[0]
    assert axes.get_xlim()[1] < 5
    assert [line.get_marker() for line in axes.lines if line.get_marker() in "<>"] == ["<", ">"]


@pytest.mark.parametrize("studies", [STUDIES[:1], STUDIES[:2], [("a", 0.0, 1.0), ("b", 0.0, 1.0)]])
def test_few_studies_that_may_not_differ(studies: list[tuple[str, float, float]]) -> None:
    found = found_of(studies)
    assert effect_text("SMD", found.pooled.estimate, found.pooled.ci) in written(found)
    assert draw_funnel(found, publication_bias(arrays(found.effects), Pooling())).axes


def test_names_of_strangers_are_taken_as_they_are() -> None:
    words = written(found_of([("$x^2$ <b>\n", -0.5, 0.1), ("n" * 99, 0.1, 0.1)]))
    assert "$x^2$ <b>" in words and f"{'n' * 29}…" in words


def test_the_funnel_says_its_tests_and_draws_what_is_filled_in() -> None:
    studies = [
        (f"s{row}", y, v) for row, (y, v) in enumerate(((0.1, 0.01), (0.2, 0.02), (0.6, 0.1), (1.3, 0.2), (1.9, 0.4)))
    ]
    found = found_of(studies, measure="OR")
    bias = publication_bias(arrays(found.effects), Pooling())
    figure = draw_funnel(found, bias)
    drawn = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert [len(line.get_xdata()) for line in drawn] == [5, bias.filled[0].missing]
    assert "Egger, mixed model" in figure.get_supxlabel() and "(logarithm)" in figure.axes[0].get_xlabel()
