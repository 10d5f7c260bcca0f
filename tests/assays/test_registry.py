"""An assay enters by one file, and is found by its name."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import littermate.assays
from littermate.assays.assay import MotionAssay, Setting, rules_with
from littermate.assays.registry import all_assays, find_assay
from littermate.assays.tail_suspension import TailSuspensionRules
from littermate.errors import UsageError
from littermate.model.motion import Motion
from littermate.single.trial import TrialJob, assay_kinds, trial_rules

PAGE = (Path(__file__).parents[2] / "docs" / "assays.md").read_text(encoding="utf-8")
NEW = PAGE.split("```python\n")[1].split("```")[0]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder whose files count as files of `littermate.assays`."""
    monkeypatch.setattr(littermate.assays, "__path__", [*littermate.assays.__path__, str(tmp_path)])
    before = set(sys.modules)
    all_assays.cache_clear()
    yield tmp_path
    all_assays.cache_clear()
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_the_two_shown_are_found() -> None:
    assert [assay.name for assay in all_assays()] == ["elevated plus maze", "tail suspension"]


def test_the_file_that_the_manual_shows_is_a_new_assay(folder: Path) -> None:
    (folder / "freezing.py").write_text(NEW, encoding="utf-8")
    activity = np.where(np.arange(100) < 30, 0.0, 0.2)
    motion = Motion(
        t_s=np.arange(100) * 0.1,
        step_s=0.1,
        activity=activity,
        valid=np.ones(100, bool),
        animal_found=True,
        animal_area_px=90.0,
    )
    assay = find_assay("freezing")
    assert isinstance(assay, MotionAssay)
    scored = assay.score(motion, Setting(window_s=(0, 10)), assay.rules)
    assert scored.readings[0].value == pytest.approx(3.0)
    assert "freezing" in assay_kinds()
    job = TrialJob(kind="freezing", path="a.mp4", window_s=(0, 10), settings=(("below", "0.1"),))
    assert ("freezing: below", 0.1) in trial_rules(job).parameters


def test_two_files_of_one_name_are_refused(folder: Path) -> None:
    (folder / "again.py").write_text(NEW.replace('name="freezing"', 'name="tail suspension"'), encoding="utf-8")
    with pytest.raises(UsageError, match="twice"):
        all_assays()


def test_an_unknown_assay_is_refused_with_the_list() -> None:
    with pytest.raises(UsageError, match="elevated plus maze, tail suspension"):
        find_assay("tea party")


def test_settings_are_read_as_the_field_s_kind() -> None:
    maze = find_assay("elevated plus maze")
    rules = rules_with(maze, [("arm_width_cm", "6"), ("open_arms", "upright")])
    assert (rules.arm_width_cm, rules.open_arms) == (6.0, "upright")


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [("colour", "1", "arm_width_cm"), ("arm_width_cm", "wide", "a number"), ("arm_width_cm", "nan", "a number")],
)
def test_settings_that_cannot_be_are_refused(name: str, value: str, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        rules_with(find_assay("elevated plus maze"), [(name, value)])


def test_the_hash_tells_rules_window_and_size_apart() -> None:
    assay = find_assay("tail suspension")
    changed = replace(TailSuspensionRules(), gap_s=0.7)
    sets = [
        assay.rule_set(assay.rules, Setting(window_s=(0, 360))),
        assay.rule_set(assay.rules, Setting(window_s=(60, 360))),
        assay.rule_set(assay.rules, Setting(window_s=(0, 360), size_cm=50)),
        assay.rule_set(changed, Setting(window_s=(0, 360))),
    ]
    assert len({one.hash for one in sets}) == 4


@pytest.mark.parametrize("window", [(10.0, 10.0), (-1.0, 10.0), (float("nan"), 10.0)])
def test_a_window_that_cannot_be_is_refused(window: tuple[float, float]) -> None:
    with pytest.raises(UsageError, match="start before stop"):
        Setting(window_s=window)
