"""Scale: how long and how large a simulated study's recordings are.

`SMALL` is for the demo, the tests and a first look; `FULL` is the real length and size of a founding-study recording.
Scored windows are on the trial clock.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.errors import UsageError

__all__ = ["FULL", "SCALES", "SMALL", "Scale", "scale_named"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Length, size and frame rate of the recordings of a simulated study.

    Parameters
    ----------
    name
        ``"small"`` or ``"full"``.
    swim_duration_s, swim_window_s
        Forced swim: length of a trial and its scored part.
    field_duration_s
        Open field: length of a trial, all of it scored.
    width_px, height_px, fps
        Of every recording.
    """

    name: str
    swim_duration_s: float
    swim_window_s: tuple[float, float]
    field_duration_s: float
    width_px: int
    height_px: int
    fps: float


SMALL = Scale(
    name="small",
    swim_duration_s=60.0,
    swim_window_s=(20.0, 60.0),
    field_duration_s=60.0,
    width_px=320,
    height_px=240,
    fps=15.0,
)
FULL = Scale(
    name="full",
    swim_duration_s=360.0,
    swim_window_s=(120.0, 360.0),
    field_duration_s=600.0,
    width_px=640,
    height_px=480,
    fps=30.0,
)
SCALES = (SMALL, FULL)


def scale_named(name: str) -> Scale:
    """Look a scale up by its name.

    Raises
    ------
    UsageError
        If there is none of that name.

    Examples
    --------
    >>> scale_named("full").swim_window_s
    (120.0, 360.0)
    """
    for scale in SCALES:
        if scale.name == name:
            return scale
    raise UsageError(
        expected=f"one of {', '.join(scale.name for scale in SCALES)}", found=name, do="choose one of them"
    )
