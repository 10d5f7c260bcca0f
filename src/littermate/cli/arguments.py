"""Arguments: what people write for windows, boxes and corners, read into numbers; a wrong one is a wrong call."""

from __future__ import annotations

from littermate.errors import UsageError
from littermate.model.placement import Box, Corners

__all__ = ["box", "corners", "numbers"]


def numbers(text: str, count: int, what: str) -> tuple[float, ...]:
    """Read `count` numbers with commas between them.

    Examples
    --------
    >>> numbers("120,360", 2, "a window")
    (120.0, 360.0)
    """
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if len(found) != count or not all(abs(number) < float("inf") for number in found):
        raise UsageError(
            expected=f"{what}: {count} numbers with commas", found=repr(text), do="write them without units"
        )
    return found


def box(text: str) -> Box:
    """Read the box of an arena.

    Examples
    --------
    >>> box("10,20,300,400")
    (10, 20, 300, 400)
    """
    left, top, width, height = (round(one) for one in numbers(text, 4, "--arena"))
    return left, top, width, height


def corners(text: str) -> Corners:
    """Read the four corners of a floor, from the upper left.

    Examples
    --------
    >>> corners("0,0,9,0,9,9,0,9")
    ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
    """
    x1, y1, x2, y2, x3, y3, x4, y4 = numbers(text, 8, "--corners")
    return (x1, y1), (x2, y2), (x3, y3), (x4, y4)
