import dataclasses

import pytest

from littermate.errors import PlateError, UsageError
from littermate.model.plate import Plate, Well
from littermate.plates.bca import quantify_bca
from littermate.plates.elisa import quantify_elisa
from littermate.plates.rules import BcaRules, ElisaRules, rule_set

LINE = BcaRules(curve="linear", blank="none")


def wells(role, content, signals, **rest):
    """Signals that are words are reasons."""
    return [
        Well(
            name=f"{content}-{number}",
            absorbance=None if isinstance(signal, str) else signal,
            reason=signal if isinstance(signal, str) else "",
            role=role,
            content=content,
            **rest,
        )
        for number, signal in enumerate(signals, start=1)
    ]


def standards(signals):
    return [well for c, s in signals.items() for well in wells("standard", f"S{c}", s, concentration=float(c))]


EXACT = standards({0: [0.1, 0.1], 100: [0.2, 0.2], 200: [0.3, 0.3], 400: [0.5, 0.5], 800: [0.9, 0.9]})


def plate(*groups):
    return Plate(name="p", kind="bca", unit="ug/mL", wells=tuple(well for group in groups for well in group))


def test_concentration_is_that_of_the_undiluted_sample():
    result = quantify_bca(plate(EXACT, wells("sample", "X", [0.39, 0.41], dilution=5.0)), rules=LINE)
    (sample,) = result.samples
    assert sample.concentration == pytest.approx(5 * 300)
    assert sample.ci[0] < 1500 < sample.ci[1] and sample.in_range and sample.reason == ""
    assert sample.wells == ("X-1", "X-2") and sample.signal == pytest.approx(0.4) and sample.unit == "ug/mL"
    assert sample.cv_percent == pytest.approx(100 * 0.02 / 2**0.5 / 0.4)


def test_blank_wells_are_subtracted_else_the_zero_standard_else_nothing_with_a_word():
    rules = BcaRules(curve="linear")
    with_blank = quantify_bca(plate(EXACT, wells("blank", "", [0.04, 0.06])), rules=rules)
    assert with_blank.blank == pytest.approx(0.05)
    assert with_blank.standards[1].signal == pytest.approx(0.15)
    assert quantify_bca(plate(EXACT), rules=rules).blank == pytest.approx(0.1)
    without = quantify_bca(plate(EXACT[2:]), rules=rules)
    assert without.blank == 0 and "no blank was subtracted" in without.warnings[0]


def test_subtracting_the_blank_leaves_concentrations_alone():
    samples = wells("sample", "X", [0.39, 0.41])
    found = [
        quantify_bca(plate(EXACT, samples), rules=BcaRules(blank=blank)).samples[0] for blank in ("none", "subtract")
    ]
    assert found[0].concentration == pytest.approx(found[1].concentration)


def test_out_of_range_is_none_with_a_reason():
    result = quantify_bca(plate(EXACT, wells("sample", "low", [0.15]), wells("sample", "high", [1.2])), rules=LINE)
    low, high = result.samples
    assert (low.concentration, low.ci, low.in_range) == (None, None, False)
    assert low.reason == "below the lowest usable standard (100 ug/mL)"
    assert high.reason == "above the highest usable standard (800 ug/mL)"


def test_lost_wells_keep_their_reason():
    result = quantify_bca(
        plate(EXACT, wells("sample", "one", [0.4, "masked"]), wells("sample", "none", ["masked", "empty"])), rules=LINE
    )
    one, none = result.samples
    assert one.concentration == pytest.approx(300) and one.wells == ("one-1", "one-2")
    assert none.concentration is None and none.signal is None
    assert none.reason == "no usable signal: none-1 masked, none-2 empty"
    assert any("one-2 masked" in words for words in result.warnings)


def test_an_overflow_takes_the_mean_away():
    result = quantify_bca(plate(EXACT, wells("sample", "X", [0.8, "overflow"])), rules=LINE)
    assert result.samples[0].concentration is None and "overflow" in result.samples[0].reason


def test_a_standard_without_a_signal_ends_the_range_earlier():
    lost = [*EXACT[:-2], *wells("standard", "S800", ["overflow", "overflow"], concentration=800.0)]
    result = quantify_bca(plate(lost, wells("sample", "X", [0.7])), rules=LINE)
    assert result.curve.uloq == 400
    assert "above the highest usable standard (400" in result.samples[0].reason
    assert result.standards[-1].signal is None and "overflow" in result.standards[-1].reason


def test_a_standard_that_does_not_come_back_no_longer_bounds_the_range():
    bent = [*EXACT[:2], *wells("standard", "S100", [0.14, 0.14], concentration=100.0), *EXACT[4:]]
    result = quantify_bca(plate(bent), rules=LINE)
    assert result.curve.lloq == 200
    assert any("S100" in words and "bounds the range no longer" in words for words in result.warnings)


def test_standards_are_calculated_back():
    result = quantify_bca(plate(EXACT), rules=LINE)
    assert [s.back_calculated for s in result.standards] == pytest.approx([0, 100, 200, 400, 800], abs=1e-9)
    assert [s.recovery_percent for s in result.standards[1:]] == pytest.approx([100] * 4)
    assert result.standards[0].recovery_percent is None


def test_warnings_of_spread_and_of_standards_that_run_backwards():
    mixed = standards({0: [0.1], 100: [0.35], 200: [0.3], 400: [0.5], 800: [0.9]})
    result = quantify_bca(plate(mixed, wells("sample", "X", [0.3, 0.6])), rules=LINE)
    words = " | ".join([*result.warnings, *(fault.words for fault in result.faults)])
    assert "S100 and S200 run against the curve" in words
    assert "sample X: wells differ, coefficient of variation 47 %" in words
    assert "fits badly" in words


def test_samples_that_spread_more_than_standards_get_wider_intervals():
    narrow = quantify_bca(plate(EXACT, wells("sample", "X", [0.4, 0.4])), rules=LINE).samples[0]
    wide = quantify_bca(plate(EXACT, wells("sample", "X", [0.35, 0.45])), rules=LINE).samples[0]
    assert narrow.ci[1] - narrow.ci[0] < 1e-6 < wide.ci[1] - wide.ci[0]


def test_dilutions_and_spiked_halves_are_results_of_their_own():
    groups = [wells("sample", "X", [0.4], dilution=2.0), wells("sample", "X", [0.3], dilution=4.0)]
    groups.append(wells("spiked", "X", [0.5], dilution=2.0, concentration=100.0))
    result = quantify_bca(plate(EXACT, *groups), rules=LINE)
    assert [(s.dilution, s.spiked) for s in result.samples] == [(2, False), (4, False), (2, True)]
    assert [s.concentration for s in result.samples] == pytest.approx([600, 800, 800])


def test_means_and_wells_give_one_line_when_all_standards_have_as_many():
    noisy = standards({0: [0.1, 0.12], 100: [0.2, 0.19], 200: [0.3, 0.33], 400: [0.5, 0.5], 800: [0.9, 0.92]})
    curves = [quantify_bca(plate(noisy), rules=dataclasses.replace(LINE, fit_to=f)).curve for f in ("means", "wells")]
    assert dict(curves[0].parameters) == pytest.approx(dict(curves[1].parameters))
    assert [curve.df for curve in curves] == [3, 8]


def test_too_few_standards_name_the_plate():
    with pytest.raises(PlateError, match=r"(?s)p.*at least 4 standards.*2 with a signal"):
        quantify_elisa(plate(EXACT[:4]))


def test_no_standards_at_all():
    with pytest.raises(PlateError, match="0 with a signal"):
        quantify_elisa(plate(wells("sample", "X", [0.4])))


def test_rules_are_checked_and_hashed():
    with pytest.raises(UsageError) as caught:
        ElisaRules(curve="spline", blank="maybe", spike_volume_fraction=1.0, ci_level=95)
    assert len(caught.value.complaints) == 4
    assert rule_set(ElisaRules()).hash != rule_set(ElisaRules(weights="none")).hash
    assert rule_set(ElisaRules()).name == "elisa" and "4pl" in ElisaRules().words()[0]
