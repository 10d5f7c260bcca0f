"""Whose file is this: told by a table, or by the file's name; never guessed."""

from pathlib import Path

import pytest

from littermate.errors import TableError
from littermate.store.manifests import read_lanes, read_plates, read_recordings

NAMES = {"cx7qm": "CX7QM", "kf9rt": "KF9RT", "m01": "CX7QM", "2": "KF9RT"}


def film(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).touch()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("CX7QM.mp4", "CX7QM"),
        ("2026-04-2_cx7qm_fst.AVI", "CX7QM"),
        ("M01 day 2.mp4", "CX7QM"),
        ("2.mp4", "KF9RT"),
    ],
)
def test_an_animal_is_told_by_the_files_name(tmp_path: Path, name: str, code: str) -> None:
    film(tmp_path, name, "notes.txt")
    assert [row.code for row in read_recordings(tmp_path, NAMES)] == [code]


@pytest.mark.parametrize("name", ["mouse.mp4", "day 2.mp4", "CX7QM and KF9RT.mp4"])
def test_a_name_of_none_or_two_is_refused(tmp_path: Path, name: str) -> None:
    film(tmp_path, name)
    with pytest.raises(TableError, match="one animal of this study"):
        read_recordings(tmp_path, NAMES)


def test_two_files_of_one_animal_are_refused(tmp_path: Path) -> None:
    film(tmp_path, "CX7QM.mp4", "CX7QM-2.mp4")
    with pytest.raises(TableError, match="one recording an animal"):
        read_recordings(tmp_path, NAMES)


def test_a_table_goes_before_names_and_reports_every_fault(tmp_path: Path) -> None:
    film(tmp_path, "a.mp4", "b.mp4")
    table = tmp_path / "recordings.csv"
    table.write_text("file,code,t0_s,x,y,width,height\na.mp4,CX7QM,1.5,,,,\nb.mp4,M01X,,,,,\nc.mp4,KF9RT,,,,,\n")
    with pytest.raises(TableError) as caught:
        read_recordings(tmp_path, NAMES)
    assert [complaint.where[-6:] for complaint in caught.value.complaints] == ["line 3", "line 4"]
    table.write_text("file,code,t0_s,x,y,width,height\na.mp4,M01,1.5,,,,\nb.mp4,KF9RT,,10,20,100,200\n")
    first, second = read_recordings(tmp_path, NAMES)
    assert (first.code, first.t0_s, first.arena_px) == ("CX7QM", 1.5, None)
    assert second.arena_px == (10, 20, 100, 200)


def test_lanes_come_by_image(tmp_path: Path) -> None:
    film(tmp_path, "a.tif")
    table = tmp_path / "lanes.csv"
    head = "image,target,region,membrane,lane,code\n"
    table.write_text(head + "a.tif,BDNF,PFC,1,2,CX7QM\na.tif,BDNF,PFC,1,1,control\na.tif,BDNF,PFC,1,3,ladder\n")
    (image,) = read_lanes(table, NAMES)
    assert image.lanes == ((1, "control"), (2, "CX7QM"), (3, "ladder"))
    table.write_text(head + "a.tif,BDNF,PFC,1,2,CX7QM\na.tif,BDNF,PFC,1,2,KF9RT\n")
    with pytest.raises(TableError, match="lane 2 twice"):
        read_lanes(table, NAMES)


def test_a_missing_column_and_an_unknown_kind_are_named(tmp_path: Path) -> None:
    film(tmp_path, "a.csv")
    table = tmp_path / "plates.csv"
    table.write_text("file,kind\na.csv,bca\n")
    with pytest.raises(TableError, match="add region"):
        read_plates(table)
    table.write_text("file,kind,region\na.csv,western,PFC\n")
    with pytest.raises(TableError, match="bca or elisa"):
        read_plates(table)


def test_a_dilution_series_is_read_with_its_amounts(tmp_path: Path) -> None:
    film(tmp_path, "a.tif")
    table = tmp_path / "lanes.csv"
    head = "image,target,region,membrane,lane,code\n"
    table.write_text(head + "a.tif,BDNF,PFC,1,1,Dilution 1.0\na.tif,BDNF,PFC,1,2,dilution  .5\n")
    (image,) = read_lanes(table, NAMES)
    assert image.lanes == ((1, "dilution 1"), (2, "dilution 0.5"))
    table.write_text(head + "a.tif,BDNF,PFC,1,1,dilution 0\na.tif,BDNF,PFC,1,2,dilution\n")
    with pytest.raises(TableError) as caught:
        read_lanes(table, NAMES)
    assert len(caught.value.complaints) == 2
