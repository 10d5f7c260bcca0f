"""What happened in each bin of a trial; time that was not seen is missing and not 0."""

import numpy as np

from littermate.assays.path import stretches
from littermate.assays.time_bins import distance_in_bins, time_share_in_bins
from littermate.model.arena import Arena
from littermate.model.motion import Motion
from littermate.model.track import Track

EDGES = np.array([0.0, 10.0, 20.0, 30.0])


def motion(valid: np.ndarray) -> Motion:
    t_s = np.arange(300) * 0.1
    return Motion(t_s=t_s, step_s=0.1, activity=t_s, valid=valid, animal_found=True, animal_area_px=9.0)


def test_a_bout_is_shared_out_among_the_bins_it_lasts_through() -> None:
    share = time_share_in_bins(motion(np.ones(300, dtype=bool)), [(5.0, 12.0), (15.0, 16.0)], EDGES)
    np.testing.assert_allclose(share, [50.0, 30.0, 0.0], atol=1e-6)


def test_the_share_is_of_the_time_that_was_seen_and_too_little_is_missing() -> None:
    valid = np.ones(300, dtype=bool)
    valid[50:100] = valid[200:251] = False
    share = time_share_in_bins(motion(valid), [(0.0, 2.5), (10.0, 20.0)], EDGES)
    np.testing.assert_allclose(share, [50.0, 100.0, np.nan], atol=1e-6)


def test_distance_is_that_of_the_path_in_each_bin() -> None:
    t_s = np.arange(0, 20, 0.05)
    along = np.where(t_s < 10, 2.0 * t_s, 20.0)
    track = Track(t_s=t_s, xy_px=np.column_stack([along, np.full(len(t_s), 5.0)]), state=np.zeros(len(t_s), np.uint8))
    arena = Arena(corners_px=((0, 0), (40, 0), (40, 40), (0, 40)), width_cm=40, height_cm=40)
    parts = stretches(track, arena, stop_s=30.0, max_gap_s=0.5, smooth_s=0.0, step_cm=0.0)
    np.testing.assert_allclose(distance_in_bins(parts, EDGES), [20.0, 0.0, np.nan], atol=0.11)
