"""A cohort's truth is seeded, keeps to its limits, and holds the effects that were planted and no other."""

import itertools

import numpy as np
import pytest

from littermate.errors import UsageError
from littermate.simulate.cohort import (
    Cohort,
    OutcomeModel,
    PlantedEffect,
    default_effects,
    default_models,
    draw_cohort,
    regional,
)
from littermate.simulate.scale import FULL, SMALL, scale_named

LEVELS = {"magnesium": ("saline", "magnesium"), "ketamine": ("saline", "ketamine")}


def two_by_two(per_group: int, mark: str = "C") -> dict[str, dict[str, str]]:
    cells = [dict(zip(LEVELS, pair, strict=True)) for pair in itertools.product(*LEVELS.values())]
    return {f"{mark}{k}": cells[k % 4] for k in range(4 * per_group)}


def values(cohort: Cohort, outcome: str) -> np.ndarray:
    return np.array([cohort.value(outcome, code) for code in cohort.codes])


def split(cohort: Cohort, outcome: str, factor: str, cells: dict[str, dict[str, str]]) -> tuple[np.ndarray, np.ndarray]:
    control = np.array([cells[code][factor] == "saline" for code in cohort.codes])
    every = values(cohort, outcome)
    return every[control], every[~control]


def founding(seed: int, per_group: int = 8, **options: bool) -> Cohort:
    return draw_cohort(two_by_two(per_group), models=default_models(), effects=default_effects(), seed=seed, **options)


@pytest.mark.parametrize("seed", range(10))
def test_ketamine_lowers_immobility_by_its_planted_size(seed: int) -> None:
    """0.8 SD of 0.12 is 0.096; a value at its limit takes a little away."""
    saline, ketamine = split(founding(seed), "immobile_fraction", "ketamine", two_by_two(8))
    assert ketamine.mean() - saline.mean() == pytest.approx(-0.096, abs=0.004)


def test_spread_within_groups_is_the_model_s() -> None:
    cohort = founding(3)
    every = values(cohort, "immobile_fraction").reshape(8, 4)
    assert np.sqrt(every.var(axis=0, ddof=1).mean()) == pytest.approx(0.12, abs=0.003)


def test_random_sample_has_the_effect_on_average_only() -> None:
    differences = []
    for seed in range(200):
        saline, ketamine = split(founding(seed, exact=False), "immobile_fraction", "ketamine", two_by_two(8))
        differences.append(ketamine.mean() - saline.mean())
    assert np.mean(differences) == pytest.approx(-0.096, abs=0.01)  # standard error 0.003
    assert np.std(differences) == pytest.approx(0.12 * np.sqrt(2 / 16), rel=0.15)


@pytest.mark.parametrize("outcome", ["speed_cm_s", "wall_preference", "bdnf_ratio hippocampus"])
def test_nothing_else_is_planted(outcome: str) -> None:
    """Of 2,000 animals, the difference is within four standard errors of 0."""
    cells = two_by_two(500)
    cohort = draw_cohort(cells, models=default_models(), effects=default_effects(), seed=1)
    for factor in LEVELS:
        control, treated = split(cohort, outcome, factor, cells)
        spread = values(cohort, outcome).std()
        assert abs(treated.mean() - control.mean()) < 4 * spread * np.sqrt(2 / 1000)


@pytest.mark.parametrize("model", default_models(), ids=lambda model: model.name)
def test_models_give_their_mean_and_spread(model: OutcomeModel) -> None:
    every = values(draw_cohort(two_by_two(500), models=[model], effects=(), seed=1), model.name)
    assert every.mean() == pytest.approx(model.mean, rel=0.02)
    assert every.std() == pytest.approx(model.sd, rel=0.08)
    assert every.min() >= model.low and every.max() <= model.high


def test_the_same_seed_gives_the_same_truth_whatever_the_codes() -> None:
    again = draw_cohort(two_by_two(8, mark="X"), models=default_models(), effects=default_effects(), seed=1)
    assert list(again.values.values()) == list(founding(1).values.values())
    assert founding(2).values != founding(1).values


def test_an_outcome_more_leaves_the_others_as_they_were() -> None:
    few = draw_cohort(two_by_two(8), models=default_models()[2:3], effects=(), seed=1)
    assert np.array_equal(values(few, "speed_cm_s"), values(founding(1), "speed_cm_s"))


def test_interaction_can_be_planted() -> None:
    both = PlantedEffect(outcome="y", factor="magnesium:ketamine", level="magnesium:ketamine", size_sd=2.0)
    model = OutcomeModel(name="y", mean=10, sd=1, low=0, high=20)
    cells = two_by_two(8)
    cohort = draw_cohort(cells, models=[model], effects=[both], seed=1)
    has = np.array([set(cells[code].values()) == {"magnesium", "ketamine"} for code in cohort.codes])
    every = values(cohort, "y")
    assert every[has].mean() - every[~has].mean() == pytest.approx(2.0)


def test_one_animal_a_group_is_possible() -> None:
    assert len(founding(1, per_group=1).codes) == 4


def test_truth_rows_are_one_an_outcome_and_animal() -> None:
    rows = founding(1).truth_rows()
    assert len(rows) == len(default_models()) * 32
    assert rows[0].keys() == {"outcome", "code", "truth"}
    assert (rows[0]["outcome"], rows[-1]["outcome"]) == (
        "immobile_fraction",
        regional("spike_recovery", "prefrontal cortex"),
    )


def test_wrong_effects_are_refused_all_at_once() -> None:
    wrong = [
        PlantedEffect(outcome="mood", factor="ketamine", level="ketamine", size_sd=1),
        PlantedEffect(outcome="speed_cm_s", factor="lithium", level="yes", size_sd=1),
        PlantedEffect(outcome="speed_cm_s", factor="magnesium:ketamine", level="magnesium", size_sd=1),
    ]
    with pytest.raises(UsageError) as caught:
        draw_cohort(two_by_two(2), models=default_models(), effects=wrong, seed=1)
    assert len(caught.value.complaints) == 3
    assert "lithium = yes" in str(caught.value)


def test_no_animals_and_a_model_twice_are_refused() -> None:
    with pytest.raises(UsageError) as caught:
        draw_cohort({}, models=[*default_models(), default_models()[0]], effects=(), seed=-1)
    assert len(caught.value.complaints) == 3


def test_impossible_model_is_refused() -> None:
    with pytest.raises(UsageError, match="mean between low and high"):
        OutcomeModel(name="y", mean=2, sd=1, low=0, high=1)


def test_scales_are_the_founding_study_s_lengths_and_short_ones() -> None:
    assert (FULL.swim_duration_s, FULL.swim_window_s, FULL.field_duration_s) == (360, (120, 360), 600)
    assert (SMALL.swim_duration_s, SMALL.swim_window_s, SMALL.field_duration_s) == (60, (20, 60), 60)
    assert scale_named("small") is SMALL
    with pytest.raises(UsageError, match="small, full"):
        scale_named("medium")
