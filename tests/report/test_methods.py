import dataclasses

from littermate.model.real_dose import RealDose
from littermate.model.scorer_agreement import AgreementSummary, MeasureRow
from littermate.report.manuscript import methods_text
from littermate.report.methods import methods_sections, open_doses
from littermate.stats.equivalence import equivalences


def text_of(content) -> dict[str, str]:
    return {section.heading: " ".join(section.sentences) for section in methods_sections(content)}


def test_design_and_schedule_are_told(content):
    texts = text_of(content)
    assert "A 2 × 2 factorial design" in texts["Design"]
    assert "8 per group, 32 in all" in texts["Design"]
    assert "Magnesium injections, 14 times, every 24 h." in texts["Schedule"]
    assert "Forced swim, 1 h after ketamine injection." in texts["Schedule"]


def test_an_open_dose_is_said_and_a_given_one_printed(content):
    assert [treatment.level for treatment in open_doses(content)] == ["magnesium"]
    texts = text_of(content)
    assert "The dose of magnesium hydroaspartate is not filled in." in texts["Treatments"]
    assert "ketamine, 15 mg/kg, i.p." in texts["Treatments"]


def test_a_simulated_study_says_so_also_where_its_truth_is_not_at_hand(content):
    untold = dataclasses.replace(content, truth=())
    opened = dataclasses.replace(content.entries[-1], what="open the key for simulation")
    simulated = dataclasses.replace(untold, entries=(*content.entries, opened))
    assert "SIMULATED" not in methods_text(untold)
    assert "\nSIMULATED DATA. Written by Littermate" in methods_text(simulated)


def test_the_seed_needs_an_open_key(content):
    assert "seed 20260411" in text_of(content)["Allocation"]
    sealed = " ".join(text_of(dataclasses.replace(content, allocation=None)).values())
    assert "20260411" not in sealed


def test_unblinding_is_quoted_from_the_journal(content):
    assert "unblinded on 2026-04-14 09:00 UTC by technician (journal entry 4)" in text_of(content)["Blinding"]


def test_statistics_name_the_models_and_blocks(content):
    text = text_of(content)["Statistics"]
    assert "type III sums of squares with sum-to-zero contrasts" in text
    assert "PFC BDNF ~ membrane + magnesium * ketamine" in text


def test_facts_stand_where_they_belong_and_the_rest_by_themselves(content):
    texts = text_of(content)
    assert "Species: Male CD1 mice" in texts["Animals"]
    assert texts["Housing"].startswith("Housing: Singly in 27")
    assert texts["Swim apparatus"].startswith("2.5 L beaker")


def test_a_fact_that_the_animals_tell_is_not_told_twice(content):
    facts = (("sex", "male"), ("strain", "CD1 (bred in house)"), *content.protocol.facts)
    told = dataclasses.replace(content, protocol=dataclasses.replace(content.protocol, facts=facts))
    text = text_of(told)["Animals"]
    assert "(male CD1)" in text and "Sex: male." not in text and "Strain: CD1 (bred in house)." in text


def test_each_assay_names_its_rules_and_a_recovery_its_assay(content):
    texts = text_of(content)
    (swim,) = [rules for rules in content.rules if rules.name == "forced swim"]
    assert f"rule set forced swim, {swim.hash} (in full under Rules)" in texts["Behavioural tests"]
    assert "belongs to the ELISA and not to a densitometry" in texts["Blots and plates"]
    assert "Antibodies, gel and membrane are not on record." in texts["Blots and plates"]


def test_the_doses_really_given_are_said_with_what_is_not_known(content):
    doses = [("ketamine", 14.9, ""), ("ketamine", 15.2, ""), ("ketamine", None, "no weight")]
    given = tuple(
        RealDose(
            animal=f"M{k:02}",
            injection=15,
            factor="ketamine",
            level=level,
            substance="ketamine",
            planned_mg_kg=15.0,
            mg_kg=dose,
            reason=reason,
        )
        for k, (level, dose, reason) in enumerate(doses)
    )
    text = text_of(dataclasses.replace(content, real_doses=given))["What was given"]
    assert text == (
        "Ketamine = ketamine (ketamine): 3 injections in the log, 14.90 to 15.20 mg/kg; the dose of 1 is not known:"
        " no weight."
    )


def test_scorers_and_their_agreement_are_told(content):
    rows = (
        MeasureRow(name="ICC(2,1) of totals", value=0.934, ci95=(0.81, 0.98)),
        MeasureRow(name="kappa, 1-s bins", value=0.88),
        MeasureRow(name="bias", value=-1.5, ci95=(-3.0, 0.1), unit="points of % time"),
        MeasureRow(name="bout F1", value=None),
    )
    pair = {"assay": "forced swim", "behaviour": "immobile", "rows": rows}
    agreements = (
        AgreementSummary(first="ada", second="bo", trials=8, **pair),
        AgreementSummary(first="ada", second="ada", trials=1, **pair),
    )
    told, again = text_of(dataclasses.replace(content, agreements=agreements))["Scorers"].split(" Forced swim, ")[1:]
    assert told == (
        "immobile, ada and bo, on 8 trials: ICC(2,1) of totals 0.93, 95 % CI [0.81, 0.98]; kappa, 1-s bins 0.88;"
        " bias −1.50 points of % time, 95 % CI [−3.00, 0.10]."
    )
    assert again.startswith("immobile, ada twice, unannounced, on 1 trial:")
    assert "Nobody scored by hand" in text_of(content)["Scorers"]


def test_data_are_known_by_their_hashes(content):
    known = dataclasses.replace(content, files=(("recordings/a.mp4", "ab" * 32),), protocol_sha256="cd" * 32)
    text = text_of(known)["Data"]
    assert "1 raw files are kept unchanged" not in text and "1 raw file is kept unchanged" in text
    assert "cd" * 32 in text and content.entries[-1].hash in text


def test_smallest_effects_without_a_reason_are_said(content):
    analysis = content.analyses[0]
    tested = dataclasses.replace(analysis, equivalence=equivalences(analysis, 20))
    text = text_of(dataclasses.replace(content, analyses=(tested,)))["Statistics"]
    assert "immobility ±20 s. Why these are the smallest effects of interest is not on record." in text
