from littermate.model.outcome import Outcome
from littermate.report.grouping import alike, plan_figures


def outcome(measure: str, unit: str = "s", assay: str = "swim") -> Outcome:
    return Outcome(name=measure, assay=assay, measure=measure, unit=unit)


def test_the_founding_study_has_its_four_figures(content):
    figures = plan_figures(content.protocol, content.analyses)
    assert [[o.name for o, _ in figure.panels] for figure in figures] == [
        ["immobility"],
        ["lines crossed"],
        ["time in outer zone", "time in middle zone", "time in centre zone"],
        ["PFC BDNF", "hippocampal BDNF"],
    ]
    assert [figure.name for figure in figures] == ["figure-1", "figure-2", "figure-3", "figure-4"]


def test_unlike_outcomes_have_figures_of_their_own():
    assert not alike(outcome("immobility_s"), outcome("latency_s"))
    assert not alike(outcome("immobility_s"), outcome("immobility_latency_s"))
    assert not alike(outcome("outer_time_s"), outcome("outer_time_percent", "%"))
    assert not alike(outcome("outer_time_s"), outcome("inner_time_s", assay="maze"))


def test_an_outcome_without_analysis_is_not_drawn(content):
    assert plan_figures(content.protocol, ()) == ()
