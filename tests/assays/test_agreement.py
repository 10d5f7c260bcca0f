"""Agreement: by hand, from published tables, and from R (reference/agreement.R made the figures beside it)."""

import csv
from pathlib import Path

import numpy as np
import pytest

from littermate.assays.agreement import (
    PairedScores,
    agreement,
    bland_altman,
    bout_f1,
    icc_absolute,
    kappa,
    matthews,
    pearson,
    time_in,
)
from littermate.errors import DataError, UsageError
from littermate.model.bout import ScoredBout

REFERENCE = Path(__file__).parent / "reference"


def column(file: str, name: str) -> list[str]:
    with (REFERENCE / file).open(newline="") as lines:
        return [row[name] for row in csv.DictReader(lines)]


R = dict(zip(column("figures.csv", "figure"), map(float, column("figures.csv", "value")), strict=True))
PERSON, PROGRAM = (np.array(column("totals.csv", name), float) for name in ("person", "program"))
LARGE_METER = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI_METER = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]


def pair(first, second, *, name="t", animal="m", scored=((0.0, 10.0),), behaviour="immobile") -> PairedScores:
    """Make a trial of two lists of (start, stop)."""

    def bouts(spans):
        return tuple(ScoredBout(behaviour=behaviour, start_s=a, stop_s=b, scorer="x") for a, b in spans)

    return PairedScores(name=name, animal=animal, scored_s=scored, first=bouts(first), second=bouts(second))


def test_bland_altman_of_the_published_flow_meters() -> None:
    result = bland_altman(MINI_METER, LARGE_METER)
    assert (round(result.bias, 1), round(result.sd, 1)) == (-2.1, 38.8)  # as printed in the paper
    assert (result.bias, result.sd) == (pytest.approx(R["flow_bias"]), pytest.approx(R["flow_sd"]))
    assert result.bias_ci95[0] == pytest.approx(R["flow_bias_lower"])
    assert result.upper - result.bias == pytest.approx(1.96 * result.sd)
    assert (result.n, result.animals) == (17, 17)


def test_several_trials_of_an_animal_are_no_more_animals() -> None:
    animals = [f"m{k // 2}" for k in range(14)]
    result = bland_altman(PERSON, PROGRAM, animals=animals)
    assert (result.n, result.animals) == (14, 7)
    assert result.sd == pytest.approx(R["repeated_sd"])
    assert result.bias == pytest.approx(np.mean(PROGRAM - PERSON))
    assert np.diff(result.bias_ci95) > 0


def test_bland_altman_needs_two_animals_and_whole_pairs() -> None:
    with pytest.raises(DataError, match="two animals"):
        bland_altman([1, 2], [2, 3], animals=["a", "a"])
    with pytest.raises(DataError, match="none missing"):
        bland_altman([1, 2], [2, float("nan")])


def test_icc_of_the_published_table_of_six_targets_and_four_judges() -> None:
    table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    result = icc_absolute(table)
    assert round(result.value, 2) == 0.29
    assert [round(edge, 3) for edge in result.ci95] == [0.019, 0.761]


def test_icc_as_r_has_it() -> None:
    result = icc_absolute(np.column_stack([PERSON, PROGRAM]))
    assert result.value == pytest.approx(R["icc"])
    assert result.ci95 == pytest.approx((R["icc_lower"], R["icc_upper"]))


def test_icc_of_equal_scores_is_one_and_of_constant_ones_is_none() -> None:
    same = icc_absolute([[1, 1], [2, 2], [5, 5]])
    assert (same.value, same.ci95) == (1.0, (1.0, 1.0))
    assert icc_absolute([[3, 3], [3, 3]]) is None
    assert icc_absolute([[3, 4], [3, 4]]) is None
    with pytest.raises(DataError, match="two or more targets"):
        icc_absolute([[1, 2]])


def test_a_constant_shift_lowers_absolute_agreement_but_not_r() -> None:
    table = np.array([[0, 10], [10, 20], [20, 30.0]])
    assert pearson(table[:, 0], table[:, 1]) == pytest.approx(1)
    assert icc_absolute(table).value == pytest.approx(2 / 3)  # 100 between trials / (100 + 50 between raters)


def test_kappa_as_r_has_it_and_by_hand() -> None:
    assert kappa(column("states.csv", "first"), column("states.csv", "second")) == pytest.approx(R["kappa"])
    assert kappa([1, 1, 0, 0], [1, 0, 0, 0]) == pytest.approx(0.5)
    assert kappa([1, 1], [1, 1]) is None
    with pytest.raises(DataError, match="one length"):
        kappa([1, 1], [1])


def test_kappa_weighs_by_time() -> None:
    assert kappa([1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 1, 1]) == kappa([1, 1, 0], [1, 0, 0], [1, 1, 2])


def test_matthews_is_the_correlation_of_two_states() -> None:
    one, two = (np.array(column("states.csv", name)) == "immobile" for name in ("first", "second"))
    table = [[np.sum(one & two), np.sum(~one & two)], [np.sum(one & ~two), np.sum(~one & ~two)]]
    assert matthews(table) == pytest.approx(R["mcc"])
    assert matthews([[5, 5], [0, 0]]) is None


def test_r_as_r_has_it() -> None:
    assert pearson(PERSON, PROGRAM) == pytest.approx(R["r"])
    assert pearson([1, 2], [1, 2]) is None


@pytest.mark.parametrize(
    ("first", "second", "f1"),
    [
        ([(0, 4)], [(0, 2)], 1.0),
        ([(0, 4)], [(0, 1.9)], 0.0),
        ([(0, 4)], [(0, 2), (2, 4)], 2 / 3),
        ([(0, 4), (6, 8)], [(1, 4)], 2 / 3),
        ([], [(0, 1)], 0.0),
        ([], [], None),
    ],
)
def test_bouts_match_one_to_one_from_half_of_their_union_on(first, second, f1) -> None:
    assert bout_f1(first, second) == pytest.approx(f1) if f1 is not None else bout_f1(first, second) is None


def test_matching_below_a_half_is_refused() -> None:
    with pytest.raises(UsageError):
        bout_f1([(0, 1)], [(0, 1)], iou=0.3)


def test_time_in_a_behaviour_counts_only_that_behaviour() -> None:
    bouts = [ScoredBout(behaviour=name, start_s=a, stop_s=b, scorer="x") for name, a, b in
             (("climbing", 3, 5), ("immobile", 1, 2), ("immobile", 4, 6))]  # fmt: skip
    assert time_in(bouts, "immobile", [0, 1.5, 10], [10, 4.5, 11]).tolist() == [3, 1, 0]


def test_two_scorings_of_one_trial_by_hand() -> None:
    result = agreement([pair([(0, 4)], [(1, 5)])])
    (trial,) = result.trials
    assert (trial.first_percent, trial.second_percent, trial.scored_s) == (40, 40, 10)
    assert result.kappa == pytest.approx((0.8 - 0.52) / 0.48)
    assert result.mcc == pytest.approx((3 * 5 - 1 * 1) / 24)
    assert result.f1 == 1
    assert result.totals is None and result.icc is None and result.r is None


def test_time_nobody_scored_belongs_to_neither() -> None:
    result = agreement([pair([(0, 4), (20, 30)], [(1, 5)], scored=((0.0, 2.0), (4.0, 6.0)))])
    assert (result.trials[0].first_percent, result.trials[0].second_percent) == (50, 50)
    assert result.kappa == pytest.approx(0)


def test_a_bin_has_the_state_that_fills_half_of_it_and_short_bins_weigh_less() -> None:
    result = agreement([pair([(0, 2.5)], [(0, 1.5)], scored=((0.0, 3.5),))])
    # bins 1 1 1 | 0 (half a second) against 1 1 0 | 0: agree 2.5 of 3.5 s, chance (3 x 2 + 0.5 x 1.5) / 3.5^2
    observed, chance = 2.5 / 3.5, (3 * 2 + 0.5 * 1.5) / 3.5**2
    assert result.kappa == pytest.approx((observed - chance) / (1 - chance))


def test_trials_are_put_together() -> None:
    pairs = [pair([(0, k)], [(0, k + 1)], name=f"t{k}", animal=f"m{k}") for k in (1, 3, 5, 7)]
    result = agreement(pairs)
    assert (result.totals.bias, result.totals.sd) == (pytest.approx(10), pytest.approx(0))
    assert result.r == pytest.approx(1)
    assert (result.icc.n, result.f1) == (4, 1)


def test_other_behaviours_are_the_opposite() -> None:
    result = agreement([pair([(0, 4)], [(0, 4)], behaviour="climbing")], behaviour="immobile")
    assert (result.trials[0].first_percent, result.kappa, result.mcc, result.f1) == (0, None, None, None)


def test_no_trial_and_no_scored_time_are_refused() -> None:
    with pytest.raises(DataError, match="scored twice"):
        agreement([])
    with pytest.raises(DataError, match="both scored"):
        agreement([pair([(0, 4)], [(0, 4)], scored=())])
