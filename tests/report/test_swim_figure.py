"""The swim figure shows the trace, the bouts, the window, the thresholds and missing time."""

from pathlib import Path

import numpy as np
import pytest

from littermate.model.bout import DetectedBout
from littermate.model.motion import Motion
from littermate.model.still import Still
from littermate.report.swim_figure import draw_swim


def motion_of(valid: np.ndarray) -> Motion:
    activity = np.where(np.arange(len(valid)) < 100, 0.4, 0.01)
    return Motion(
        t_s=np.arange(len(valid)) * 0.1,
        step_s=0.1,
        activity=activity,
        valid=valid,
        animal_found=bool(valid.any()),
        animal_area_px=None,
    )


def test_what_is_drawn(tmp_path: Path) -> None:
    valid = np.ones(200, dtype=bool)
    valid[50:60] = False
    bout = DetectedBout(behaviour="immobile", start_s=10.0, stop_s=20.0)
    figure = draw_swim(motion_of(valid), window_s=(5, 20), bouts=(bout,), thresholds=(0.05, 0.08), title="Trial a")
    bars, trace = figure.axes
    assert [text.get_text() for text in bars.texts] == ["10.0 s in 1 bout"]
    assert [text.get_text() for text in trace.get_legend().get_texts()] == ["immobile below 0.05", "mobile above 0.08"]
    assert sum(patch.get_hatch() is not None for patch in trace.patches) == 1
    assert np.isnan(trace.lines[0].get_ydata()[50:60]).all()
    figure.savefig(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").stat().st_size > 5000


@pytest.mark.parametrize("samples", [0, 100])
def test_no_animal_is_said_in_the_picture(tmp_path: Path, samples: int) -> None:
    figure = draw_swim(motion_of(np.zeros(samples, dtype=bool)), window_s=(0, 20))
    assert "no animal was found" in [text.get_text() for text in figure.axes[1].texts]
    assert [text.get_text() for text in figure.axes[0].texts] == ["nothing in the window could be scored"]
    figure.savefig(tmp_path / "a.png")


def test_stills_stand_beside_the_trace_with_what_the_program_says_of_them() -> None:
    bout = DetectedBout(behaviour="immobile", start_s=10.0, stop_s=20.0)
    stills = [Still(t_s=t_s, picture=np.zeros((24, 32), np.uint8)) for t_s in (4.0, 15.0)]
    figure = draw_swim(motion_of(np.ones(200, dtype=bool)), window_s=(5, 20), bouts=(bout,), stills=stills)
    titles = [axes.get_title() for axes in figure.axes]
    assert "4.0 s: no bout" in titles and "15.0 s: immobile" in titles
