"""The start is seen whole; of the rest single frames at keyframes, or the first minute where there are none."""

from pathlib import Path

import numpy as np
import pytest

from littermate.video.frames import FrameReader
from littermate.video.glances import glance

from .trap_files import Clip, encode


@pytest.fixture(scope="module", params=["rare", "dense"])
def long(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write 200 s at 5 frames a second, with a keyframe every 100 s or every 2 s."""
    clip = Clip(
        codec="mpeg4", fps=5, options={"g": "500" if request.param == "rare" else "10", "sc_threshold": "1000000000"}
    )
    pictures = (np.full((48, 64), 40 + k // 8, np.uint8) for k in range(1000))
    return encode(tmp_path_factory.mktemp("glances") / f"{request.param}.mp4", clip, pictures)


def times(path: Path, **window: float) -> list[float]:
    return [frame.t_s for frame in glance(FrameReader(path), **window)]


def test_a_short_trial_is_read_whole(long: Path) -> None:
    assert times(long, stop_s=2.0) == pytest.approx(np.arange(10) / 5)


@pytest.mark.parametrize("long", ["rare"], indirect=True)
def test_with_few_keyframes_the_first_minute_is_read(long: Path) -> None:
    assert times(long, stop_s=200.0) == pytest.approx(np.arange(300) / 5)
    assert times(long, t0_s=10.0, stop_s=200.0)[-1] == pytest.approx(69.8)


@pytest.mark.parametrize("long", ["dense"], indirect=True)
def test_single_frames_at_keyframes_after_the_start(long: Path) -> None:
    seen = times(long, stop_s=200.0)
    assert seen[:150] == pytest.approx(np.arange(150) / 5)
    assert len(seen) == 150 + 20
    assert set(np.diff(seen[150:]).round(6)) == {8.0, 10.0}


@pytest.mark.parametrize("long", ["dense"], indirect=True)
def test_after_the_start_nothing_before_t0_is_read(long: Path) -> None:
    seen = times(long, t0_s=100.0, stop_s=150.0)
    assert (seen[149], seen[150], len(seen)) == pytest.approx((29.8, 100.0, 170))
