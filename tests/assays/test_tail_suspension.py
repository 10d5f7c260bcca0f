"""Tail suspension: hanging still is immobility, and so is swinging; struggling is not."""

from pathlib import Path

import numpy as np
import pytest

from littermate.assays.assay import Setting
from littermate.assays.tail_suspension import ASSAY, TailSuspensionRules, score_tail_suspension
from littermate.errors import UsageError
from littermate.model.bout import DetectedBout
from littermate.model.motion import Motion
from littermate.simulate.suspension_scene import SuspensionScene, write_suspension
from littermate.single.trial import TrialJob, TrialResult, score_trial

STILL = tuple(DetectedBout(behaviour="immobile", start_s=a, stop_s=b) for a, b in ((4, 10), (14, 21), (24, 27)))


def trace(activity: np.ndarray, valid: np.ndarray | None = None) -> Motion:
    count = len(activity)
    return Motion(
        t_s=np.arange(count) * 0.1,
        step_s=0.1,
        activity=activity,
        valid=np.ones(count, bool) if valid is None else valid,
        animal_found=True,
        animal_area_px=900.0,
    )


def values(scored) -> dict[str, float | None]:
    return {one.measure: one.value for one in scored.readings}


def scored_clip(path: Path, duration_s: float = 30, **scene) -> TrialResult:
    write_suspension(path, STILL, scene=SuspensionScene(fps=25, **scene), duration_s=duration_s, seed=7)
    return score_trial(TrialJob(kind="tail suspension", path=str(path), window_s=(0, duration_s)))


def test_totals_of_a_known_trace() -> None:
    activity = np.where((np.arange(300) >= 100) & (np.arange(300) < 160), 0.0, 0.3)
    got = values(score_tail_suspension(trace(activity), Setting(window_s=(0, 30)), ASSAY.rules))
    assert got["immobility_s"] == pytest.approx(6.0)
    assert got["immobility_percent"] == pytest.approx(20.0)
    assert got["latency_s"] == pytest.approx(10.0)
    assert got["bout_count"] == 1


def test_missing_time_is_neither_state() -> None:
    valid = np.arange(300) < 200
    got = values(score_tail_suspension(trace(np.zeros(300), valid), Setting(window_s=(0, 30)), ASSAY.rules))
    assert (got["immobility_s"], got["missing_s"]) == (pytest.approx(20.0), pytest.approx(10.0))
    assert got["immobility_percent"] == pytest.approx(100.0)


def test_never_immobile_is_censored_at_the_window_s_end() -> None:
    scored = score_tail_suspension(trace(np.full(300, 0.3)), Setting(window_s=(0, 30)), ASSAY.rules)
    latency = next(one for one in scored.readings if one.measure == "latency_s")
    assert (latency.value, latency.flags) == (30.0, ("censored",))


def test_thresholds_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(UsageError):
        TailSuspensionRules(immobile_below=0.2, mobile_above=0.1)


@pytest.mark.parametrize("coat", ["dark", "light"])
def test_a_simulated_mouse_within_three_points(tmp_path: Path, coat: str) -> None:
    result = scored_clip(tmp_path / "a.mp4", coat=coat)
    got = {one.measure: one.value for one in result.readings}
    assert got["immobility_percent"] == pytest.approx(100 * 16 / 30, abs=3)
    assert got["missing_s"] < 0.3
    assert [round(bout.start_s) for bout in result.bouts] == [4, 14, 24]


def test_an_empty_bar_is_no_animal(tmp_path: Path) -> None:
    result = scored_clip(tmp_path / "a.mp4", 6, animal=False)
    assert "no-animal" in {finding.id for finding in result.findings}
    assert {one.value for one in result.readings if one.measure.startswith("immob")} == {None}
