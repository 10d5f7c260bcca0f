from littermate.report.flow import animal_flow, losses_of


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
