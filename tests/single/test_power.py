"""The answer to a request of power: rows, sentences, findings, a figure."""

from typing import Any

import pytest

from littermate.errors import UsageError
from littermate.single.power import (
    PowerAnswer,
    PowerRequest,
    SimulationRequest,
    picture_of_power,
    plan_power,
    planning_sentences,
)
from littermate.single.power_words import percent

TWO = (("magnesium", 2), ("ketamine", 2))
SIMULATED = SimulationRequest(seed=1, experiments=200)


def ask(**options: Any) -> PowerAnswer:
    return plan_power(PowerRequest(**({"levels": TWO, "sizes": (8,) * 4, "size_known": True} | options)))


def ids(answer: PowerAnswer) -> list[str]:
    return [finding.id for finding in answer.findings]


def test_what_eight_a_cell_can_see_is_said_plainly() -> None:
    sizes, ones = planning_sentences({"magnesium": 2, "ketamine": 2}, 8)
    assert sizes == (
        "With 8 a group, 80 % power means d = 1.03 for a main effect, a difference of differences of 2.05 SD for the"
        " interaction magnesium:ketamine and a difference of means of 1.45 SD for a simple effect."
    )
    assert ones.startswith("An interaction of 1 SD is found 28 % of the time, a main effect of 1 SD 78 %")


def test_effects_that_differ_are_named() -> None:
    sizes, ones = planning_sentences({"diet": 3, "ketamine": 2}, 8)
    assert "d = 1.14 for the main effect diet, d = 0.83 for the main effect ketamine" in sizes
    assert "the main effect diet of 1 SD 68 %" in ones


def test_the_number_needed_with_losses() -> None:
    answer = ask(sizes=(1,) * 4, size_known=False, effects=(1.0,), term="main", lost=0.1)
    assert (answer.asks, answer.rows[0].n_per_group) == ("n", 9)
    kept, more = answer.losses[:2]
    assert (kept.started, more.started) == (9, 10) and kept.power < 0.8 < more.power
    assert "begin with 10 a group (40 in all)" in answer.sentences[1]
    assert "lost with probability 0.1" in " ".join(answer.rules.words)


def test_the_smallest_effects_after_losses() -> None:
    answer = ask(term="main", lost=0.1)
    kept, more = answer.losses[:2]
    assert kept.power == pytest.approx(0.747, abs=0.001) and kept.power < 0.8 <= more.power + 0.01
    assert "8 a group to begin with leave 75 % power" in " ".join(answer.sentences)


def test_means_and_several_sizes() -> None:
    means = ask(means=(120.0, 100.0, 118.0, 60.0), sd=40.0, term="interaction")
    assert means.rows[0].effect == pytest.approx(-0.95)
    assert ids(means) == ["low-power"]
    several = ask(effects=(1.0, 2.0), term="interaction")
    assert [round(one.power, 2) for one in several.rows] == [0.28, 0.78]


def test_means_without_an_effect_need_no_number() -> None:
    answer = ask(means=(0.0, 1.0, 0.0, 1.0), sizes=(1,) * 4, size_known=False)
    assert [one.term for one in answer.rows] == ["ketamine", "ketamine within magnesium"]


def test_contrasts_and_cohen_f() -> None:
    assert ask(weights=(-1.0, 0.0, 0.0, 1.0), effects=(1.0,)).rows[0].power == pytest.approx(0.4886, abs=1e-4)
    assert {one.n_per_group for one in ask(sizes=(1,) * 4, size_known=False, f=0.4).rows} == {13}


def test_equivalence() -> None:
    answer = ask(within=1.0, term="main")
    assert answer.bound == pytest.approx(1.06, abs=0.01)
    assert "equivalent to none" in answer.sentences[0] and "±1.06 SD" in answer.sentences[-1]


def test_findings() -> None:
    assert ids(ask(sizes=(2,) * 4, effects=(3.0,), term="main")) == ["few-animals"]
    assert ids(ask(sizes=(5, 6, 7, 8), effects=(3.0,), term="main")) == ["unequal-groups"]
    assert ids(ask(effects=(0.0,), term="main")) == []
    caged = SimulationRequest(seed=1, experiments=50, cage=4, icc=0.2, treated="cage")
    assert ids(ask(effects=(9.0,), term="main", simulation=caged)) == ["few-cages", "cages-are-units"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"cage": 4, "icc": 0.2}, "cages blocks"),
        ({"skew": 2.0}, "skewness 2"),
        ({"bounds": (-5.0, 5.0)}, "below -5 or above 5"),
        ({"sds": (1.0, 1.0, 2.0, 2.0)}, "SD within groups: 1, 1, 2, 2"),
    ],
)
def test_simulations_say_what_they_assume(options: dict[str, Any], words: str) -> None:
    answer = ask(effects=(1.0,), term="interaction", simulation=SimulationRequest(seed=1, experiments=50, **options))
    assert words in " ".join(answer.rules.words)
    assert "50 experiments, seed 1" in answer.rows[0].method
    assert answer.rows[0].effect == pytest.approx(1.0)


def test_a_drawn_seed_is_said() -> None:
    simulation = SimulationRequest(experiments=20)
    methods = {ask(effects=(1.0,), term="main", simulation=simulation).rows[0].method for _ in range(2)}
    assert len(methods) == 2


@pytest.mark.parametrize(
    "options",
    [
        {"size_known": False},
        {"simulation": SIMULATED},
        {"simulation": SIMULATED, "effects": (1.0,), "size_known": False},
        {"levels": (("a", 2), ("b", 1)), "sizes": (8, 8)},
        {"sizes": (8, 8)},
        {"levels": (("dose", 4),), "within": 1.0},
        {"levels": (("dose", 4),), "effects": (1.0,), "simulation": SimulationRequest(test="welch", seed=1)},
    ],
)
def test_what_cannot_be_answered(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        ask(**options)


def test_figures() -> None:
    both = picture_of_power(ask(effects=(0.5, 1.0), term="interaction"))
    assert [axes.get_xlabel() for axes in both.axes] == ["Units in each group", "Size of the effect (SD within groups)"]
    assert [text.get_text() for text in both.axes[0].get_legend().get_texts()] == [
        "interaction magnesium:ketamine, 0.5 SD",
        "interaction magnesium:ketamine, 1 SD",
    ]
    assert len(picture_of_power(ask(sizes=(5, 6, 7, 8), term="main")).axes) == 1
    no_magnesium = picture_of_power(ask(means=(0.0, 1.0, 0.0, 1.0), term="main"))
    assert [len(axes.get_legend().get_texts()) for axes in no_magnesium.axes] == [2, 1]
    assert len(picture_of_power(ask(within=1.0, term="main")).axes) == 1
    with pytest.raises(UsageError):
        picture_of_power(ask(effects=(1.0,), term="main", simulation=SIMULATED))


@pytest.mark.parametrize(("share", "words"), [(1.0, "100 %"), (0.0, "0 %"), (0.9951, "over 99 %"), (0.5, "50 %")])
def test_percent(share: float, words: str) -> None:
    assert percent(share) == words
