import dataclasses

from littermate.report.numbers import p_text
from littermate.report.results import effect_sentence, headline, outcome_sentences


def test_every_effect_has_its_sentence_with_real_df_and_exact_p(content):
    for analysis in content.analyses:
        text = " ".join(outcome_sentences(analysis))
        for effect in analysis.effects:
            if effect.term in analysis.plan.blocks:
                continue
            assert f"F({effect.df}, {effect.df_error}) = {effect.f:.2f}, {p_text(effect.p)}" in text


def test_error_df_of_the_founding_design_are_28_less_what_is_missing(content):
    immobility = content.analyses[0]
    assert (immobility.n, immobility.df_error) == (31, 27)


def test_a_large_p_is_not_called_no_effect(content):
    effect = dataclasses.replace(content.analyses[0].effect("magnesium"), p=0.4)
    text = effect_sentence(content.analyses[0], effect)
    assert text.startswith("An effect of magnesium was not shown, F(1, 27)")
    assert "no effect" not in text.lower()


def test_a_small_p_is_called_an_effect_with_its_size(content):
    effect = dataclasses.replace(content.analyses[0].effect("ketamine"), p=0.01)
    text = effect_sentence(content.analyses[0], effect)
    assert text.startswith("There was an effect of ketamine, F(1, 27)")
    assert "ketamine − saline was −" in text
    assert "Hedges g = " in text


def test_equivalence_is_said_only_by_its_test(content):
    without = " ".join(outcome_sentences(content.analyses[0]))
    told = " ".join(outcome_sentences(content.analyses[0], ("magnesium is equivalent to none within 20 s",)))
    assert "equivalent" not in without
    assert told.endswith("Magnesium is equivalent to none within 20 s.")


def test_an_interaction_brings_its_simple_effects(content):
    analysis = content.analyses[0]
    effects = tuple(dataclasses.replace(e, p=0.001 if ":" in e.term else 0.5) for e in analysis.effects)
    text = " ".join(outcome_sentences(dataclasses.replace(analysis, effects=effects)))
    assert "main effects are averages" in text
    assert "ketamine − saline (magnesium: magnesium) was" in text


def test_blocks_stay_out_of_the_text(content):
    blot = content.analyses[-1]
    assert blot.effect("membrane").df == 1
    assert "membrane" not in " ".join(outcome_sentences(blot))
    assert "membrane" not in headline(blot)
