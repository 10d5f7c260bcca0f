"""Exports of BORIS: tabular events of now and before, and aggregated ones."""

from pathlib import Path

import pytest

from littermate.errors import TableError
from littermate.formats.boris_events import is_boris, read_boris_events
from littermate.formats.scored_bouts import TableClock

GOLDEN = Path(__file__).parent / "golden"
CLOCK = TableClock(t0_s=2.0, scored_s=(5.0, 30.0))


@pytest.mark.parametrize("name", ["tabular.csv", "older_tabular.tsv", "aggregated.csv"])
def test_golden_exports_give_the_same_trial(name: str) -> None:
    assert is_boris(GOLDEN / name)
    trial = read_boris_events(GOLDEN / name, CLOCK)[0]
    assert (trial.video, trial.animal, trial.scored_s) == ("a.mp4", "m1", ((5, 30),))
    assert [(bout.behaviour, bout.start_s, bout.stop_s) for bout in trial.bouts] == [("Floating", 8.5, 12.25)]


def test_without_a_subject_the_observation_is_the_animal() -> None:
    second = read_boris_events(GOLDEN / "tabular.csv", CLOCK)[1]
    assert (second.video, second.animal) == ("b.mp4", "swim-2")


def test_a_table_of_bouts_is_no_export() -> None:
    assert not is_boris(GOLDEN.parents[1] / "scored_bouts" / "golden" / "two_trials.csv")


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("a.mp4,m1,Floating,START,1.0", "without an end"),
        ("a.mp4,m1,Floating,STOP,1.0", "STOP of Floating"),
        ("a.mp4,m1,Floating,START,1.0\na.mp4,m1,Floating,START,2.0\na.mp4,m1,Floating,STOP,3.0", "START of Floating"),
        ("a.mp4,m1,Floating,START,NA\n", "at 'NA'"),
    ],
)
def test_events_without_a_partner_are_named(tmp_path, rows: str, found: str) -> None:
    path = tmp_path / "events.csv"
    path.write_text("Media file name,Subject,Behavior,Behavior type,Time\n" + rows + "\n", encoding="utf-8")
    with pytest.raises(TableError) as fault:
        read_boris_events(path, CLOCK)
    assert any(found in complaint.found for complaint in fault.value.complaints)


def test_what_was_scored_must_be_said_and_the_clock_is_the_recording_s() -> None:
    with pytest.raises(TableError, match="scored_from_s"):
        read_boris_events(GOLDEN / "tabular.csv")
    with pytest.raises(TableError, match="trial clock"):
        read_boris_events(GOLDEN / "tabular.csv", TableClock(zero="trial", scored_s=(0.0, 9.0)))
