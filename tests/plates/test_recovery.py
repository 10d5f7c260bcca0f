import pytest

from littermate.model.plate import Plate, Well
from littermate.plates.elisa import quantify_elisa
from littermate.plates.recovery import percent_recovery, recovery
from littermate.plates.rules import ElisaRules

RULES = ElisaRules(curve="linear", weights="none")


def well(name, role, content, concentration, known=None, dilution=1.0):
    """A well whose signal is 0.1 + concentration / 1000."""
    signal = None if concentration is None else 0.1 + concentration / 1000
    reason = "" if signal is not None else "masked"
    return Well(
        name=name,
        absorbance=signal,
        reason=reason,
        role=role,
        content=content,
        concentration=known,
        dilution=dilution,
    )


def recovered(*wells, rules=RULES):
    standards = [well(f"A{c}", "standard", f"S{c}", c, known=float(c)) for c in (0, 10, 100, 500, 1000)]
    plate = Plate(name="p", kind="elisa", unit="pg/mL", wells=(*standards, *wells))
    return recovery(quantify_elisa(plate, rules=rules))


def test_by_hand():
    """50 + 250 expected, 290 found: 240 of 250 is 96 %."""
    (one,) = recovered(well("B1", "sample", "X", 50), well("B2", "spiked", "X", 290, known=250.0))
    assert (one.sample, one.flag, one.reason, one.added) == ("X", "", "", 250)
    assert one.percent == pytest.approx(96)


def test_the_volume_of_the_spike_dilutes_the_sample():
    """A tenth of the volume is spike: 45 of the sample's own 50 remain, and 295 - 45 = 250 is all of it."""
    assert percent_recovery(spiked=295, unspiked=50, added=250, volume_fraction=0.1) == pytest.approx(100)
    rules = ElisaRules(curve="linear", weights="none", spike_volume_fraction=0.1)
    (one,) = recovered(well("B1", "sample", "X", 50), well("B2", "spiked", "X", 295, known=250.0), rules=rules)
    assert one.percent == pytest.approx(100)


def test_dilution_in_the_wells():
    """The spiked sample held 290 before it was diluted twofold, so its wells hold 145."""
    (one,) = recovered(
        well("B1", "sample", "X", 25, dilution=2.0), well("B2", "spiked", "X", 145, known=250.0, dilution=2.0)
    )
    assert one.percent == pytest.approx(96)


@pytest.mark.parametrize(("found", "flag"), [(249, "low"), (251, ""), (349, ""), (351, "high")])
def test_flags_outside_80_to_120_percent(found, flag):
    (one,) = recovered(well("B1", "sample", "X", 50), well("B2", "spiked", "X", found, known=250.0))
    assert one.flag == flag
    assert one.reason == ("outside 80-120 %" if flag else "")


def test_missing_has_its_reason():
    low = recovered(well("B1", "sample", "X", 2), well("B2", "spiked", "X", 252, known=250.0))[0]
    lost = recovered(well("B1", "sample", "X", 50), well("B2", "spiked", "X", None, known=250.0))[0]
    alone = recovered(well("B2", "spiked", "X", 252, known=250.0))[0]
    assert [one.percent for one in (low, lost, alone)] == [None] * 3
    assert {one.flag for one in (low, lost, alone)} == {"missing"}
    assert low.reason == "unspiked half: below the lowest usable standard (10 pg/mL)"
    assert lost.reason == "spiked half: no usable signal: B2 masked"
    assert alone.reason == "no unspiked half on the plate"
