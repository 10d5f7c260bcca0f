import dataclasses

import pytest

from littermate.errors import UsageError
from littermate.model.plate import Plate, Well
from littermate.plates.bca import quantify_bca
from littermate.plates.elisa import quantify_elisa
from littermate.plates.excluding import without_wells
from littermate.plates.rules import BcaRules, rules_with

LINE = BcaRules(curve="linear", blank="none")
SIGNALS = {0: (0.1, 0.101), 100: (0.2, 0.199), 200: (0.301, 0.3), 400: (0.5, 0.499), 800: (0.9, 0.901)}


def plate(signals, *others, kind="bca"):
    wells = [
        Well(name=f"{row}{n}", absorbance=signal, role="standard", content=f"S{known}", concentration=float(known))
        for row, (known, pair) in zip("ABCDEFG", signals.items(), strict=False)
        for n, signal in enumerate(pair, 1)
    ]
    return Plate(name="p", kind=kind, unit="ug/mL", wells=(*wells, *others))


SAMPLE = Well(name="H1", absorbance=0.4, content="X")


def test_an_outlier_is_shown_and_kept():
    off = quantify_bca(plate({**SIGNALS, 200: (0.301, 0.36)}), rules=LINE)
    good = quantify_bca(plate(SIGNALS), rules=LINE)
    flagged = [well.name for standard in off.standards for well in standard.wells if well.outlier]
    assert flagged == ["C2"] and off.standards[2].outlier and len(off.curve.points) == 10
    assert any("C2 lies off the curve" in words and "not left out" in words for words in off.warnings)
    assert not any(standard.outlier for standard in good.standards)


def test_studentised_residual_is_that_of_a_fit_without_the_point():
    """Leaving the point out: (y - prediction) / its standard error."""
    from littermate.plates.curve import fit_curve

    x, y = [0, 100, 200, 300, 400], [0.10, 0.21, 0.33, 0.39, 0.50]
    whole, without = fit_curve(x, y, model="linear"), fit_curve([*x[:2], *x[3:]], [*y[:2], *y[3:]], model="linear")
    error = without.residual_sd * (1 + 1 / 4 + 0) ** 0.5  # 200 is the mean of the others
    expected = (0.33 - float(without.signal(200))) / error
    assert whole.studentised(200, 0.33) == pytest.approx(expected)


def test_a_well_is_left_out_only_by_a_person_and_stays_visible():
    bad = plate({**SIGNALS, 800: (0.9, 0.5)}, SAMPLE)
    (left,) = without_wells([bad], {"e2": "bubble"})
    result = quantify_bca(left, rules=LINE)
    assert result.standards[-1].signal == pytest.approx(0.9)
    assert [(w.name, w.signal, w.excluded) for w in result.standards[-1].wells][1] == ("E2", 0.5, "bubble")
    assert any("E2 was left out: bubble" in words for words in result.warnings)
    assert result.samples[0].concentration == pytest.approx(300, rel=0.01)


def test_all_wells_of_a_sample_left_out_leaves_a_reason():
    (left,) = without_wells([plate(SIGNALS, SAMPLE)], {"H1": "spilt"})
    (sample,) = quantify_bca(left, rules=LINE).samples
    assert sample.concentration is None and sample.reason == "no usable signal: H1 excluded (spilt)"


def test_excluding_refuses_what_it_cannot_place_or_has_no_reason_for():
    two = [plate(SIGNALS), dataclasses.replace(plate(SIGNALS), name="q")]
    with pytest.raises(UsageError) as caught:
        without_wells(two, {"A1": "bubble", "q B9": "bubble", "q A1": " "})
    assert len(caught.value.complaints) == 3
    assert without_wells(two, {"q A1": "bubble"})[1].wells[0].excluded == "bubble"
    named = dataclasses.replace(two[0], wells=(dataclasses.replace(two[0].wells[0], name="Std_1 OD_1"),))
    assert without_wells([named], {"Std_1 OD_1": "bubble"})[0].wells[0].excluded == "bubble"


def test_wells_that_come_back_far_apart_end_no_range():
    apart = quantify_bca(plate({**SIGNALS, 100: (0.16, 0.24)}), rules=LINE)
    assert apart.standards[1].back_cv_percent > 25 and not apart.standards[1].usable and apart.curve.lloq == 200
    assert any("its wells come back with a CV of" in words for words in apart.warnings)


def test_a_falling_bca_gives_no_numbers_and_a_falling_elisa_does():
    falling = {known: tuple(1.2 - signal for signal in pair) for known, pair in SIGNALS.items()}
    bca = quantify_bca(plate(falling, SAMPLE), rules=LINE)
    assert bca.verdict == "bad" and any(fault.withholds for fault in bca.faults)
    assert bca.samples[0].concentration is None and "the signal falls" in bca.samples[0].reason
    rules = rules_with(LINE, {"blank": "none"})
    elisa = quantify_elisa(plate(falling, SAMPLE, kind="elisa"), rules=rules)
    assert elisa.verdict == "good" and elisa.samples[0].concentration == pytest.approx(700, rel=0.01)


def test_a_curve_that_few_standards_keep_to_is_doubtful():
    few = quantify_bca(
        plate({0: (0.1, 0.1), 100: (0.3, 0.3), 200: (0.2, 0.2), 400: (0.5, 0.5), 800: (0.9, 0.9)}), rules=LINE
    )
    assert few.verdict != "good" and any("only 2 of 4 standards" in fault.words for fault in few.faults)


def test_means_count_once_and_counted_means_as_often_as_they_have_wells():
    uneven = plate({0: (0.1,), 100: (0.23, 0.2, 0.2, 0.21), 200: (0.3,), 400: (0.52,), 800: (0.9, 0.91)})
    slopes = {
        fit_to: dict(quantify_bca(uneven, rules=rules_with(LINE, {"fit_to": fit_to})).curve.parameters)["b"]
        for fit_to in ("wells", "means", "counted means")
    }
    assert slopes["wells"] == pytest.approx(slopes["counted means"], rel=1e-9)
    assert slopes["means"] != pytest.approx(slopes["wells"], rel=1e-4)


def test_unknown_rules_are_refused():
    with pytest.raises(UsageError, match="rules of a plate"):
        rules_with(LINE, {"colour": "blue"})
