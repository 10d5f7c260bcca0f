"""Small pictures come back as they went in, from memory and from the file, and know where they are."""

import numpy as np
import pytest

from littermate.video import kept as module
from littermate.video.kept import KeptPictures, Part


def picture(k: int) -> np.ndarray:
    return np.full((40, 60), k, np.uint8)


@pytest.mark.parametrize("in_memory", [10**9, 0, 2 * 64 * 2400])
def test_pictures_come_back_in_order(in_memory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_IN_MEMORY_BYTES", in_memory)
    with KeptPictures(Part.whole((40, 60))) as kept:
        for k in range(250):
            kept.keep(picture(k), full_range=False)
        assert (len(kept), kept.blocks) == (250, 4)
        assert [int(kept.block(k)[0, 0, 0]) for k in range(4)] == [0, 64, 128, 192]
        assert len(kept.block(3)) == 58
        assert kept.pictures(np.array([249, 0, 130]))[:, 5, 5].tolist() == [249, 0, 130]


def test_a_full_block_is_the_last_one() -> None:
    with KeptPictures(Part.whole((40, 60))) as kept:
        for k in range(64):
            kept.keep(picture(k), full_range=False)
        assert kept.blocks == 1
        assert len(kept.block(0)) == 64


@pytest.mark.parametrize(("size", "scale"), [((40, 60), 1), ((240, 320), 2), ((480, 640), 4), ((1080, 1920), 8)])
def test_a_ramp_stays_where_it_was(size: tuple[int, int], scale: int) -> None:
    part = Part.of(8, 16, size[1] - 8, size[0] - 16)
    assert part.scale == scale
    y, x = np.mgrid[: size[0], : size[1]].astype(float)
    small = np.empty(part.small_size, np.uint8)
    row, column = 3, 5
    [[at_x, at_y]] = part.to_whole(np.array([[column, row]]))
    for along, at in ((x, at_x), (y, at_y)):
        part.small(np.rint(100 + 4 * (along - at)).clip(0, 255).astype(np.uint8), small)
        assert abs(int(small[row, column]) - 100) <= 2
    assert part.to_small(np.array([[at_x, at_y]])) == pytest.approx(np.array([[column, row]]))


def test_full_range_becomes_the_usual_range() -> None:
    with KeptPictures(Part.whole((40, 60))) as kept:
        kept.keep(picture(255), full_range=True)
        assert int(kept.picture(0)[0, 0]) == 235
