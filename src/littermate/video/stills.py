"""Stills: small frames kept at even times while a recording is decoded, of which two are shown with a trial's trace.

One is nearest to the middle of the longest bout, the other of the liveliest moment outside all bouts: what the program
took for the one and for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.model.bout import DetectedBout
from littermate.model.motion import Motion
from littermate.model.placement import Box
from littermate.model.still import Still
from littermate.video.frames import Frame

__all__ = ["Stills"]

_LONG_SIDE_PX = 320
_MOST = 400


@dataclass(slots=True, kw_only=True)
class Stills:
    """Keeps frames of a scoring pass.

    Parameters
    ----------
    t0_s
        Start of the trial clock in the recording.
    window_s
        The scored part on the trial clock: only its frames are kept, at most one a second and 400 in all.
    """

    t0_s: float
    window_s: tuple[float, float]
    _kept: list[tuple[float, float, NDArray[np.uint8]]] = field(default_factory=list)

    def see(self, frame: Frame) -> None:
        """Keep a frame if one is due."""
        t_s = frame.t_s - self.t0_s
        step_s = max(1.0, (self.window_s[1] - self.window_s[0]) / _MOST)
        late = not self._kept or t_s >= self._kept[-1][0] + step_s
        if frame.trusted and late and self.window_s[0] <= t_s < self.window_s[1]:
            scale = min(1.0, _LONG_SIDE_PX / max(frame.luma.shape))
            small = cv2.resize(frame.luma, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            self._kept.append((t_s, scale, np.asarray(small, dtype=np.uint8)))

    def of(self, motion: Motion, bouts: Sequence[DetectedBout], box_px: Box | None) -> tuple[Still, ...]:
        """Return up to two stills of one trial, in order of time: in its longest bout, and at its liveliest outside."""
        wanted = [(one.start_s + one.stop_s) / 2 for one in sorted(bouts, key=lambda one: one.duration_s)[-1:]]
        times = np.array([t_s for t_s, _, _ in self._kept])
        resting = np.array([any(one.start_s <= t < one.stop_s for one in bouts) for t in times], dtype=bool)
        if len(motion.t_s) and len(times):
            at = np.searchsorted(motion.t_s, times, side="right").clip(1, len(motion.t_s)) - 1
            lively = np.where(motion.valid[at] & ~resting, motion.activity[at], -1.0)
            wanted += [float(times[lively.argmax()])] if lively.max() >= 0 else []
        numbers = {int(np.abs(times - t).argmin()) for t in wanted if len(times)}
        return tuple(self._cut(*self._kept[number], box_px) for number in sorted(numbers))

    def _cut(self, t_s: float, scale: float, picture: NDArray[np.uint8], box_px: Box | None) -> Still:
        if box_px is None:
            return Still(t_s=t_s, picture=picture)
        x, y, width, height = (round(scale * side) for side in box_px)
        return Still(t_s=t_s, picture=picture[y : y + max(height, 1), x : x + max(width, 1)])
