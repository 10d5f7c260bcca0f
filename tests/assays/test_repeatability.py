"""Repeatability by hand: what one scorer's second look at the same trials says."""

import pytest

from littermate.assays.agreement import PairedScores, state_kappa
from littermate.assays.repeatability import drift_of, repeat_error, repeatability
from littermate.errors import DataError
from littermate.model.bout import ScoredBout


def bouts(*spans):
    return tuple(ScoredBout(behaviour=name, start_s=a, stop_s=b, scorer="AB") for name, a, b in spans)


def pair(first_s, repeat_s, animal="m1") -> PairedScores:
    """Immobile for so many of 100 s."""
    one, two = (bouts(("immobile", 0, stop)) for stop in (first_s, repeat_s))
    return PairedScores(name=animal, animal=animal, scored_s=((0.0, 100.0),), first=one, second=two)


def test_two_pairs_by_hand() -> None:
    result = repeatability([pair(40, 44, "m1"), pair(60, 60, "m2")])
    assert result.error.sd == pytest.approx(2)  # sqrt((16 + 0) / 2 / 2)
    assert result.error.coefficient == pytest.approx(1.96 * 2**0.5 * 2)
    assert result.error.n == 2
    assert result.drift.mean == pytest.approx(2)
    assert result.drift.ci95 == (pytest.approx(2 - 12.7062 * 2, abs=1e-3), pytest.approx(2 + 12.7062 * 2, abs=1e-3))
    assert (result.drift.slope, result.behaviour) == (None, "immobile")
    assert result.agreement.totals.bias == result.drift.mean


def test_one_pair_gives_its_difference_and_its_kappa_and_nothing_else() -> None:
    result = repeatability([pair(40, 44)], positions=[1])
    assert result.error is None
    assert (result.drift.mean, result.drift.ci95, result.drift.slope) == (pytest.approx(4), None, None)
    assert result.agreement.kappa == pytest.approx((0.96 - 0.512) / (1 - 0.512))
    assert result.agreement.totals is None and result.agreement.icc is None


def test_pairs_of_one_animal_have_an_error_but_no_interval_of_drift() -> None:
    result = repeatability([pair(40, 44), pair(60, 64)])
    assert result.error.sd == pytest.approx(8**0.5)
    assert (result.drift.mean, result.drift.ci95) == (pytest.approx(4), None)


def test_drift_counts_animals() -> None:
    drift = drift_of([0, 0, 0], [1, 3, 6], animals=["a", "a", "b"])
    assert drift.mean == 4  # of 2 and 6


def test_a_scorer_who_drifts_more_the_later_it_is() -> None:
    drift = drift_of([10, 20, 30, 40], [12, 24, 36, 48], positions=[10, 20, 30, 40])
    assert (drift.mean, drift.slope) == (5, pytest.approx(0.2))
    assert drift.slope_ci95 == (pytest.approx(0.2), pytest.approx(0.2))
    assert drift_of([1, 2, 3], [1, 2, 4], positions=[5, 5, 5]).slope is None
    assert drift_of([1, 2], [1, 3], positions=[1, 2]).slope is None


def test_what_is_not_paired_is_refused() -> None:
    with pytest.raises(DataError, match="one length"):
        repeat_error([1, 2], [1])
    with pytest.raises(DataError, match="one length"):
        repeat_error([1, 2], [1, float("nan")])
    with pytest.raises(DataError, match="2 positions"):
        drift_of([1, 2], [1, 2], positions=[1])
    with pytest.raises(DataError, match="scored twice"):
        repeatability([])


def test_kappa_of_three_behaviours() -> None:
    one = bouts(("immobile", 0, 2), ("swimming", 2, 4), ("climbing", 4, 6))
    two = bouts(("immobile", 0, 2), ("swimming", 2, 3), ("climbing", 3, 6))
    both = PairedScores(name="t", animal="m", scored_s=((0.0, 6.0),), first=one, second=two)
    # 5 of 6 agree; by chance (2 x 2 + 2 x 1 + 2 x 3) / 36 = 1/3
    assert state_kappa([both], ["immobile", "swimming", "climbing"]) == pytest.approx((5 / 6 - 1 / 3) / (2 / 3))
    # swimming and climbing are one thing to a list that has neither
    assert state_kappa([both], ["immobile"]) == pytest.approx(1)
    with pytest.raises(DataError, match="scored twice"):
        state_kappa([], ["immobile"])


def test_a_bin_has_the_state_of_most_of_it_and_none_is_one() -> None:
    one = bouts(("swimming", 0.0, 0.4), ("immobile", 0.4, 1.0), ("swimming", 1.0, 1.5))
    two = bouts(("immobile", 0.0, 1.0), ("swimming", 1.5, 2.0))
    both = PairedScores(name="t", animal="m", scored_s=((0.0, 3.0),), first=one, second=two)
    assert state_kappa([both], ["immobile", "swimming"]) == pytest.approx(1)
