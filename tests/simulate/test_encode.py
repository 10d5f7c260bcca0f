"""The same pictures give the same file."""

from pathlib import Path

import numpy as np

from littermate.files import sha256_of
from littermate.simulate.encode import write_video


def test_the_same_pictures_give_the_same_bytes(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (40, 120, 160), np.uint8)
    for name in ("a.mp4", "b.mp4"):
        write_video(tmp_path / name, noise, fps=15)
    assert sha256_of(tmp_path / "a.mp4") == sha256_of(tmp_path / "b.mp4")
