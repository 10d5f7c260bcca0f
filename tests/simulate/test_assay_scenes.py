"""The scenes of the tail suspension and the plus maze are what they say."""

import numpy as np
import pytest

from littermate.errors import UsageError
from littermate.model.bout import DetectedBout
from littermate.simulate.plus_maze_scene import PlusMazeScene, explore
from littermate.simulate.suspension_scene import SuspensionScene, hang

BOUT = DetectedBout(behaviour="immobile", start_s=5.0, stop_s=15.0)


def test_the_pendulum_swings_on_after_the_struggle_and_dies_down() -> None:
    times = np.arange(0, 15, 0.02)
    posture = hang([BOUT], times, swing=1.0, rng=np.random.default_rng(2))
    struggle, early, late = (times < 4.8), (times > 5.2) & (times < 7), times > 12
    amplitude = [float(np.degrees(np.abs(posture.swing[part]).max())) for part in (struggle, early, late)]
    assert 3 < amplitude[0] < 20 and amplitude[1] > 1 and amplitude[2] < 0.3 * amplitude[1]
    assert np.all(posture.effort[early | late] == 0) and posture.effort[struggle].min() > 0.4


def test_the_path_on_the_maze_is_on_the_maze_and_comes_back() -> None:
    path = explore(duration_s=60, seed=3)
    on_open, on_closed = np.abs(path.x_cm) <= 2.5, np.abs(path.y_cm) <= 2.5
    assert np.all(on_open | on_closed) and max(np.abs(path.x_cm).max(), np.abs(path.y_cm).max()) < 32.5
    total = sum(path.time_s(kind, width_cm=5) for kind in ("open", "closed", "centre"))
    assert total == pytest.approx(60)
    deep = np.maximum(np.abs(path.x_cm), np.abs(path.y_cm)) > 6
    visits = int(np.sum(np.diff(deep.astype(int)) == 1))
    assert visits == path.entries("open") + path.entries("closed")


def test_the_ends_are_where_the_picture_has_them() -> None:
    scene = PlusMazeScene(width=200, height=200, turn_deg=0, perspective=0, fills=0.9)
    assert np.allclose(scene.ends_px, [(100, 10), (190, 100), (100, 190), (10, 100)])


def test_scenes_that_cannot_be_are_refused() -> None:
    with pytest.raises(UsageError):
        SuspensionScene(coat="green")
    with pytest.raises(UsageError):
        PlusMazeScene(width=101)
