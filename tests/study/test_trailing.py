"""The way back from a value: the entries that touched it, what it was before, and its trial in words."""

from dataclasses import replace

import pytest

from littermate.model.bout import DetectedBout
from littermate.model.measurement import Measurement, Source
from littermate.model.outcome import Exclusion
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.model.trial import Trial
from littermate.store.raw_files import RecordingFile
from littermate.study import Study
from littermate.study.trailing import trails_of

RULES = RuleSet(name="forced swim", parameters=(), words=())
SHA = "ab" * 32


@pytest.fixture
def study(small_study: Study) -> Study:
    """Two animals, each with a trial; the first one's immobility is measured twice."""
    small_study.allocate(seed=1)
    first, second = (tag.code for tag in small_study.tags[:2])
    with small_study.database.writing("ada", "add recordings", {"files": 2}) as write:
        write.recordings([RecordingFile(recording=recording(SHA)), RecordingFile(recording=recording("cd" * 32))])
        write.trials([trial("TA", first, SHA), trial("TB", second, "cd" * 32)])
    for value in (4.0, 5.0):
        with small_study.database.writing("ada", "score", {"trial": "TA"}) as write:
            write.rules(RULES)
            write.measurements([measurement("immobility", first, value, "TA")])
            write.bouts("TA", [DetectedBout(behaviour="immobile", start_s=2.0, stop_s=2.0 + value)])
    with small_study.database.writing("ada", "score", {"trial": "TB"}) as write:
        write.measurements([measurement("immobility", second, 6.0, "TB")])
    return small_study


def recording(sha256: str) -> Recording:
    return Recording(
        path=f"recordings/{sha256[:2]}.mp4",
        sha256=sha256,
        codec="h264",
        width=320,
        height=240,
        frames_decoded=360,
        frames_header=360,
        duration_s=12.0,
        fps_median=30.0,
        variable_frame_rate=False,
        corrupt_frames=0,
    )


def trial(name: str, code: str, sha256: str) -> Trial:
    return Trial(id=name, code=code, assay="forced swim", recording=f"recordings/{sha256[:2]}.mp4", sha256=sha256)


def measurement(outcome: str, code: str, value: float, name: str) -> Measurement:
    source = Source(kind="recording", sha256=SHA if name == "TA" else "cd" * 32, place=f"trial {name}, t0 = 0.0 s; all")
    return Measurement(outcome=outcome, code=code, value=value, unit="s", source=source, rules_hash=RULES.hash)


def whats(study: Study, entries: tuple[int, ...]) -> list[str]:
    return [entry.what for entry in study.database.entries() if entry.number in entries]


def test_a_value_has_its_entries_its_trial_and_what_it_was_before(study: Study) -> None:
    (first, second), sources = trails_of(study, {})
    assert whats(study, first.entries) == ["allocate", "add recordings", "score", "score"]
    assert whats(study, second.entries) == ["allocate", "add recordings", "score"]
    assert [(one.measurement.value, one.entry) for one in first.earlier] == [(4.0, first.entries[2])]
    assert second.earlier == ()
    assert first.sources == ("trial TA",)
    (source,) = (one for one in sources if one.id == "trial TA")
    facts = dict(source.facts)
    assert (facts["SHA-256"], facts["scored window"]) == (SHA, "2 to 12 s after t0")
    assert facts["video"] == "h264, 320 × 240 px, 30 frames/s, 12.00 s, 360 frames decoded"
    (bouts,) = source.tables
    assert bouts.rows == (("immobile", "2.00", "7.00", "5.00", "2.00", "60–209", ""),)


def test_an_entry_about_one_outcome_or_another_animal_does_not_touch_a_value(study: Study) -> None:
    first, second = (tag.code for tag in study.tags[:2])
    before, _ = trails_of(study, {})
    for code, outcome in ((first, "lines crossed"), (second, "immobility"), (first, "immobility")):
        with study.database.writing("ada", "exclude", {"animal": code, "outcome": outcome}) as write:
            write.exclusion(Exclusion(code=code, because="[it dived", outcome=outcome))
    study.note("fit", {"outcomes": ["lines crossed"]})
    study.note("fit", {"outcomes": ["immobility", "lines crossed"]})
    (after, _), _ = trails_of(study, {})
    assert len(after.entries) == len(before[0].entries) + 2
    assert whats(study, after.entries)[-2:] == ["exclude", "fit"]
    assert after.entries[-1] == study.database.head().number


def test_a_place_that_names_no_trial_leads_to_the_animal_s_trial_on_that_file(study: Study) -> None:
    old = measurement("immobility", study.tags[0].code, 7.0, "TA")
    with study.database.writing("ada", "score", {}) as write:
        write.measurements([replace(old, source=replace(old.source, place="2-12 s from t0 = 0 s"))])
    trails, _ = trails_of(study, {})
    assert next(one for one in trails if one.code == old.code).sources == ("trial TA",)


def test_frames_are_not_named_where_times_do_not_give_them_away(study: Study) -> None:
    with study.database.writing("ada", "add recordings", {}) as write:
        odd = replace(recording("ef" * 32), variable_frame_rate=True)
        write.recordings([RecordingFile(recording=odd)])
        write.trials([trial("TC", study.tags[2].code, "ef" * 32)])
        write.bouts("TC", [DetectedBout(behaviour="immobile", start_s=1.0, stop_s=2.0, cut=True)])
    _, sources = trails_of(study, {})
    (source,) = (one for one in sources if one.id == "trial TC")
    assert source.tables[0].rows[0][-2:] == ("–", "cut by the window's edge")
