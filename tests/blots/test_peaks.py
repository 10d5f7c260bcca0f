"""Peaks: the same as SciPy's, which is slow to import."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from littermate.blots.peaks import find_peaks


def _profiles() -> list[np.ndarray]:
    rng = np.random.default_rng(4)
    smooth = [np.convolve(rng.normal(size=300), np.ones(size), "valid") for size in (1, 3, 12, 40)]
    steps = [rng.integers(0, 5, size).astype(float) for size in (3, 7, 60, 300)]
    bands = [np.exp(-0.5 * ((np.arange(400) - at) / 9) ** 2) for at in (60, 85, 300)]
    return [*smooth, *steps, sum(bands) + 0.01 * rng.normal(size=400), np.zeros(9), np.arange(9.0)]


@pytest.mark.parametrize("number", range(11))
def test_all_maxima_are_those_of_scipy(number: int) -> None:
    profile = _profiles()[number]
    np.testing.assert_array_equal(find_peaks(profile), signal.find_peaks(profile)[0])


@pytest.mark.parametrize("number", range(11))
@pytest.mark.parametrize("share", [0.02, 0.2, 0.5])
def test_those_that_stand_out_and_are_wide_are_those_of_scipy(number: int, share: float) -> None:
    profile = _profiles()[number]
    least = max(share * np.ptp(profile), 1e-12)
    for width in (0.0, 2.0, 3.0, 8.0):
        expected, _ = signal.find_peaks(profile, prominence=least, width=width)
        np.testing.assert_array_equal(find_peaks(profile, prominence=least, width=width), expected)


@pytest.mark.parametrize("number", [0, 1, 2, 3, 8])
@pytest.mark.parametrize("distance", [1.0, 4.2, 30.0])
def test_those_kept_apart_and_seen_near_by_are_those_of_scipy(number: int, distance: float) -> None:
    profile = _profiles()[number]
    low, least = float(np.quantile(profile, 0.6)), 0.1 * float(np.ptp(profile))
    expected, _ = signal.find_peaks(profile, height=low, distance=distance, prominence=least, wlen=41)
    found = find_peaks(profile, height=low, distance=distance, prominence=least, reach=20)
    np.testing.assert_array_equal(found, expected)
