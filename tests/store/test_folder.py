"""A study folder is made whole or not at all."""

from pathlib import Path

import pytest

from littermate.errors import StoreError, UsageError
from littermate.store.folder import create_study, find_study


def test_a_new_folder(tmp_path: Path) -> None:
    folder = create_study(tmp_path / "new" / "pilot", "ketamine-diet")
    names = {path.name for path in folder.root.iterdir()}
    assert names == {"study.toml", "animals.csv", "arrive.toml", "recordings", "blots", "plates", "tracks", "report"}
    assert find_study(folder.root) == folder
    assert [path.name for path in folder.root.parent.iterdir()] == ["pilot"]


def test_an_empty_folder_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pilot").mkdir()
    monkeypatch.chdir(tmp_path / "pilot")
    create_study(".", "ketamine-diet")
    assert Path("study.toml").is_file()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="a folder with something in it"):
        create_study(tmp_path, "ketamine-diet")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_unknown_template_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        create_study(tmp_path / "pilot", "ketamin")
    assert list(tmp_path.iterdir()) == []


def test_no_study_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="littermate new"):
        find_study(tmp_path)
    with pytest.raises(StoreError, match="no such folder"):
        find_study(tmp_path / "nowhere")
