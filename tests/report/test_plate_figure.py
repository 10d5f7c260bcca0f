import numpy as np
import pytest

from littermate.model.plate import SampleResult, StandardResult
from littermate.report.plate_figure import draw_plate


def standard(concentration, signal, percent=100.0):
    return StandardResult(
        name=f"S{concentration:g}",
        concentration=concentration,
        signal=signal,
        back_calculated=concentration,
        recovery_percent=None if concentration == 0 else percent,
        cv_percent=2.0,
    )


def sample(signal, concentration, **rest):
    return SampleResult(
        name="X",
        wells=("B1",),
        signal=signal,
        concentration=concentration,
        unit="pg/mL",
        ci=None,
        in_range=concentration is not None,
        cv_percent=None,
        dilution=2.0,
        **rest,
    )


STANDARDS = [standard(0, 0.05), standard(10, 0.1), standard(100, 1.0, 180.0), standard(1000, None)]
LINE = np.array([10.0, 100.0]), np.array([0.1, 1.0])


@pytest.mark.parametrize("logarithmic", [False, True])
def test_everything_is_drawn_and_nothing_is_cut_off(logarithmic):
    samples = [sample(0.5, 100.0), sample(0.6, 120.0, spiked=True), sample(3.0, None), sample(0.02, None)]
    figure = draw_plate(standards=STANDARDS, samples=samples, line=LINE, unit="ug/mL", logarithmic=logarithmic)
    upper, lower = figure.axes
    labels = [text.get_text() for text in upper.get_legend().get_texts()]
    assert labels == ["standard", "standard, not in range", "sample", "spiked sample", "out of range (2)"]
    assert upper.get_ylim()[1] > 3.0 and upper.get_ylim()[0] < 0.02
    assert lower.get_xlabel() == "Concentration in the well (\u00b5g/mL)"
    figure.canvas.draw()


def test_samples_stand_at_the_concentration_of_the_well():
    figure = draw_plate(standards=STANDARDS, samples=[sample(0.5, 100.0)], line=LINE, unit="pg/mL")
    points = [tuple(point) for dots in figure.axes[0].collections for point in dots.get_offsets().tolist()]
    assert (50.0, 0.5) in points


def test_no_curve_no_samples():
    nothing = np.empty(0), np.empty(0)
    draw_plate(standards=STANDARDS, samples=[sample(0.5, None)], line=nothing, unit="pg/mL").canvas.draw()
