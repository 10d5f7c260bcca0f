import dataclasses

from littermate.model.deviation import Deviation
from littermate.model.real_dose import RealDose
from littermate.report.flow import animal_flow, losses_of, losses_sentences


def test_every_group_counts_its_animals(content):
    flow = animal_flow(content)
    assert [group.allocated for group in flow] == [8, 8, 8, 8]
    assert [dict(group.analysed)["PFC BDNF"] for group in flow] == [8, 8, 8, 8]
    assert sum(dict(group.analysed)["immobility"] for group in flow) == 31


def test_no_animal_disappears_without_a_reason(content):
    losses = {loss.outcome: loss for analysis in content.analyses for loss in losses_of(content, analysis)}
    assert losses["immobility"].because == "the recording ends at 201 s"
    assert losses["lines crossed"].because == "escaped from the arena"
    for analysis in content.analyses:
        assert analysis.n + len(losses_of(content, analysis)) == 32


def test_groups_are_followed_from_treatment_to_analysis(content):
    lost = Deviation(kind="missed", animal=content.animals[0].id, injection=1, day=1, words="not given")
    dose = RealDose(
        animal="M02", injection=1, factor="", level="", substance="", planned_mg_kg=None, mg_kg=None, reason="?"
    )
    flow = animal_flow(dataclasses.replace(content, deviations=(lost,), real_doses=(dose,)))
    assert sum(group.treated for group in flow) == 31
    assert all(dict(group.tested) == {"forced swim": 8, "open field": 8, "blot": 8, "elisa": 8} for group in flow)
    reasons = [reason for group in flow for reason, _ in group.left_out]
    assert "the recording ends at 201 s (immobility)" in reasons
    assert [reason for reason in reasons if reason.startswith("escaped from the arena (lines crossed, time in")]
    assert all(group.treated is None for group in animal_flow(content))


def test_the_sentence_counts_who_is_in_and_why_not(content):
    analysis = content.analyses[0]
    (text,) = losses_sentences(analysis, losses_of(content, analysis))
    assert text.startswith("Of 32 animals 31 are in this analysis; left out: 1 (the recording ends at 201 s; ")
    assert losses_sentences(analysis, ()) == ("All 31 animals are in this analysis.",)
