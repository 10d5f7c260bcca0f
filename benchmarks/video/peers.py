"""Peers: what stands beside littermate: decoding alone, plain OpenCV loops, and ezTrack from a user's own checkout.

OpenCV is kept to one thread, decoder included, as everything here is: the figure compared is CPU, not wall time.
ezTrack is run as it is (its own functions, imported from the checkout); only the notebook parts it imports and does not
use for measuring (holoviews, tqdm, IPython) are replaced by stand-ins that do nothing.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

from measure import Task

DECODE = "decode only (PyAV, one thread)"
Work = Callable[[], Any]
_BLUR = 5
_DIFFERENCE = 12
_CONTRAST = 30
_SAMPLES = 50


def task(name: str, function: str, path: Path, *more: str) -> Task:
    """Return one of this file's functions as a task; it needs no warming up, having nothing of its own to cache."""
    return Task(name=name, file=__file__, function=function, arguments=(str(path), *more), warm_up=False)


def decode_task(path: Path) -> Task:
    return task(DECODE, "decode_only", path)


def decode_only(path: str) -> Work:
    """Decode every frame in one thread and touch nothing but the buffer of plane 0."""
    import av

    def work() -> None:
        with av.open(path) as container:
            stream = container.streams.video[0]
            stream.thread_type = "NONE"
            stream.codec_context.thread_count = 1
            for frame in container.decode(stream):
                memoryview(frame.planes[0])

    return work


def _capture(path: str) -> Any:
    import cv2

    cv2.setNumThreads(1)
    return cv2.VideoCapture(path, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])


def _greys(path: str) -> Iterator[Any]:
    import cv2

    capture = _capture(path)
    while True:
        good, frame = capture.read()
        if not good:
            return
        yield cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)


def difference_loop(path: str) -> Work:
    """Count the pixels that changed from one frame to the next: BGR, grey, blur, absdiff, threshold, count."""
    import cv2

    def work() -> str:
        before, counts = None, []
        for grey in _greys(path):
            grey = cv2.GaussianBlur(grey, (_BLUR, _BLUR), 0)
            if before is not None:
                changed = cv2.threshold(cv2.absdiff(grey, before), _DIFFERENCE, 255, cv2.THRESH_BINARY)[1]
                counts.append(cv2.countNonZero(changed))
            before = grey
        return f"{len(counts)} differences, no score"

    return work


def _median_picture(path: str, count: int = _SAMPLES) -> Any:
    """Return the median of pictures spread over the recording, found by seeking."""
    import cv2
    import numpy as np

    capture = _capture(path)
    frames = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
    pictures = []
    for number in np.linspace(0, frames - 2, count).astype(int):
        capture.set(cv2.CAP_PROP_POS_FRAMES, int(number))
        good, frame = capture.read()
        if good:
            pictures.append(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY))
    return np.median(pictures, axis=0).astype(np.uint8)


def subtraction_loop(path: str) -> Work:
    """Subtract a median picture, threshold, open, take the largest component's centroid."""
    import cv2
    import numpy as np

    def work() -> list[list[float | None]]:
        background, kernel = _median_picture(path), np.ones((5, 5), np.uint8)
        centres: list[list[float | None]] = []
        for grey in _greys(path):
            departure = cv2.GaussianBlur(cv2.absdiff(grey, background), (_BLUR, _BLUR), 0)
            mask = cv2.threshold(departure, _CONTRAST, 255, cv2.THRESH_BINARY)[1]
            mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel)
            count, _, stats, middles = cv2.connectedComponentsWithStats(mask)
            largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])) if count > 1 else 0
            centres.append([float(v) for v in middles[largest]] if largest else [None, None])
        return centres

    return work


def mixture_loop(path: str) -> Work:
    """Subtract by OpenCV's adaptive mixture (MOG2), take the largest contour's centroid."""
    import cv2

    def work() -> list[list[float | None]]:
        model = cv2.createBackgroundSubtractorMOG2(detectShadows=True)
        centres: list[list[float | None]] = []
        for grey in _greys(path):
            mask = cv2.threshold(model.apply(grey), 200, 255, cv2.THRESH_BINARY)[1]
            contours = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
            moments = cv2.moments(max(contours, key=cv2.contourArea)) if contours else {"m00": 0.0}
            area = moments["m00"]
            centres.append([moments["m10"] / area, moments["m01"] / area] if area else [None, None])
        return centres

    return work


def _eztrack(checkout: str, module: str) -> Any:
    """Import one of ezTrack's two modules from a checkout, without its notebook parts."""
    import scipy.ndimage

    for name in ("holoviews", "holoviews.streams", "tqdm", "IPython", "IPython.display"):
        sys.modules[name] = MagicMock()
    sys.modules["tqdm"].tqdm = lambda one: one  # type: ignore[attr-defined]
    if not hasattr(scipy.ndimage, "measurements"):
        scipy.ndimage.measurements = scipy.ndimage
    file = Path(checkout) / module / f"{module}_Functions.py"
    spec = importlib.util.spec_from_file_location(module, file)
    if spec is None or spec.loader is None or not file.is_file():
        raise SystemExit(f"no {file}: give --eztrack a checkout of denisecailab/ezTrack")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def _video_dict(path: str) -> dict[str, Any]:
    stretch = {"width": 1, "height": 1}
    where = {"dpath": str(Path(path).parent), "file": Path(path).name, "fpath": path}
    return {**where, "start": 0, "end": None, "dsmpl": 1, "stretch": stretch, "crop": None, "region_names": None}


def eztrack_motion(path: str, checkout: str) -> Work:
    """Run ezTrack's `Measure_Motion` with the cut-off of its example."""
    module = _eztrack(checkout, "FreezeAnalysis")

    def work() -> str:
        motion = module.Measure_Motion(_video_dict(path), 10.0, SIGMA=1)
        return f"{len(motion)} differences"

    return work


def eztrack_location(path: str, checkout: str) -> Work:
    """Run ezTrack's `Reference` and `Locate` with the parameters of its example."""
    module = _eztrack(checkout, "LocationTracking")
    parameters = {
        "loc_thresh": 99.5,
        "use_window": True,
        "window_size": 100,
        "window_weight": 0.9,
        "method": "abs",
        "rmv_wire": False,
        "wire_krn": 5,
    }

    def work() -> list[list[float]]:
        video = _video_dict(path)
        video["reference"], _ = module.Reference(video, num_frames=_SAMPLES)
        capture, centres, prior = _capture(path), [], None
        while True:
            good, _, centre, _ = module.Locate(capture, parameters, video, prior=prior)
            if not good:
                return centres
            centres.append([float(centre[1]), float(centre[0])])
            prior = [round(centre[0]), round(centre[1])]

    return work
