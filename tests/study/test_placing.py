"""Several animals on one recording, and trials placed anew: nothing is overwritten, and what changed is scored anew."""

import shutil
from pathlib import Path

import pytest

from littermate.errors import DataError, UsageError
from littermate.simulate.swim_scene import SwimScene, write_swim
from littermate.study import Study, open_study

PASSPHRASE = "correct horse"
LEFT, RIGHT = "0,0,120,240", "200,0,120,240"


@pytest.fixture
def allocated(small_study: Study) -> Study:
    small_study.allocate(seed=1)
    return small_study


def list_recordings(study: Study, *rows: str, head: str = "file,code,x,y,width,height") -> None:
    folder = study.folder.recordings
    if not (folder / "two.mp4").exists():
        write_swim(folder / "two.mp4", (), scene=SwimScene.small(), duration_s=12.0, seed=5)
    (folder / "recordings.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


def test_two_animals_on_one_recording_need_an_arena_each(allocated: Study) -> None:
    one, two = (tag.code for tag in allocated.tags[:2])
    list_recordings(allocated, f"two.mp4,{one},{LEFT}", f"two.mp4,{two},{LEFT}")
    with pytest.raises(DataError, match="arena of its own"):
        allocated.add_recordings("recordings", assay="forced swim")
    list_recordings(allocated, f"two.mp4,{one},{LEFT}", f"two.mp4,{two},{RIGHT}")
    trials = allocated.add_recordings("recordings", assay="forced swim")
    assert [(trial.code, trial.arena_px) for trial in trials] == [(one, (0, 0, 120, 240)), (two, (200, 0, 120, 240))]
    assert len(allocated.database.recordings()) == 1


def test_a_floor_comes_with_its_corners(allocated: Study) -> None:
    row = f"two.mp4,{allocated.tags[0].code},10 12 300 12 300.5 220 10 220"
    list_recordings(allocated, row, head="file,code,corners")
    (trial,) = allocated.add_recordings("recordings", assay="forced swim")
    assert trial.corners_px == ((10, 12), (300, 12), (300.5, 220), (10, 220))
    list_recordings(allocated, row[:-4], head="file,code,corners")
    with pytest.raises(DataError, match="eight numbers"):
        allocated.add_recordings("recordings", assay="forced swim")


def test_a_trial_placed_anew_is_scored_anew(filmed: Study, tmp_path: Path) -> None:
    study = filmed
    for path in sorted((study.folder.recordings / "forced-swim").glob("*.mp4"))[2:]:
        shutil.move(path, tmp_path)
    first, second = study.add_recordings("recordings", assay="forced swim")
    assert len(study.score("forced swim", workers=1)) == 2
    moved = study.place(first.id, t0_s=0.5)
    assert study.trials == (moved, second)
    assert [one.code for one in study.score("forced swim", workers=1)] == [first.code]
    history = study.database.measurement_history("immobility", first.code)
    assert ["t0 = 0.0 s" in one.source.place for _, one in history] == [True, False]
    study.verify()


def test_a_placement_that_cannot_be_meant_is_refused(filmed: Study) -> None:
    (trial, *_) = filmed.add_recordings("recordings", assay="forced swim")
    with pytest.raises(UsageError, match="id of a trial"):
        filmed.place("none", t0_s=1.0)
    with pytest.raises(UsageError, match="say what"):
        filmed.place(trial.id)
    with pytest.raises(DataError, match="0 s or later"):
        filmed.place(trial.id, t0_s=-1.0)
    with pytest.raises(DataError, match="a start within 12"):
        filmed.place(trial.id, t0_s=500.0)
    with pytest.raises(DataError, match="9000"):
        filmed.place(trial.id, arena_px=(0, 0, 9000, 9000))
    assert [entry.what for entry in filmed.database.entries()][-1] == "add recordings"


def test_an_assay_of_one_file_is_scored_in_a_study(small_study: Study) -> None:
    path = small_study.folder.protocol_path
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('kind = "forced swim"', 'kind = "tail suspension"'), encoding="utf-8")
    study = open_study(path.parent, passphrase=PASSPHRASE)
    study.allocate(seed=1)
    code = study.tags[0].code
    write_swim(study.folder.recordings / f"{code}.mp4", (), scene=SwimScene.small(), duration_s=12.0, seed=5)
    study.add_recordings("recordings", assay="forced swim")
    (measurement, *_) = study.score("forced swim", workers=1)
    (rules,) = [one for one in study.database.rules() if one.hash == measurement.rules_hash]
    assert rules.name == "tail suspension"
    assert measurement.value is not None
