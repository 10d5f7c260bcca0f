"""Groups over time and on the floor are drawn from what the program found, of the animals that count."""

import numpy as np
import pytest

from littermate.model.bout import DetectedBout
from littermate.model.measurement import Measurement, Source
from littermate.model.motion import Motion
from littermate.model.rules import RuleSet
from littermate.model.track import Track
from littermate.model.trial import Trial
from littermate.store.tracks import write_motion, write_track
from littermate.study import Study
from littermate.study.group_pictures import group_pictures
from littermate.study.trial_sources import read_traces

RULES = RuleSet(name="rules", parameters=(), words=())


@pytest.fixture
def swum(small_study: Study) -> Study:
    """One animal with a swim and a run over the floor."""
    small_study.allocate(seed=1)
    code = small_study.tags[0].code
    names = {"forced swim": "TA", "open field": "TB"}
    with small_study.database.writing("ada", "add recordings", {}) as write:
        write.trials(
            Trial(id=name, code=code, assay=assay, recording=f"{name}.mp4", sha256=name * 32)
            for assay, name in names.items()
        )
    source = Source(kind="recording", sha256="TA" * 32, place="trial TA, t0 = 0.0 s; all")
    with small_study.database.writing("ada", "score", {"trial": "TA"}) as write:
        write.rules(RULES)
        one = Measurement(outcome="immobility", code=code, value=4.0, unit="s", source=source, rules_hash=RULES.hash)
        write.measurements([one])
        write.bouts("TA", [DetectedBout(behaviour="immobile", start_s=4.0, stop_s=8.0)])
    t_s = np.arange(0, 12, 0.1)
    tracks = small_study.folder.tracks
    tracks.mkdir(exist_ok=True)
    motion = Motion(
        t_s=t_s, step_s=0.1, activity=t_s, valid=np.ones(len(t_s), bool), animal_found=True, animal_area_px=9.0
    )
    write_motion(tracks / "TA.parquet", motion, trial="TA", rules_hash=RULES.hash)
    xy = np.column_stack([t_s, t_s])
    track = Track(t_s=t_s, xy_px=xy, state=np.zeros(len(t_s), np.uint8))
    write_track(tracks / "TB.parquet", track, xy, trial="TB", rules_hash=RULES.hash)
    return small_study


def drawn(study: Study) -> list[tuple[str, str]]:
    study.lock()
    study.unblind(because="all are scored")
    pictures = list(group_pictures(study, read_traces(study)))
    assert all(one.png.startswith(b"\x89PNG") and not one.code for one in pictures)
    return [(one.title, one.caption.partition(",")[0]) for one in pictures]


def test_each_assay_has_its_time_course_and_the_field_its_map(swum: Study) -> None:
    assert drawn(swum) == [
        ("Time course by group", "forced swim: immobile (% of the time seen)"),
        ("Time course by group", "open field: distance (cm a bin)"),
        ("Heat maps by group", "open field: mean time per area of each group"),
    ]


def test_an_animal_that_is_excluded_is_in_no_picture(swum: Study) -> None:
    swum.exclude(swum.tags[0].code, because="it escaped")
    assert drawn(swum) == []
