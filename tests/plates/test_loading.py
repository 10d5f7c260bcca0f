import pytest

from littermate.errors import UsageError
from littermate.model.plate import SampleResult
from littermate.plates.loading import Lanes, loading_table


def sample(concentration, unit="ug/mL", **rest):
    return SampleResult(
        name="X",
        wells=("A1",),
        signal=0.5,
        concentration=concentration,
        unit=unit,
        ci=None,
        in_range=concentration is not None,
        cv_percent=None,
        dilution=1.0,
        **rest,
    )


def row(concentration, **options):
    unit = options.pop("unit", "ug/mL")
    return loading_table([sample(concentration, unit)], Lanes(**{"protein_ug": 40, "volume_ul": 20, **options}))[0]


@pytest.mark.parametrize(("amount", "unit"), [(4000, "ug/mL"), (4, "mg/mL"), (4, "ug/uL"), (4, "µg/µL")])
def test_units(amount, unit):
    """40 ug of 4 ug/uL is 10 uL."""
    lane = row(amount, unit=unit)
    assert (lane.sample_ul, lane.buffer_ul) == (pytest.approx(10), pytest.approx(10))
    assert lane.flags == ()


def test_loading_buffer_takes_its_room():
    lane = row(4000, dye_ul=5)
    assert (lane.sample_ul, lane.buffer_ul, lane.dye_ul, lane.total_ul) == pytest.approx((10, 5, 5, 20))


def test_flags():
    assert row(1000).flags == ("too dilute", "over the well") and row(1000).buffer_ul is None
    assert row(1000).total_ul == row(1000).sample_ul + row(1000).dye_ul
    assert row(1600, dye_ul=0).flags == ("too dilute",)
    assert row(50_000).flags == ("under 1 uL",)
    assert row(4000, well_ul=15).flags == ("over the well",)


def test_no_concentration_no_volume():
    lost = sample(None, reason="below the lowest usable standard (125 ug/mL)")
    (lane,) = loading_table([lost], Lanes(protein_ug=40, volume_ul=20))
    assert lane.sample_ul is None and lane.buffer_ul is None and lane.reason == lost.reason


def test_spiked_halves_are_not_loaded():
    assert loading_table([sample(100.0, spiked=True)], Lanes(protein_ug=40, volume_ul=20)) == ()


def test_impossible_amounts_are_refused_at_once():
    with pytest.raises(UsageError) as caught:
        Lanes(protein_ug=0, volume_ul=20, dye_ul=20)
    assert len(caught.value.complaints) == 2


def test_a_unit_that_is_no_mass_concentration():
    with pytest.raises(UsageError, match="ug/uL"):
        row(4000, unit="mol/L")
