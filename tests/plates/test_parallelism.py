import pytest

from littermate.model.plate import SampleResult
from littermate.plates.parallelism import combined_samples, parallelism
from littermate.plates.rules import PlateRules

RULES = PlateRules()


def parts(*pairs, name="X"):
    return [
        SampleResult(
            name=name,
            wells=(f"A{place}",),
            signal=1.0,
            concentration=found,
            unit="pg/mL",
            ci=None,
            in_range=found is not None,
            cv_percent=None,
            dilution=fold,
            reason="" if found is not None else "below",
        )
        for place, (fold, found) in enumerate(pairs, 1)
    ]


def combined(samples, rules=RULES):
    return combined_samples(samples, parallelism(samples, rules=rules), rules=rules)


def test_one_dilution_is_left_as_it_is():
    (sample,) = parts((2.0, 100.0))
    assert parallelism([sample], rules=RULES) == () and combined([sample]) == (sample,)


def test_dilutions_that_agree_give_their_mean_or_the_least_diluted():
    samples = parts((2.0, 100.0), (4.0, 104.0), (8.0, 99.0))
    (judged,) = parallelism(samples, rules=RULES)
    assert judged.parallel and judged.cv_percent == pytest.approx(2.62, abs=0.01)
    assert combined(samples)[0].concentration == pytest.approx(101)
    assert combined(samples)[0].wells == ("A1", "A2", "A3")
    assert combined(samples, PlateRules(dilutions="least diluted"))[0].concentration == 100.0


def test_dilutions_that_do_not_agree_give_no_value_but_a_reason():
    samples = parts((2.0, 100.0), (8.0, 200.0))
    (judged,) = parallelism(samples, rules=RULES)
    assert judged.parallel is False and "CV 47 %" in judged.reason
    assert combined(samples)[0].concentration is None and combined(samples)[0].reason == judged.reason


def test_a_trend_is_found_within_the_limit_of_the_cv():
    """By hand: logarithms to base 2 rise 0.2 a doubling, almost on a line."""
    samples = parts((1.0, 100.0), (2.0, 115.0), (4.0, 132.0), (8.0, 151.0))
    (judged,) = parallelism(samples, rules=RULES)
    assert judged.cv_percent < 30 and judged.slope == pytest.approx(0.2, abs=0.01) and judged.p < 1e-3
    assert judged.parallel is False and "changes with the dilution" in judged.reason


def test_dilutions_out_of_range_do_not_count_and_are_named():
    samples = parts((1.0, None), (2.0, 100.0))
    (judged,) = parallelism(samples, rules=RULES)
    assert judged.parallel is None and judged.out_of_range == (1.0,) and "1 of 2 dilutions" in judged.reason
    assert combined(samples)[0].concentration == 100.0
    assert combined(parts((1.0, None), (2.0, None)))[0].reason == "below"
