"""The same pictures give the same file."""

from pathlib import Path

import av
import numpy as np
import pytest

from littermate.files import sha256_of
from littermate.simulate.encode import write_video


def test_the_same_pictures_give_the_same_bytes(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (40, 120, 160), np.uint8)
    for name in ("a.mp4", "b.mp4"):
        write_video(tmp_path / name, noise, fps=15)
    assert sha256_of(tmp_path / "a.mp4") == sha256_of(tmp_path / "b.mp4")


@pytest.mark.parametrize("fps", [5, 12.5, 30000 / 1001, 60])
def test_frames_stand_at_their_times(tmp_path: Path, fps: float) -> None:
    write_video(tmp_path / "a.mp4", np.full((20, 48, 64), 90, np.uint8), fps=fps)
    with av.open(str(tmp_path / "a.mp4")) as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert times == pytest.approx(np.arange(20) / fps, abs=2e-5)
