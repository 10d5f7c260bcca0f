"""A person's table of bouts: the golden file, and each way in which a table can be wrong."""

from pathlib import Path

import pytest

from littermate.errors import TableError, UsageError
from littermate.formats.scored_bouts import TableClock, read_scored_bouts

GOLDEN = Path(__file__).parent / "golden"
HEAD = "video,animal,behaviour,start_s,stop_s,scored_from_s,scored_to_s"


def read(tmp_path: Path, *rows: str, head: str = HEAD, clock: TableClock | None = None):
    path = tmp_path / "scores.csv"
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return read_scored_bouts(path, clock)


def test_golden_times_come_to_the_trial_clock() -> None:
    first, second = read_scored_bouts(GOLDEN / "two_trials.csv")
    assert [(bout.behaviour, bout.start_s, bout.stop_s, bout.scorer) for bout in first.bouts] == [
        ("immobile", 60.5, 67, "anna"),
        ("swimming", 67, 75, "anna"),
    ]
    assert (first.video, first.animal, first.t0_s, first.scored_s) == ("a.mp4", "m1", 5, ((60, 80),))
    assert (second.video, second.bouts, second.scored_s) == ("b.mp4", (), ((60, 80),))


def test_semicolons_with_decimal_commas_and_a_byte_order_mark(tmp_path) -> None:
    path = tmp_path / "scores.csv"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.replace(",", ";").encode() + b"\na;m1;immobile;1,5;3,25;0;10\n")
    (trial,) = read_scored_bouts(path)
    assert (trial.bouts[0].start_s, trial.bouts[0].stop_s) == (1.5, 3.25)


def test_the_trial_clock_and_what_the_call_says(tmp_path) -> None:
    clock = TableClock(zero="trial", t0_s=7.0, scored_s=(2.0, 20.0))
    (trial,) = read(tmp_path, "a,m1,immobile,3,5", head=HEAD.removesuffix(",scored_from_s,scored_to_s"), clock=clock)
    assert (trial.t0_s, trial.bouts[0].start_s, trial.scored_s) == (7, 3, ((2, 20),))
    (trial,) = read(tmp_path, "a,m1,immobile,10,12,9,27", clock=TableClock(t0_s=7.0))
    assert (trial.bouts[0].start_s, trial.scored_s) == (3, ((2, 20),))


def test_several_animals_in_a_picture_need_a_place_each(tmp_path) -> None:
    head = HEAD + ",arena"
    one, two = read(tmp_path, "a,m1,immobile,1,2,0,9,0 0 50 90", "a,m2,immobile,1,2,0,9,50 0 50 90", head=head)
    assert (one.arena_px, two.arena_px) == ((0, 0, 50, 90), (50, 0, 50, 90))
    with pytest.raises(TableError, match="place of each of the 2 animals"):
        read(tmp_path, "a,m1,immobile,1,2,0,9", "a,m2,immobile,1,2,0,9")


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (["a,m1,immobile,5,3,0,9"], "'5' to '3'"),
        (["a,m1,immobile,five,6,0,9"], "'five'"),
        (["a,m1,,1,2,0,9"], "behaviour ''"),
        (["a,m1,immobile,,,0,9"], "behaviour 'immobile'"),
        ([",m1,immobile,1,2,0,9"], "none"),
        (["a,m1,immobile,1,4,0,9", "a,m1,climbing,3,5,0,9"], "immobile until 4 s and climbing from 3 s"),
        (["a,m1,immobile,1,4,0,9", "a,m1,immobile,5,6,5,12"], "0 to 9 s, 5 to 12 s"),
        (["a,m1,immobile,1,2,,"], "time that nobody scored would count as mobile"),
        ([], "no row"),
    ],
)
def test_what_cannot_be_meant_is_said(tmp_path, rows, found) -> None:
    with pytest.raises(TableError) as fault:
        read(tmp_path, *rows)
    assert any(found in complaint.found for complaint in fault.value.complaints)


def test_complaints_are_collected_with_their_lines(tmp_path) -> None:
    with pytest.raises(TableError) as fault:
        read(tmp_path, "a,m1,immobile,5,3,0,9", "a,m1,immobile,7,x,0,9")
    assert {complaint.where.rpartition(", ")[2] for complaint in fault.value.complaints} == {"line 2", "line 3"}


def test_two_scorers_of_one_trial_are_refused(tmp_path) -> None:
    with pytest.raises(TableError, match="one scorer"):
        read(tmp_path, "a,m1,immobile,1,2,0,9,x", "a,m1,immobile,3,4,0,9,y", head=HEAD + ",scorer")


def test_files_that_are_no_such_table(tmp_path) -> None:
    with pytest.raises(TableError, match="columns animal, behaviour"):
        read(tmp_path, head="time,state")
    (tmp_path / "book.csv").write_bytes(b"PK\x03\x04\0")
    with pytest.raises(TableError, match="plain text"):
        read_scored_bouts(tmp_path / "book.csv")
    with pytest.raises(TableError, match="no such file"):
        read_scored_bouts(tmp_path / "none.csv")
    with pytest.raises(UsageError, match="starts with the"):
        TableClock(zero="wall")
    with pytest.raises(UsageError, match="scored stretch"):
        TableClock(scored_s=(5.0, 5.0))
