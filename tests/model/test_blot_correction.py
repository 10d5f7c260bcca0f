"""A place is a lane and a box of whole pixels, or it is refused."""

from typing import Any

import pytest

from littermate.errors import DataError
from littermate.model.blot_correction import BandPlace


@pytest.mark.parametrize(
    ("lane", "box"),
    [(0, (1, 1, 9, 9)), (2, (1, 1, 0, 9)), (2, (1, 1, 9, -3)), (2, (1.5, 1, 9, 9)), (2, (1, 1, 9)),
     (True, (1, 1, 9, 9))],
    ids=["lane 0", "no width", "height below 0", "half a pixel", "three numbers", "no number"],
)  # fmt: skip
def test_what_is_no_box_is_refused(lane: int, box: Any) -> None:
    with pytest.raises(DataError, match="draw the box"):
        BandPlace(lane=lane, box_px=box)


def test_a_box_may_begin_outside_until_the_image_is_known() -> None:
    assert BandPlace(lane=1, box_px=(-5, 0, 9, 9)).box_px[0] == -5
