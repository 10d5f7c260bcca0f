import dataclasses

from littermate.report.methods import methods_sections, open_doses


def text_of(content) -> dict[str, str]:
    return {section.heading: " ".join(section.sentences) for section in methods_sections(content)}


def test_design_and_schedule_are_told(content):
    texts = text_of(content)
    assert "A 2 × 2 factorial design" in texts["Design"]
    assert "8 a group, 32 in all" in texts["Design"]
    assert "Magnesium injections, 14 times, every 24 h." in texts["Schedule"]
    assert "Forced swim, 1 h after ketamine injection." in texts["Schedule"]


def test_an_open_dose_is_said_and_a_given_one_printed(content):
    assert [treatment.level for treatment in open_doses(content)] == ["magnesium"]
    texts = text_of(content)
    assert "magnesium hydroaspartate, i.p. (DOSE NOT FILLED IN)" in texts["Treatments"]
    assert "ketamine, 15 mg/kg, i.p." in texts["Treatments"]


def test_the_seed_needs_an_open_key(content):
    assert "seed 20260411" in text_of(content)["Allocation"]
    sealed = " ".join(text_of(dataclasses.replace(content, allocation=None)).values())
    assert "20260411" not in sealed


def test_unblinding_is_quoted_from_the_journal(content):
    assert "unblinded on 2026-04-14T09:00:00Z by technician (journal entry 4)" in text_of(content)["Blinding"]


def test_statistics_name_the_models_and_blocks(content):
    text = text_of(content)["Statistics"]
    assert "type III sums of squares with sum-to-zero contrasts" in text
    assert "PFC BDNF ~ membrane + magnesium * ketamine" in text
